/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mask.h"
#include "xalloc.h"

enum { LINES_MAX = 512, LINE_MAX_SHOWN = 1000, CODE = 4 };

enum facts_state facts_state(const struct trial *trial)
{
	if (trial->barred)
		return FACTS_BARRED;
	if (trial->tried)
		return trial->result == ATTEMPT_READY ? FACTS_READY
						      : FACTS_FAILED;
	switch (trial->call.state) {
	case DIAL_PASSED_OVER: return FACTS_PASSED_OVER;
	case DIAL_DROPPED: return FACTS_DROPPED;
	case DIAL_FAILED: return FACTS_UNCONNECTED;
	case DIAL_IDLE:
	case DIAL_CALLED:
	case DIAL_THERE: break;
	}
	return FACTS_NOT_CALLED;
}

const char *facts_state_name(enum facts_state state)
{
	static const char *const names[] = {
	    [FACTS_BARRED] = "barred",
	    [FACTS_PASSED_OVER] = "passed-over",
	    [FACTS_NOT_CALLED] = "not-called",
	    [FACTS_DROPPED] = "dropped",
	    [FACTS_UNCONNECTED] = "unconnected",
	    [FACTS_FAILED] = "failed",
	    [FACTS_READY] = "ready",
	};

	return names[state];
}

const char *facts_route_name(enum route_kind kind)
{
	static const char *const names[] = {
	    [ROUTE_NONE] = "mx",
	    [ROUTE_NAME] = "name",
	    [ROUTE_ADDRESS] = "address",
	};

	return names[kind];
}

const char *facts_tls_name(enum demand_tls tls)
{
	static const char *const names[] = {
	    [DEMAND_CLEAR] = "clear",
	    [DEMAND_TRY] = "try",
	    [DEMAND_TLS] = "required",
	};

	return names[tls];
}

const char *facts_check_name(enum demand_check check)
{
	static const char *const names[] = {
	    [CHECK_VERIFIED] = "verified",
	    [CHECK_NAMED] = "named",
	    [CHECK_PINNED] = "pinned",
	    [CHECK_TLSA] = "tlsa",
	    [CHECK_STS] = "mta-sts",
	};

	return names[check];
}

const char *facts_mode_name(enum sts_mode mode)
{
	static const char *const names[] = {
	    [STS_MODE_NONE] = "none",
	    [STS_MODE_TESTING] = "testing",
	    [STS_MODE_ENFORCE] = "enforce",
	};

	return names[mode];
}

const char *facts_tlsa_name(enum tlsa_status status)
{
	static const char *const names[] = {
	    [TLSA_NONE] = "none",
	    [TLSA_UNUSABLE] = "unusable",
	    [TLSA_RECORDS] = "records",
	    [TLSA_FAILED] = "failed",
	};

	return names[status];
}

const char *facts_verdict_name(enum probe_verdict verdict)
{
	static const char *const names[] = {
	    [PROBE_DELIVERS] = "delivers",
	    [PROBE_WAITS] = "waits",
	    [PROBE_BOUNCES] = "bounces",
	    [PROBE_MISCONFIGURED] = "misconfigured",
	};

	return names[verdict];
}

const char *facts_start_name(enum policy_start start)
{
	static const char *const names[] = {
	    [POLICY_START_BY_PORT] = "by-port",
	    [POLICY_IMPLICIT] = "implicit",
	    [POLICY_STARTTLS] = "starttls",
	};

	return names[start];
}

char *facts_policy_words(const struct policy *policy)
{
	bool told = policy->start != POLICY_START_BY_PORT;

	return xasprintf("%s%s%s%s%s", told ? " " : "",
	    told ? facts_start_name(policy->start) : "",
	    policy->requiretls ? " requiretls" : "",
	    policy->no_dane ? " nodane" : "", policy->no_sts ? " nosts" : "");
}

char *facts_hex(const unsigned char *bytes, size_t size)
{
	char *text = xcalloc(size + 1, 2);

	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

/* What a server wants us to prove, or proves itself, is for nobody else. */
static bool is_challenge(
    const struct turn *turn, const char *line, size_t length)
{
	return turn->secret && length > CODE && strncmp(line, "334", 3) == 0;
}

/*
 * A copy of so much as is shown, from which nobody learns a secret.  Where a
 * line has no end what stands there may be the beginning of one.
 */
static char *copy_line(
    const char *line, size_t length, bool ended, const struct opening *opening)
{
	bool cut = length > LINE_MAX_SHOWN;
	char *copy;

	if (cut)
		length = LINE_MAX_SHOWN;
	ended = ended && !cut;
	copy = xcalloc(length + sizeof "...", 1);
	for (size_t i = 0; i < length; i++)
		copy[i] = line[i] != '\0' ? line[i] : '?';
	if (ended)
		copy[length++] = '\n';
	length = mask_apply(&opening->mask, copy, length) - ended;
	memcpy(copy + length, cut ? "..." : "", cut ? sizeof "..." : 1);
	return copy;
}

struct facts_lines facts_heard(
    const struct turn *turn, const struct opening *opening)
{
	struct facts_lines lines = {0};
	size_t left = turn != NULL ? turn->length : 0;
	const char *at = turn != NULL ? turn->heard : NULL;

	lines.list = xcalloc(LINES_MAX, sizeof *lines.list);
	while (left > 0) {
		const char *end = memchr(at, '\n', left);
		size_t size = end != NULL ? (size_t)(end - at) + 1 : left;
		size_t length = size - (end != NULL);

		if (length > 0 && at[length - 1] == '\r')
			length--;
		if (lines.count < LINES_MAX)
			lines.list[lines.count++] = copy_line(at,
			    is_challenge(turn, at, length) ? CODE : length,
			    end != NULL, opening);
		else
			lines.more++;
		at += size;
		left -= size;
	}
	return lines;
}

struct facts_lines facts_extensions(const struct opening *opening)
{
	const struct turn *turn = turns_find(opening->turns, "EHLO");
	bool last = turn != NULL && turn->call == opening->turns->calls;
	struct facts_lines lines = facts_heard(last ? turn : NULL, opening);
	size_t kept = 0;

	for (size_t i = 0; i < lines.count; i++) {
		char *line = lines.list[i];
		size_t length = strlen(line);

		if (i > 0 && length > CODE && strncmp(line, "250", 3) == 0)
			lines.list[kept++] = xstrdup(line + CODE);
		free(line);
	}
	lines.count = kept;
	return lines;
}

void facts_free(struct facts_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->list[i]);
	free(lines->list);
	*lines = (struct facts_lines){0};
}
