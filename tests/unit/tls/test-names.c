/* SPDX-License-Identifier: ISC */
/* Whom a certificate is for. */
#include "config.h"

#include "tls/names.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "certs.h"
#include "suite.h"
#include "unit.h"

static const struct row {
	const char *presented, *pattern;
	bool matches;
} rows[] = {
    {"mx.a.test", "mx.a.test", true},
    {"MX.A.Test", "mx.a.tEST", true},
    {"mx.a.test", "a.test", false},
    {"a.test", "mx.a.test", false},
    {"mx.a.test", "mx.a.test.evil.test", false},
    {"mx.a.test.evil.test", "mx.a.test", false},
    {"", "mx.a.test", false},
    {"mx.a.test.", "mx.a.test", false},
    {".a.test", "mx.a.test", false},
    {"*.a.test", "mx.a.test", true},
    {"*.A.test", "MX.a.TEST", true},
    {"*.a.test", "a.test", false},
    {"*.a.test", ".a.test", true},
    {"*.a.test", "*.a.test", true},
    {"*.a.test", "*.b.test", false},
    {"*.a.test", "1.mx.a.test", false},
    {"*.test", "a.test", false},
    {"*.test", ".test", false},
    {"*.", "a.", false},
    {"*", "test", false},
    {"*", "*", false},
    {"*.*.test", "mx.a.test", false},
    {"m*.a.test", "mx.a.test", false},
    {"mx.*.test", "mx.a.test", false},
    {"*mx.a.test", "mx.a.test", false},
    {"mx.a.test", "*.a.test", true},
    {"1.mx.a.test", "*.a.test", false},
    {"a.test", "*.a.test", false},
    {".a.test", "*.a.test", false},
    {"*.mx.a.test", "*.a.test", false},
    {"mx.a.test", ".a.test", true},
    {"1.mx.a.test", ".a.test", true},
    {"*.mx.a.test", ".a.test", true},
    {"a.test", ".a.test", false},
    {"evila.test", ".a.test", false},
    {".a.test", ".a.test", false},
    {"..a.test", ".a.test", false},
    {"mx.a.test.b", ".a.test", false},
    {"test", ".a.test", false},
    {"", ".a.test", false},
    {".", ".a.test", false},
    {"mxa.test", "*.a.test", false},
    {"mx", "*.a.test", false},
    {"mx.test", "*.test", true},
};

START_TEST(forms)
{
	const struct row *row = &rows[_i];

	ck_assert_int_eq(
	    name_matches(row->presented, row->pattern), row->matches);
}
END_TEST

/* Plain names, of which GnuTLS has an opinion as well. */
START_TEST(as_gnutls)
{
	static const char *const labels[] = {
	    "a", "mx", "*", "xn--a-ecp", "test"};
	uint64_t seed = 1;

	for (int i = 0; i < 300; i++) {
		char texts[2][64] = {"", ""};
		const char *list[] = {texts[0], NULL};
		struct names names;
		struct cert *cert;

		for (int side = 0; side < 2; side++) {
			unsigned count = 2 + unit_random(&seed, 3);

			while (count-- > 0) {
				size_t at = strlen(texts[side]);
				unsigned which = unit_random(&seed, 4);

				if (count == 0)
					which = 4;
				else if (which == 2 && (side == 1 || at > 0))
					which = 0;
				snprintf(texts[side] + at, 64 - at, "%s%s",
				    at > 0 ? "." : "", labels[which]);
			}
		}
		cert = certs_make(&(struct cert_request){.names = list});
		names_read(&names, cert->certificate);
		ck_assert_int_eq(names_find(&names, texts[1]) != NAME_NOWHERE,
		    gnutls_x509_crt_check_hostname(
			cert->certificate, texts[1]) != 0);
		certs_free(cert);
	}
}
END_TEST

static enum name_source find(
    const struct cert_request *request, const char *pattern)
{
	struct cert *cert = certs_make(request);
	struct names names;
	enum name_source source;

	names_read(&names, cert->certificate);
	source = names_find(&names, pattern);
	certs_free(cert);
	return source;
}

/* The subject counts only where there are no names beside it. */
START_TEST(sources)
{
	const char *const hosts[] = {"mx.a.test", "*.b.test", NULL};
	const char *const addresses[] = {"192.0.2.1", "2001:db8::1", NULL};
	struct cert_request subject = {.common_name = "old.a.test"},
			    both = {.common_name = "old.a.test",
				.names = hosts},
			    literal = {.common_name = "old.a.test",
				.addresses = addresses};

	ck_assert_int_eq(find(&subject, "old.a.test"), NAME_IN_SUBJECT);
	ck_assert_int_eq(find(&subject, ".a.test"), NAME_IN_SUBJECT);
	ck_assert_int_eq(find(&both, "old.a.test"), NAME_NOWHERE);
	ck_assert_int_eq(find(&both, "mx.a.test"), NAME_IN_ALTERNATIVE);
	ck_assert_int_eq(find(&both, "x.b.test"), NAME_IN_ALTERNATIVE);
	ck_assert_int_eq(find(&literal, "old.a.test"), NAME_NOWHERE);
	ck_assert_int_eq(find(&literal, "192.0.2.1"), NAME_IN_ALTERNATIVE);
	ck_assert_int_eq(find(&literal, "2001:DB8:0::1"), NAME_IN_ALTERNATIVE);
	ck_assert_int_eq(find(&literal, "192.0.2.2"), NAME_NOWHERE);
	subject.common_name = "192.0.2.1";
	ck_assert_int_eq(find(&subject, "192.0.2.1"), NAME_NOWHERE);
}
END_TEST

SUITE("names")
{
	tcase_add_loop_test(tcase, forms, 0, COUNT(rows));
	tcase_add_test(tcase, as_gnutls);
	tcase_add_test(tcase, sources);
}
