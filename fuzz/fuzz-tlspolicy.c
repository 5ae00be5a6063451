/* SPDX-License-Identifier: ISC */
/*
 * Policies.  The input: a next hop, and control/tlspolicy.  What is found is
 * what its words may mean together, and reads the same once it is written
 * again; a mistake names its line.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dns/domain.h"
#include "home.h"
#include "route/policy.h"
#include "tls/names.h"
#include "xalloc.h"

static const struct settings settings = {.strictness = TLS_VERIFIED};

/* Appends the two, and frees what was there. */
static void add(char **text, const char *format, const char *more)
{
	char *word = xasprintf(format, more);
	char *longer = xasprintf("%s%s", *text, word);

	free(word);
	free(*text);
	*text = longer;
}

static void add_pin(char **text, const struct pin *pin)
{
	char digits[2 * CRITERIA_PIN_SIZE + 1];

	for (size_t i = 0; i < CRITERIA_PIN_SIZE; i++) {
		static const char hex[] = "0123456789abcdef";

		digits[2 * i] = hex[pin->sha256[i] >> 4];
		digits[2 * i + 1] = hex[pin->sha256[i] & 15];
	}
	digits[2 * CRITERIA_PIN_SIZE] = '\0';
	add(text, " pin=%s", digits);
}

/* A line for all next hops; the caller frees it. */
static char *write_line(const struct policy *policy)
{
	char *text = xasprintf(":%s", policy_level_name(policy->level));

	for (size_t i = 0; i < policy->match_count; i++)
		add(&text, " match=%s", policy->matches[i]);
	for (size_t i = 0; i < policy->pin_count; i++)
		add_pin(&text, &policy->pins[i]);
	if (policy->start == POLICY_IMPLICIT)
		add(&text, "%s", " implicit");
	if (policy->start == POLICY_STARTTLS)
		add(&text, "%s", " starttls");
	add(&text, "%s", policy->requiretls ? " requiretls" : "");
	add(&text, "%s", policy->no_dane ? " nodane" : "");
	add(&text, "%s", policy->no_sts ? " nosts" : "");
	return text;
}

static void check_match(const char *match)
{
	const char *name =
	    strncmp(match, "*.", 2) == 0 ? match + 2 : match + (*match == '.');
	char *below = xasprintf("a.%s", name),
	     *deeper = xasprintf("b.%s", below);

	FUZZ_CHECK(domain_is_ascii_name(name));
	FUZZ_CHECK(strpbrk(name, "*:/\\[]@ \t") == NULL);
	FUZZ_CHECK(name_matches(name, match) == (match == name));
	FUZZ_CHECK(name_matches(below, match) == (match != name));
	FUZZ_CHECK(name_matches(deeper, match) == (*match == '.'));
	free(below);
	free(deeper);
}

static void check_policy(const struct policy *policy)
{
	enum policy_level level = policy->level;

	if (policy->line == 0) {
		FUZZ_CHECK(level == POLICY_VERIFY && policy->file == NULL);
		return;
	}
	FUZZ_CHECK((policy->pin_count > 0) == (level == POLICY_FINGERPRINT));
	FUZZ_CHECK(policy->match_count == 0 || level == POLICY_VERIFY ||
		   level == POLICY_SECURE);
	FUZZ_CHECK(level != POLICY_NONE ||
		   (!policy->requiretls && policy->start != POLICY_IMPLICIT));
	FUZZ_CHECK(!policy->no_dane ||
		   (level != POLICY_DANE && level != POLICY_DANE_ONLY));
	for (size_t i = 0; i < policy->match_count; i++)
		check_match(policy->matches[i]);
}

static void free_policy(struct policy *policy)
{
	for (size_t i = 0; i < policy->match_count; i++)
		free(policy->matches[i]);
	free(policy->matches);
	free(policy->pins);
	free((char *)policy->file);
}

/* Written again, and read in another place, it is the same. */
static void check_again(const struct policy *policy)
{
	char *line = write_line(policy), *again;
	struct failure failure;
	struct policy read;

	fuzz_home_control("tlspolicy", line, strlen(line));
	FUZZ_CHECK(
	    policy_find(&read, "a", &settings, "/nonexistent", &failure));
	again = write_line(&read);
	FUZZ_CHECK(strcmp(line, again) == 0);
	FUZZ_CHECK(read.line == 1);
	free(again);
	free(line);
	free_policy(&read);
}

static void check_failure(const struct failure *failure)
{
	FUZZ_CHECK(failure->class == FAILURE_TEMPORARY);
	fuzz_check_text(failure->text);
	FUZZ_CHECK(strstr(failure->text, "/control/tlspolicy, line ") != NULL);
}

int FUZZ_TARGET(tlspolicy)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	char *next_hop = fuzz_text(&input), *run;
	const char *home = fuzz_home_enter();
	struct policy policy, cached;
	struct failure failure;
	bool good;

	fuzz_home_control(
	    "tlspolicy", input.bytes, input.over ? 0 : input.size);
	good =
	    policy_find(&policy, next_hop, &settings, "/nonexistent", &failure);
	if (!good)
		check_failure(&failure);
	/* Another file of the same size within a tick would look the same. */
	unlink("run/tlspolicy.cdb");
	run = xasprintf("%s/run", home);
	FUZZ_CHECK(
	    policy_find(&cached, next_hop, &settings, run, &failure) == good);
	FUZZ_CHECK(cached.line == policy.line && cached.level == policy.level);
	if (good) {
		check_policy(&policy);
		check_again(&policy);
	}
	free_policy(&policy);
	free_policy(&cached);
	free(run);
	free(next_hop);
	fuzz_home_leave();
	return 0;
}
