/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/record.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

#define ID32 "0123456789abcdefghijABCDEFGHIJ01"

enum { RECORDS = 4 };

/* The records of one answer, and the id that counts; NULL: none does. */
static const struct form {
	const char *texts[RECORDS];
	const char *id;
} forms[] = {
    {{"v=STSv1; id=20240101;"}, "20240101"},
    {{"v=STSv1;id=1"}, "1"},
    {{"v=STSv1;id=1;"}, "1"},
    {{"v=STSv1; id=AZaz09"}, "AZaz09"},
    {{"v=STSv1; id=" ID32 ";"}, ID32},
    {{"v=STSv1;\t id=1 \t;"}, "1"},
    {{"v=STSv1; id=1; more=of.it; x=y"}, "1"},
    {{"v=STSv1; more=of.it; id=1"}, "1"},
    {{"v=STSv1; identity=2; id=1"}, "1"},
    /* The first of two counts, also when it is none. */
    {{"v=STSv1; id=1; id=2"}, "1"},
    {{"v=STSv1; id=; id=2"}, NULL},
    /* No id, or none of letters and digits. */
    {{"v=STSv1;"}, NULL},
    {{"v=STSv1; id="}, NULL},
    {{"v=STSv1; id"}, NULL},
    {{"v=STSv1; id =1"}, NULL},
    {{"v=STSv1; id= 1"}, NULL},
    {{"v=STSv1; ID=1"}, NULL},
    {{"v=STSv1; id=2024-01-01"}, NULL},
    {{"v=STSv1; id=1 2"}, NULL},
    {{"v=STSv1; id=\xc3\xa4"}, NULL},
    {{"v=STSv1; id=" ID32 "2;"}, NULL},
    {{"v=STSv1; id=1\n"}, NULL},
    /* Not the beginning. */
    {{""}, NULL},
    {{"v=STSv1"}, NULL},
    {{"v=STSv1 ; id=1"}, NULL},
    {{" v=STSv1; id=1"}, NULL},
    {{"v=stsv1; id=1"}, NULL},
    {{"V=STSv1; id=1"}, NULL},
    {{"v=STSv2; id=1"}, NULL},
    {{"v=STSv11; id=1"}, NULL},
    {{"id=1; v=STSv1;"}, NULL},
    {{"\"v=STSv1; id=1;\""}, NULL},
    /* Others beside it do not count; a second one spoils both. */
    {{NULL}, NULL},
    {{"v=spf1 -all", "v=STSv1; id=1", ""}, "1"},
    {{"v=STSv1; id=1", "v=STSv2; id=2"}, "1"},
    {{"v=STSv1", "v=STSv1; id=1"}, "1"},
    {{"v=STSv1; id=1", "v=STSv1; id=1"}, NULL},
    {{"v=STSv1; id=1", "v=STSv1; id=2"}, NULL},
    {{"v=STSv1; id=1", "v=STSv1; id=-"}, NULL},
    {{"v=STSv1;", "v=STSv1; id=1"}, NULL},
    {{"x", "v=STSv1; id=1", "y", "v=STSv1; id=2"}, NULL},
};

START_TEST(form)
{
	const struct form *expected = &forms[_i];
	struct text texts[RECORDS];
	char id[STS_ID_MAX + 1];
	size_t count = 0;
	bool found;

	for (; count < RECORDS && expected->texts[count] != NULL; count++)
		texts[count] =
		    (struct text){(char *)(uintptr_t)expected->texts[count],
			strlen(expected->texts[count])};
	found = sts_record_id(id, texts, count);
	ck_assert_msg(
	    found == (expected->id != NULL), "%s", expected->texts[0]);
	if (found)
		ck_assert_str_eq(id, expected->id);
}
END_TEST

/* A NUL is an octet like others. */
START_TEST(nul)
{
	static char inside[] = "v=STSv1; id=1\0002";
	static char before[] = "v=STSv1; x=\0y; id=2";
	struct text text = {inside, sizeof inside - 1};
	char id[STS_ID_MAX + 1];

	ck_assert(!sts_record_id(id, &text, 1));
	text = (struct text){before, sizeof before - 1};
	ck_assert(sts_record_id(id, &text, 1));
	ck_assert_str_eq(id, "2");
}
END_TEST

SUITE("sts_record")
{
	tcase_add_loop_test(tcase, form, 0, COUNT(forms));
	tcase_add_test(tcase, nul);
}
