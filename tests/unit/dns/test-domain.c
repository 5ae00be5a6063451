/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/domain.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define N252 L63 "." L63 "." L63 "." L60

/* NULL: it cannot be a domain name. */
static const struct form {
	const char *name, *ascii;
} forms[] = {
    {"example.org", "example.org"},
    {"EXAMPLE.Org", "example.org"},
    {"example.org.", "example.org."},
    {"org", "org"},
    {"_dmarc.example.org", "_dmarc.example.org"},
    {"a-.-b", "a-.-b"},
    {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    {"b\xc3\xbc"
     "cher.example",
	"xn--bcher-kva.example"},
    {"B\xc3\x9c"
     "CHER.example",
	"xn--bcher-kva.example"},
    {"bu\xcc\x88"
     "cher.example",
	"xn--bcher-kva.example"},
    {"fa\xc3\x9f.de", "xn--fa-hia.de"},
    {"\xe4\xbe\x8b\xe3\x80\x82jp", "xn--fsq.jp"},
    {"", NULL},
    {".", NULL},
    {"..", NULL},
    {".example.org", NULL},
    {"example..org", NULL},
    {"example.org..", NULL},
    {"a b.org", NULL},
    {"a\tb.org", NULL},
    {"a\rb.org", NULL},
    {"a\nb.org", NULL},
    {"a\x7f.org", NULL},
    {"a\\.org", NULL},
    {"b\xfc"
     "cher.example",
	NULL},
    {"\xc3\xbc..example", NULL},
    {"\xe2\x80\x8b", NULL},
    {"-\xc3\xbc.example", NULL},
    {"ex\xef\xbc\xa0mple.org", NULL},
    {"b\xc3\xbc\xef\xbc\x9e.example", NULL},
    {L63 ".org", L63 ".org"},
    {L63 "d.org", NULL},
    {N252 "a", N252 "a"},
    {N252 "a.", N252 "a."},
    {N252 "ab", NULL},
    {N252 ".abc", NULL},
    {L63 "\xc3\xbc.org", NULL},
};

START_TEST(conversion)
{
	const struct form *form = &forms[_i];
	struct failure failure;
	char *ascii = domain_to_ascii(form->name, &failure);

	if (form->ascii == NULL) {
		ck_assert_ptr_null(ascii);
		ck_assert_int_eq(failure.class, FAILURE_PERMANENT);
		ck_assert_ptr_nonnull(strstr(failure.text, "(#5.1.2)\n"));
		ck_assert(!domain_is_ascii_name(form->name));
	} else {
		ck_assert_ptr_nonnull(ascii);
		ck_assert_str_eq(ascii, form->ascii);
		ck_assert(domain_is_ascii_name(ascii));
	}
}
END_TEST

SUITE("domain")
{
	tcase_add_loop_test(tcase, conversion, 0, COUNT(forms));
}
