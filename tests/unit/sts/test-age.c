/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/age.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { NOW = 1700000000, DAY = 24 * 60 * 60, WEEK = 7 * DAY };
enum { NO_POLICY = -1 };

#define NOTHING STS_STEP_NOTHING
#define USE STS_STEP_USE
#define FETCH STS_STEP_FETCH

static const struct form {
	const char *id; /* of TXT, or NULL */
	long max_age;	/* of the policy, or NO_POLICY */
	const char *cached_id;
	long fetched; /* ago */
	const char *failed_id;
	long failed; /* ago */
	enum sts_step step;
} forms[] = {
    /* Nothing is cached. */
    {NULL, NO_POLICY, "", NOW, "", NOW, NOTHING},
    {"1", NO_POLICY, "", NOW, "", NOW, FETCH},
    /* After a fetch that failed. */
    {"1", NO_POLICY, "", NOW, "1", 0, NOTHING},
    {"1", NO_POLICY, "", NOW, "1", 299, NOTHING},
    {"1", NO_POLICY, "", NOW, "1", 300, FETCH},
    {"2", NO_POLICY, "", NOW, "1", 0, FETCH},
    {NULL, NO_POLICY, "", NOW, "1", 0, NOTHING},
    /* A policy that is valid, and is not yet a day old. */
    {"1", WEEK, "1", 0, "", NOW, USE},
    {"1", WEEK, "1", DAY, "", NOW, USE},
    {NULL, WEEK, "1", 0, "", NOW, USE},
    {"2", WEEK, "1", 0, "", NOW, FETCH},
    {"2", WEEK, "1", 0, "2", 299, USE},
    {"2", WEEK, "1", 0, "2", 300, FETCH},
    {"1", WEEK, "1", 60, "1", 30, USE},
    /* Older than a day. */
    {"1", WEEK, "1", DAY + 1, "", NOW, FETCH},
    {"1", WEEK, "1", DAY + 1, "1", 10, USE},
    {"1", WEEK, "1", DAY + 1, "2", 10, FETCH},
    {NULL, WEEK, "1", DAY + 1, "", NOW, USE},
    {NULL, WEEK, "1", WEEK, "", NOW, USE},
    {"1", WEEK, "1", WEEK, "1", 10, USE},
    /* Not valid any more. */
    {"1", WEEK, "1", WEEK + 1, "", NOW, FETCH},
    {"1", WEEK, "1", WEEK + 1, "1", 10, NOTHING},
    {NULL, WEEK, "1", WEEK + 1, "", NOW, NOTHING},
    {"1", 60, "1", 60, "", NOW, USE},
    {"1", 60, "1", 61, "", NOW, FETCH},
    {NULL, 60, "1", 61, "", NOW, NOTHING},
    /* Only for the delivery that fetched it. */
    {"1", 0, "1", 0, "", NOW, FETCH},
    {NULL, 0, "1", 0, "", NOW, NOTHING},
    /* The clock was ahead once: asked for anew, and used until then. */
    {"1", WEEK, "1", -1, "", NOW, FETCH},
    {"1", WEEK, "1", -100L * WEEK, "", NOW, FETCH},
    {"1", WEEK, "1", -100L * WEEK, "1", 10, USE},
    {NULL, WEEK, "1", -100L * WEEK, "", NOW, USE},
    {"1", NO_POLICY, "", NOW, "1", -1, FETCH},
    {"1", NO_POLICY, "", NOW, "1", -100L * WEEK, FETCH},
    {"1", 60, "1", 61, "1", -1, FETCH},
};

START_TEST(form)
{
	const struct form *given = &forms[_i];
	struct sts_policy policy = {
	    .mode = STS_MODE_ENFORCE, .max_age = given->max_age};
	struct sts_entry entry = {
	    .fetched = NOW - given->fetched, .failed = NOW - given->failed};
	bool has = given->max_age != NO_POLICY;

	snprintf(entry.id, sizeof entry.id, "%s", given->cached_id);
	snprintf(
	    entry.failed_id, sizeof entry.failed_id, "%s", given->failed_id);
	ck_assert_int_eq(
	    sts_age_step(&entry, has ? &policy : NULL, given->id, NOW),
	    given->step);
}
END_TEST

/* Whatever a file may say. */
START_TEST(extremes)
{
	static const int64_t times[] = {
	    INT64_MIN, INT64_MIN + 1, -1, INT64_MAX};
	struct sts_policy policy = {.max_age = WEEK};

	for (int i = 0; i < COUNT(times); i++) {
		struct sts_entry entry = {.id = "1",
		    .failed_id = "1",
		    .fetched = times[i],
		    .failed = times[i]};

		ck_assert_int_eq(
		    sts_age_step(&entry, &policy, "1", NOW), STS_STEP_FETCH);
	}
}
END_TEST

SUITE("sts_age")
{
	tcase_add_loop_test(tcase, form, 0, COUNT(forms));
	tcase_add_test(tcase, extremes);
}
