/* SPDX-License-Identifier: ISC */
/*
 * Each allocation fails in turn, those of the libraries included.
 */
#include "config.h"

#include <errno.h>

#include <check.h>

#include "calls.h"
#include "suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SAMPLE = 25 };

static const struct rig_kind kinds[] = {
    {.name = "clear",
	.script = {.capabilities = "PIPELINING\nSIZE\n8BITMIME\nSMTPUTF8"}},
    {.name = "not now",
	.script = {.overrides = {{PEER_DOT, .bytes = "451 not now\r\n"}}}},
    {.name = "resolved",
	.script = {.overrides = {{PEER_RCPT, .bytes = "450 not you\r\n"}}},
	.dns = true},
    {.name = "tls",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "0\n"},
    {.name = "verified",
	.script = {.capabilities = "STARTTLS"},
	.dns = true,
	.strictness = "2\n"},
};

static const struct calls_row rows[] = {
    {FAULT_malloc, {ENOMEM}},
    {FAULT_calloc, {ENOMEM}},
    {FAULT_realloc, {ENOMEM}},
};

START_TEST(allocation_fails)
{
	if (calls_possible())
		ck_assert_uint_eq(
		    calls_run(&kinds[_i], rows, COUNT(rows), SAMPLE), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault-memory");
	TCase *tcase = tcase_create("memory");

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 3600);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, allocation_fails, 0, COUNT(kinds));
	return suite_run(suite);
}
