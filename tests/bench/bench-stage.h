/* SPDX-License-Identifier: ISC */
/*
 * What all measurements share: the programs to compare, each with a qmail
 * home, servers, trust anchors, and messages.
 */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench-series.h"
#include "bench-table.h"
#include "bench-sink.h"
#include "certs.h"
#include "home.h"

enum { STAGE_RECIPIENTS = 100, STAGE_TEXTS = 6 };

/* One of the programs. */
struct contender {
	const char *program; /* absolute */
	/* The home that is compiled into it; NULL: the environment says it. */
	const char *fixed_home;
	struct home home;
};

enum stage_server {
	STAGE_CLEAR,
	STAGE_TLS, /* STARTTLS */
	STAGE_RAW, /* no SMTP */
	STAGE_RAW_TLS,
	STAGE_SERVERS
};

enum stage_anchors {
	STAGE_NO_ANCHORS,
	STAGE_STRANGER, /* one that has not issued the server's certificate */
	STAGE_ONE,	/* the one that has */
	STAGE_BUNDLE,	/* that one among as many as platforms trust */
	STAGE_ANCHORS
};

enum stage_message { STAGE_SMALL, STAGE_LARGE, STAGE_MESSAGES };

struct stage {
	struct contender contenders[2]; /* the new one, the old one */
	size_t count;			/* of them */
	unsigned rounds;
	struct home files;
	char messages[STAGE_MESSAGES][HOME_PATH];
	double message_sizes[STAGE_MESSAGES]; /* in bytes */
	char anchors[STAGE_ANCHORS][HOME_PATH];
	struct cert *issuers[2];
	struct peer_tls *tls;
	struct sink *sinks[STAGE_SERVERS];
};

/* The contenders' programs and homes and the rounds are there already. */
void stage_make(struct stage *stage);
void stage_free(struct stage *stage);

/* A control file of all contenders; no text: there is none. */
void stage_control(
    const struct stage *stage, const char *name, const char *text);

/* All mail goes to that port of 127.0.0.1. */
void stage_route(const struct stage *stage, unsigned port);

/* The same for one of the servers; it has to be verified if it can be. */
void stage_serve(const struct stage *stage, enum stage_server server,
    enum stage_anchors anchors);

/* A delivery, ready to be run. */
struct stage_delivery {
	struct tree_command command;
	const char *arguments[STAGE_RECIPIENTS + 10];
	const char *environment[STAGE_TEXTS + 1];
	char texts[STAGE_TEXTS][HOME_PATH + 32];
};

struct stage_order {
	unsigned recipients; /* 0: one */
	enum stage_message message;
	unsigned count, at_once;   /* as in tree_command */
	const char *const *before; /* arguments before the program; or NULL */
	const char *dns;	   /* DNSCACHEIP; or NULL */
	unsigned port;		   /* of exchangers; 0: 25 */
};

/* The result must not be moved. */
void stage_deliver(struct stage_delivery *delivery, const struct stage *stage,
    size_t contender, const struct stage_order *order);

/* One series for each contender and, unless it is NULL, one for the floor. */
struct stage_result {
	struct trial trials[3];
	size_t count; /* of contenders */
};

/*
 * Adds to the result, which starts as zeros.  What is measured in several
 * blocks, in turn with others, can be compared with them.
 */
void stage_measure(const struct stage *stage, const struct stage_order *order,
    const struct tree_command *floor, enum series_quantity quantity,
    unsigned rounds, struct stage_result *result);

/* A row with the results, beside a floor or NULL. */
void stage_row(const struct stage_result *result, const char *label,
    const struct series *floor, enum table_target target, double limit);

/* The series of the floor that was measured with it. */
const struct series *stage_floor(const struct stage_result *result);

/* The path of a program of the benchmark; the caller frees it. */
char *stage_program(const char *name);

#endif
