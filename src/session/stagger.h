/* SPDX-License-Identifier: ISC */
/*
 * Which server is called when: one after the other, not waiting long for those
 * that keep silent, and few at a time (in the manner of RFC 8305).  Rules
 * alone, without sockets and without a clock: times are milliseconds of
 * whoever asks.
 */
#ifndef SESSION_STAGGER_H
#define SESSION_STAGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "servers/exchanger.h"

enum {
	STAGGER_MAX = 4, /* connects under way at a time */
	/* From a call to the next one, as long as none of them has failed. */
	STAGGER_SAME_MS = 250,	  /* another address of the exchanger */
	STAGGER_EQUAL_MS = 2000,  /* an exchanger of equal preference */
	STAGGER_WORSE_MS = 10000, /* one of worse preference */
};

/* A connect under way. */
struct stagger_call {
	size_t server; /* its index */
	int64_t at;    /* when it began */
};

struct stagger {
	const struct servers *servers;
	int64_t patience; /* for one connect */
	int64_t end;	  /* from then on nothing is under way */
	size_t next;	  /* the first server that was not yet due */
	struct stagger_call last;
	bool at_once; /* a connect has failed since the last call */
	struct stagger_call calls[STAGGER_MAX]; /* the oldest first */
	size_t count;
};

enum stagger_step {
	STAGGER_CALL,	/* server is due: stagger_call or stagger_pass_over */
	STAGGER_EXPIRE, /* server has had its time: stagger_failed */
	STAGGER_WAIT,	/* till until, or till one of those under way ends */
	STAGGER_OVER	/* nothing is left to do, or the end has come */
};

struct stagger_advice {
	enum stagger_step step;
	size_t server;
	int64_t until;
};

/*
 * Starts before the first server; the list stays the caller's.  patience and
 * end are INT64_MAX where there is no limit.
 */
void stagger_start(struct stagger *stagger, const struct servers *servers,
    int64_t patience, int64_t end);

/* What is to be done now; doing it is said by one of the calls below. */
struct stagger_advice stagger_ask(const struct stagger *stagger, int64_t now);

/*
 * The server that is due is called.  Returns true where there are too many
 * under way, with the oldest one, which is to be closed and is forgotten.
 */
bool stagger_call(struct stagger *stagger, int64_t now, size_t *oldest);

/* The server that is due is not called at all. */
void stagger_pass_over(struct stagger *stagger);

/* A connect came to nothing: the next server is due at once. */
void stagger_failed(struct stagger *stagger, size_t server);

/* A connect is there, and no longer under way. */
void stagger_succeeded(struct stagger *stagger, size_t server);

/* A server under way is called anew. */
void stagger_renew(struct stagger *stagger, size_t server, int64_t now);

#endif
