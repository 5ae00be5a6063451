/* SPDX-License-Identifier: ISC */
/* Whatever LANGUAGE says: without a locale nothing is translated. */
#include "config.h"

#include <stddef.h>

#include <check.h>

#include "catalogues.h"
#include "languages.h"
#include "suite.h"

/* What the parent prepares for all tests. */
static struct home catalogues;

START_TEST(english_otherwise)
{
	static const char *const locales[][2] = {{"LANGUAGE=fr", NULL},
	    {"LC_ALL=C", "LANGUAGE=" CATALOGUES_MADE_UP},
	    {"LC_MESSAGES=nowhere", "LANGUAGE=" CATALOGUES_MADE_UP}};
	struct scene english = {0};

	languages_play(&english, _i, NULL, NULL);
	for (size_t i = 0; i < COUNT(locales); i++) {
		struct scene other = {0};

		languages_play(&other, _i, &catalogues, locales[i]);
		ck_assert(
		    outcome_is(&other.outcome, english.outcome.output.data,
			english.outcome.output.length));
		scene_free(&other);
	}
	scene_free(&english);
}
END_TEST

static void begin(void)
{
	home_begin();
	home_make(&catalogues);
	catalogues_make(&catalogues);
}

LOOPBACK_SUITE("deliver-english")
{
	tcase_add_unchecked_fixture(tcase, begin, home_end);
	tcase_add_loop_test(tcase, english_otherwise, 0, LANGUAGES_ROWS);
}
