/* SPDX-License-Identifier: ISC */
/*
 * Policies of MTA-STS: what is read is within bounds, and means the same when
 * it is written anew.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "sts/policy.h"
#include "xalloc.h"

static void check_bounds(const struct sts_policy *policy)
{
	FUZZ_CHECK(policy->max_age >= 0 && policy->max_age <= STS_MAX_AGE);
	FUZZ_CHECK(policy->mode == STS_MODE_NONE || policy->mx_count > 0);
	for (size_t i = 0; i < policy->mx_count; i++) {
		const char *name = policy->mx[i];

		FUZZ_CHECK(fuzz_is_printable(name, strlen(name)));
		FUZZ_CHECK(strlen(name) > 0 && strlen(name) <= 255);
		FUZZ_CHECK(strchr(name + 1, '*') == NULL);
		FUZZ_CHECK(strstr(name, "..") == NULL);
	}
}

/* A name matches itself, "*." one label more, and not two. */
static void check_names(const struct sts_policy *policy)
{
	for (size_t i = 0; i < policy->mx_count && i < 8; i++) {
		const char *name = policy->mx[i];
		bool any = name[0] == '*';
		char *one = xasprintf("%s%s", any ? "x" : "", name + any);
		char *two = xasprintf("y.%s", one);
		struct sts_policy alone = {.mx = policy->mx + i, .mx_count = 1};

		FUZZ_CHECK(sts_policy_names(&alone, one));
		FUZZ_CHECK(!sts_policy_names(&alone, two));
		FUZZ_CHECK(!any || !sts_policy_names(&alone, name + 2));
		free(one);
		free(two);
	}
}

static char *write_policy(const struct sts_policy *policy)
{
	static const char *const modes[] = {"none", "testing", "enforce"};
	char *text = xasprintf("version: STSv1\r\nmode: %s\r\nmax_age: %ld\r\n",
	    modes[policy->mode], policy->max_age);

	for (size_t i = 0; i < policy->mx_count && i < 64; i++) {
		char *longer = xasprintf("%smx: %s\r\n", text, policy->mx[i]);

		free(text);
		text = longer;
	}
	return text;
}

static void check_again(const struct sts_policy *policy)
{
	char *text = write_policy(policy);
	struct sts_policy again;

	FUZZ_CHECK(sts_policy_read(&again, text, strlen(text)));
	FUZZ_CHECK(again.mode == policy->mode);
	FUZZ_CHECK(again.max_age == policy->max_age);
	for (size_t i = 0; i < again.mx_count; i++)
		FUZZ_CHECK(strcmp(again.mx[i], policy->mx[i]) == 0);
	sts_policy_free(&again);
	free(text);
}

int FUZZ_TARGET(sts_policy)(const uint8_t *bytes, size_t size)
{
	struct sts_policy policy;

	if (!sts_policy_read(&policy, (const char *)bytes, size)) {
		FUZZ_CHECK(policy.mx == NULL && policy.mx_count == 0);
		return 0;
	}
	check_bounds(&policy);
	check_names(&policy);
	check_again(&policy);
	sts_policy_free(&policy);
	return 0;
}
