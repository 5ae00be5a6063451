/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "ascii.h"

#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

START_TEST(lower)
{
	char all[256], expected[256];

	for (int i = 0; i < 255; i++) {
		all[i] = (char)(i + 1);
		expected[i] = (char)(i + 1);
		if (i + 1 >= 'A' && i + 1 <= 'Z')
			expected[i] = (char)(i + 1 + 32);
	}
	all[255] = expected[255] = '\0';
	ascii_lower(all);
	ck_assert_mem_eq(all, expected, sizeof all);
}
END_TEST

START_TEST(word)
{
	static const struct {
		const char *text, *word;
		bool same;
	} cases[] = {{"IPv6", "IPv6", true}, {"ipV6", "IPv6", true},
	    {"\304\261pv6", "IPv6", false}, {"IPv", "IPv6", false},
	    {"IPv66", "IPv6", false}, {"", "", true}, {"SIZE", "size", true},
	    {"[IZE", "{ize", false}, {"8BITMIME", "8bitmime", true}};

	for (int i = 0; i < COUNT(cases); i++)
		ck_assert_int_eq(ascii_is_word(cases[i].text,
				     strlen(cases[i].text), cases[i].word),
		    cases[i].same);
	ck_assert(ascii_is_word("IPv6:rest", 4, "ipv6"));
}
END_TEST

START_TEST(control)
{
	for (int byte = 0; byte < 256; byte++) {
		const char text[] = {'a', (char)byte, 'b'};

		ck_assert_int_eq(ascii_has_control(text, sizeof text),
		    byte < ' ' || byte == 127);
		ck_assert(!ascii_has_control(text, 1));
	}
}
END_TEST

SUITE("ascii")
{
	tcase_add_test(tcase, lower);
	tcase_add_test(tcase, word);
	tcase_add_test(tcase, control);
}
