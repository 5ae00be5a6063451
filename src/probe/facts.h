/* SPDX-License-Identifier: ISC */
/*
 * What the steps have found out, in the words that both forms of output share.
 * None of these names is translated: programs know them.
 */
#ifndef PROBE_FACTS_H
#define PROBE_FACTS_H

#include "probe/probe.h"
#include "session/turns.h"

/* How a server came out. */
enum facts_state {
	FACTS_BARRED,	   /* no delivery calls it */
	FACTS_PASSED_OVER, /* tcpto says so */
	FACTS_NOT_CALLED,
	FACTS_DROPPED, /* others were called in its place */
	FACTS_UNCONNECTED,
	FACTS_FAILED,
	FACTS_READY
};

enum facts_state facts_state(const struct trial *trial);
const char *facts_state_name(enum facts_state state);

const char *facts_route_name(enum route_kind kind);
const char *facts_tls_name(enum demand_tls tls);
const char *facts_check_name(enum demand_check check);
const char *facts_mode_name(enum sts_mode mode);
const char *facts_start_name(enum policy_start start);
const char *facts_tlsa_name(enum tlsa_status status);
const char *facts_verdict_name(enum probe_verdict verdict);

/* In hexadecimal; the caller frees it. */
char *facts_hex(const unsigned char *bytes, size_t size);

/* The words of a line of tlspolicy, but for match= and pin=, each behind a
   blank; the caller frees it. */
char *facts_policy_words(const struct policy *policy);

/* The lines of a turn's reply, without their ends. */
struct facts_lines {
	char **list; /* secrets masked, long lines cut; otherwise raw */
	size_t count;
	size_t more; /* lines beyond those */
};

struct facts_lines facts_heard(
    const struct turn *turn, const struct opening *opening);

/* The same without the codes of replies, and the first line: extensions. */
struct facts_lines facts_extensions(const struct opening *opening);

void facts_free(struct facts_lines *lines);

#endif
