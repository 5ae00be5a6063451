/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "decimal.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static const struct form {
	const char *text;
	uint64_t maximum;
	bool fits;
	uint64_t number; /* if it does */
	size_t digits;
} forms[] = {
    {"", 9, true, 0, 0},
    {"x", 9, true, 0, 0},
    {"-1", 9, true, 0, 0},
    {"+1", 9, true, 0, 0},
    {" 1", 9, true, 0, 0},
    {"0", 0, true, 0, 1},
    {"000", 0, true, 0, 3},
    {"1", 0, false, 0, 1},
    {"9", 9, true, 9, 1},
    {"10", 9, false, 0, 2},
    {"0010", 10, true, 10, 4},
    {"12 3", 99, true, 12, 2},
    {"123x", 99, false, 0, 3},
    {"1x", 1, true, 1, 1},
    {"18446744073709551615", UINT64_MAX, true, UINT64_MAX, 20},
    {"18446744073709551616", UINT64_MAX, false, 0, 20},
    {"18446744073709551615", UINT64_MAX - 1, false, 0, 20},
    {"99999999999999999999999999", UINT64_MAX, false, 0, 26},
    {"\xb2", 9, true, 0, 0},
};

START_TEST(scan)
{
	const struct form *form = &forms[_i];
	uint64_t number;
	size_t digits;

	ck_assert_int_eq(decimal_scan(form->text, strlen(form->text),
			     form->maximum, &number, &digits),
	    form->fits);
	ck_assert_uint_eq(digits, form->digits);
	if (form->fits)
		ck_assert_uint_eq(number, form->number);
}
END_TEST

/* Nothing but digits. */
START_TEST(whole)
{
	const struct form *form = &forms[_i];
	bool good =
	    form->fits && form->digits > 0 && form->text[form->digits] == '\0';
	uint64_t number;

	ck_assert_int_eq(
	    decimal_read(form->text, form->maximum, &number), good);
	if (good)
		ck_assert_uint_eq(number, form->number);
}
END_TEST

/* Digits behind the end do not count. */
START_TEST(part)
{
	uint64_t number;
	size_t digits;

	ck_assert(decimal_scan("123", 2, 99, &number, &digits));
	ck_assert_uint_eq(number, 12);
	ck_assert_uint_eq(digits, 2);
}
END_TEST

SUITE("decimal")
{
	tcase_add_loop_test(tcase, scan, 0, COUNT(forms));
	tcase_add_loop_test(tcase, whole, 0, COUNT(forms));
	tcase_add_test(tcase, part);
}
