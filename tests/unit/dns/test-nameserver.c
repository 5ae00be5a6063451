/* SPDX-License-Identifier: ISC */
/* Which servers are asked; DNSCACHEIP's forms are in e2e/resolve-trouble. */
#include "config.h"

#include "dns/nameserver.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static const struct form {
	const char *text, *form; /* NULL: none */
} forms[] = {
    {"127.0.0.1", "127.0.0.1"},
    {"127.0.0.1:53", "127.0.0.1:53"},
    {"[127.0.0.1]:5353", "127.0.0.1:5353"},
    {"::1", "::1"},
    {"[::1]", "::1"},
    {"[::1]:5353", "[::1]:5353"},
    {"[::ffff:127.0.0.1]:53", "127.0.0.1:53"},
    {"2001:DB8::1", "2001:db8::1"},
    {"", NULL},
    {" ", NULL},
    {"127.0.0.1:", NULL},
    {"127.0.0.1:0", NULL},
    {"127.0.0.1:65536", NULL},
    {"127.0.0.1,127.0.0.2", NULL},
    {"[::1", NULL},
    {"localhost", NULL},
};

START_TEST(for_ares)
{
	char *form = nameserver_for_ares(forms[_i].text);

	if (forms[_i].form == NULL)
		ck_assert_ptr_null(form);
	else
		ck_assert_str_eq(form, forms[_i].form);
	free(form);
}
END_TEST

static const struct conf {
	const char *text;
	bool trusts;
} confs[] = {
    {"options trust-ad\n", true},
    {"options trust-ad", true},
    {"nameserver 192.0.2.1\noptions edns0 trust-ad rotate\n", true},
    {"\toptions\ttrust-ad\n", true},
    {"options edns0\noptions trust-ad\n", true},
    {"", false},
    {"options edns0\n", false},
    {"#options trust-ad\n", false},
    {"; options trust-ad\n", false},
    {"options trust-adx\noptions no-trust-ad\n", false},
    {"options Trust-AD\n", false},
    {"search trust-ad\n", false},
    {"options\ntrust-ad\n", false},
};

START_TEST(conf_trusts)
{
	const char *text = confs[_i].text;
	FILE *conf = tmpfile();

	ck_assert_ptr_nonnull(conf);
	ck_assert_int_ge(fputs(text, conf), 0);
	rewind(conf);
	ck_assert_int_eq(nameserver_conf_trusts(conf), confs[_i].trusts);
	fclose(conf);
}
END_TEST

SUITE("nameserver")
{
	tcase_add_loop_test(tcase, for_ares, 0, COUNT(forms));
	tcase_add_loop_test(tcase, conf_trusts, 0, COUNT(confs));
}
