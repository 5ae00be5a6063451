/* SPDX-License-Identifier: ISC */
/* Lists of what is wrong. */
#include "config.h"

#include "faults.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "control.h"
#include "suite.h"
#include "unit.h"

/* A failure's place and reason, or what of its text makes sense elsewhere. */
static const struct form {
	const char *text; /* of a failure; NULL: it has a place */
	const char *what;
} forms[] = {
    {NULL, "\"x\": not good"},
    {"Sorry. (#4.3.0)\n", "Sorry."},
    {"One line.\nAnother one.\n", "One line. Another one."},
    {"One (#5.1.1) and more\n", "One (#5.1.1) and more"},
    {"(#4.3.0)\n", "(#4.3.0)"},
    {"\n", ""},
    {"", ""},
};

START_TEST(taken)
{
	const struct form *form = &forms[_i];
	struct faults faults = {0};
	struct failure failure;

	if (form->text == NULL)
		control_fail_line(&failure, "/control/a", 3, "x", "not good");
	else
		failure_set(&failure, FAILURE_TEMPORARY, "%s", form->text);
	faults_take(&faults, "/control/b", &failure);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_int_eq(faults.list[0].kind, FAULT_ERROR);
	ck_assert_str_eq(faults.list[0].what, form->what);
	ck_assert_str_eq(faults.list[0].file,
	    form->text == NULL ? "/control/a" : "/control/b");
	ck_assert_uint_eq(faults.list[0].line, form->text == NULL ? 3 : 0);
}
END_TEST

START_TEST(sorted)
{
	static const struct {
		const char *file;
		unsigned long line;
	} order[] = {{"/b", 2}, {"/a", 9}, {"/b", 1}, {"/a", 0}, {"/b", 2}};
	struct faults faults = {0};

	for (int i = 0; i < COUNT(order); i++)
		faults_add(&faults, FAULT_WARNING, order[i].file, order[i].line,
		    "%d", i);
	ck_assert(faults_have(&faults, "/a", 9));
	ck_assert(!faults_have(&faults, "/a", 2));
	faults_sort(&faults);
	ck_assert_str_eq(faults.list[0].what, "3");
	ck_assert_str_eq(faults.list[1].what, "1");
	ck_assert_str_eq(faults.list[2].what, "2");
	ck_assert_str_eq(faults.list[3].what, "0");
	ck_assert_str_eq(faults.list[4].what, "4");
}
END_TEST

SUITE("faults")
{
	tcase_add_loop_test(tcase, taken, 0, COUNT(forms));
	tcase_add_test(tcase, sorted);
}
