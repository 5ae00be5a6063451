/* SPDX-License-Identifier: ISC */
/*
 * Deliveries with DANE: a server, what it shows, and what the DNS says of it,
 * as a row of a table that names what comes of it.
 */
#ifndef DANE_BENCH_H
#define DANE_BENCH_H

#include "tls-bench.h"

#define DANE_TLSA "_" SCENE_PORT "._tcp."
#define DANE_SIGNED "* * !signed\n"

enum { DANE_RECORDS = 6 };

struct dane_row {
	/*
	 * Which certificates the server shows, a letter for each: l for its
	 * own, c for the authority that the tests trust, i for one that c has
	 * made, s for a stranger.  NULL: "l".
	 */
	const char *shows;
	enum tls_identity identity; /* of l */
	/*
	 * TLSA records of owner, NULL standing for mx.a.test: whose certificate
	 * they are about, the three numbers, and x for a wrong last octet:
	 * "l311", "c200x".
	 */
	const char *records[DANE_RECORDS];
	const char *owner;
	/* NULL: TLS_ZONE, and all of it is signed. */
	const char *zone;

	const char *policy;	  /* of all, or NULL */
	const char *strictness;	  /* NULL: 0 */
	bool anchors;		  /* c is trusted */
	bool off;		  /* control/dane is 0 */
	const char *routes;	  /* smtproutes, with SCENE_PORT; or NULL */
	const char *host;	  /* NULL: a.test */
	const char *capabilities; /* NULL: STARTTLS */
	const char *under;	  /* those under TLS, or NULL */
	struct peer_override override;

	char verdict;
	const char *text;   /* of the report */
	bool clear;	    /* it may have gone in clear */
	bool impatient;	    /* of a resolver that does not answer */
	const char *visits; /* NULL: 127.0.0.2 once */
	const char *sni;    /* in the first connection; NULL: any */
	int questions;	    /* about TLSA; 0: any, -1: none */
};

/* Plays the row and fails the test unless it comes to what it says. */
void dane_bench_play(const struct dane_row *row);

#endif
