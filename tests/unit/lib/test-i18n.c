/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "i18n.h"

#include <stdlib.h>

#include <check.h>

#include "suite.h"

/* Without a locale, or without a catalogue, a text is itself. */
START_TEST(untranslated)
{
	static const char *const locales[] = {"C", "de_DE.UTF-8", "rubbish"};

	setenv("LC_ALL", locales[_i], 1);
	setenv("LANGUAGE", "de", 1);
	i18n_start("/nonexistent");
	ck_assert_str_eq(
	    _("Out of memory. (#4.3.0)\n"), "Out of memory. (#4.3.0)\n");
}
END_TEST

SUITE("i18n")
{
	tcase_add_loop_test(tcase, untranslated, 0, 3);
}
