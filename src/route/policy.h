/* SPDX-License-Identifier: ISC */
/*
 * control/tlspolicy: what a next hop has to show before it gets mail.  Lines
 * "key:level [word ...]" are found as those of smtproutes are, but that no key
 * may stand there twice.
 */
#ifndef ROUTE_POLICY_H
#define ROUTE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "keyed.h"
#include "route/criteria.h"
#include "route/settings.h"

enum policy_level {
	POLICY_NONE,	    /* STARTTLS is not used */
	POLICY_MAY,	    /* as tlsstrictness 0 */
	POLICY_PREFER,	    /* as tlsstrictness 1 */
	POLICY_ENCRYPT,	    /* a handshake, whatever the certificate */
	POLICY_VERIFY,	    /* as tlsstrictness 2, or a name of match= */
	POLICY_SECURE,	    /* the next hop's name, or a name of match= */
	POLICY_FINGERPRINT, /* a key of pin= */
	POLICY_DANE,	    /* DANE where there are records, else as MAY */
	POLICY_DANE_ONLY    /* DANE or nothing */
};

enum policy_start {
	POLICY_START_BY_PORT, /* TLS from the first byte on port 465 */
	POLICY_IMPLICIT,      /* TLS from the first byte */
	POLICY_STARTTLS
};

/* SHA-256 of the DER SubjectPublicKeyInfo of a server's key. */
struct pin {
	unsigned char sha256[CRITERIA_PIN_SIZE];
};

/* How many names, and how many pins, a line may have. */
enum { POLICY_WORDS_MAX = 1000 };

struct policy {
	enum policy_level level;
	/* Names in place of the level's own, patterns of tls/names.h: A-labels
	   in lower case; only with VERIFY and SECURE. */
	char **matches;
	size_t match_count;
	struct pin *pins; /* at least one with FINGERPRINT, else none */
	size_t pin_count;
	enum policy_start start;
	bool requiretls, no_dane, no_sts;
	const char *file;   /* full path of tlspolicy; NULL: no line */
	unsigned long line; /* 0: no line, the level is tlsstrictness's */
};

/*
 * Finds the policy for next_hop, in the form of route_next_hop.  It lives as
 * long as the process.  Returns false with a temporary failure that names file,
 * line and reason when tlspolicy cannot be read, or when the line for this next
 * hop makes no sense; whether trustanchors are there is not looked at.
 */
bool policy_find(struct policy *policy, const char *next_hop,
    const struct settings *settings, const char *run_directory,
    struct failure *failure);

/*
 * For mail whose policy rests on trust anchors: whether there are any.  Returns
 * false with a temporary failure that names where the level comes from.
 */
bool policy_have_anchors(const struct policy *policy,
    const struct settings *settings, struct failure *failure);

/* The file that policies stand in. */
const struct keyed_file *policy_file(void);

/*
 * Reads a line of it.  Returns false with a temporary failure when it makes no
 * sense.
 */
bool policy_read_line(struct policy *policy, const struct keyed_line *line,
    struct failure *failure);

/* The level as tlspolicy has it: "may", "dane-only". */
const char *policy_level_name(enum policy_level level);

#endif
