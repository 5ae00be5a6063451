/* SPDX-License-Identifier: ISC */
/*
 * What the tests of fetching share: a home, certificates, a DNS server that
 * knows mta-sts.a.test, a policy host, and one question about a.test.
 */
#ifndef STAND_H
#define STAND_H

#include "dns.h"
#include "home.h"
#include "https.h"
#include "sts/fetch.h"

#define STAND_POLICY                                                           \
	"version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 604800\n"
#define STAND_RUN "run/qmail-remote"
#define STAND_FILE STAND_RUN "/mta-sts/a.test"

struct stand {
	struct home home;
	struct dns *dns;
	struct https *https;
	struct settings settings;
	struct source source;
	struct text text; /* the TXT record */
	struct texts texts;
	struct sts_question question;

	/* Of the last question. */
	struct sts sts;
	struct failure failure;
	bool good;
};

/*
 * Makes all but the policy host.  Certificates are there by name: good,
 * wildcard, wrong, unnamed (its common name alone is right), expired, early,
 * selfsigned, client (its purpose), anyuse (it states none), ed25519 and rsa
 * (their keys), other (of a CA in other.pem).
 */
void stand_make(struct stand *stand);

/* In place of the DNS server that there is. */
void stand_zone(struct stand *stand, const char *zone);

/* A policy host in place of the one that there is, with that certificate. */
void stand_serve(struct stand *stand, const char *certificate,
    const struct https_options *options);

/* The TXT record with that id; NULL: none. */
void stand_record(struct stand *stand, const char *id);

/* Asks, for what was found before to be forgotten. */
void stand_ask(struct stand *stand);

/* Asks, and fails the test unless that is what comes of it. */
void stand_expect_policy(struct stand *stand, enum sts_origin origin);
void stand_expect_none(struct stand *stand, const char *why);

/* Puts an executable script in place of qmail-remote-sts. */
void stand_script(struct stand *stand, const char *text);

/* What the cache has for a.test, as of so many seconds ago. */
void stand_cache(struct stand *stand, const char *id, long age,
    const char *policy, const char *failed_id, long failed_age);

#endif
