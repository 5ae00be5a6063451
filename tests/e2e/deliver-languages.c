/* SPDX-License-Identifier: ISC */
/*
 * Reports in other languages: what programs read in them is the same as in
 * English.  A language made up here shows that no text is left out, and that
 * none can pass for a letter.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "catalogues.h"
#include "clear.h"
#include "languages.h"
#include "suite.h"

/* What the parent prepares for all tests. */
static struct home catalogues;
static const char *usable_locale;

/* The codes, and the address, in the order in which they stand there. */
static void fixed_points(struct bytes *found, const char *text)
{
	static const char address[] = "127.0.0.1";

	*found = (struct bytes){0};
	bytes_add_text(found, "");
	for (; *text != '\0'; text++)
		if (strncmp(text, "(#", 2) == 0)
			bytes_add(found, text, strcspn(text, ")") + 1);
		else if (strncmp(text, address, sizeof address - 1) == 0)
			bytes_add_text(found, address);
}

/* What the server said; "" when it said nothing. */
static const char *remote_words(const char *english)
{
	const char *words = strstr(english, CLEAR_SAID);

	return words != NULL ? words + strlen(CLEAR_SAID)
			     : english + strlen(english);
}

static void compare_chunks(const struct outcome_chunk *english,
    const struct outcome_chunk *other, bool made_up)
{
	const char *words = remote_words(english->text);
	size_t length = strlen(words);
	struct bytes wanted, got;

	ck_assert_uint_ge(other->length, length);
	ck_assert_str_eq(other->text + strlen(other->text) - length, words);
	fixed_points(&wanted, english->text);
	fixed_points(&got, other->text);
	ck_assert_str_eq(got.data, wanted.data);
	bytes_free(&wanted);
	bytes_free(&got);
	for (const char *byte = other->text; *byte != '\0'; byte++)
		ck_assert(!iscntrl((unsigned char)*byte) || *byte == '\n');
	ck_assert_msg(strstr(other->text, " line ") == NULL, "%s", other->text);
	if (*english->text == '\0')
		ck_assert_str_eq(other->text, "");
	else if (made_up)
		ck_assert_msg(strncmp(other->text, CATALOGUES_MARK,
				  strlen(CATALOGUES_MARK)) == 0,
		    "%s", other->text);
	else
		ck_assert_str_ne(other->text, english->text);
}

static void compare_wires(
    const struct scene *english, const struct scene *other)
{
	ck_assert_uint_eq(other->transcript->count, english->transcript->count);
	for (size_t i = 0; i < english->transcript->count; i++) {
		const struct bytes *wanted =
		    &clear_connection(english, i)->received;

		ck_assert(bytes_equal(&clear_connection(other, i)->received,
		    wanted->data, wanted->length));
	}
}

static void compare_in(
    const struct scene *english, int row, const char *language)
{
	bool made_up = strcmp(language, CATALOGUES_MADE_UP) == 0;
	struct scene other = {0};
	char all[64], chosen[64];

	snprintf(all, sizeof all, "LC_ALL=%s", usable_locale);
	snprintf(chosen, sizeof chosen, "LANGUAGE=%s", language);
	languages_play(
	    &other, row, &catalogues, (const char *const[]){all, chosen});
	for (size_t i = 0; i < english->outcome.count; i++)
		compare_chunks(&english->outcome.chunks[i],
		    &other.outcome.chunks[i], made_up);
	compare_wires(english, &other);
	scene_free(&other);
}

START_TEST(what_programs_read)
{
	struct scene english = {0};

	languages_play(&english, _i, NULL, NULL);
	for (size_t i = 0; catalogues_languages[i] != NULL; i++)
		compare_in(&english, _i, catalogues_languages[i]);
	scene_free(&english);
}
END_TEST

/* As many as there would be, so that none is missing from the sum. */
static int skip_all(void)
{
	for (int i = 1; i <= LANGUAGES_ROWS; i++)
		printf("ok %d - # SKIP no msgfmt, no locale to use, or "
		       "--disable-nls\n",
		    i);
	printf("1..%d\n", LANGUAGES_ROWS);
	return 0;
}

static void fill(TCase *tcase)
{
	tcase_add_loop_test(tcase, what_programs_read, 0, LANGUAGES_ROWS);
}

int main(void)
{
	int status;

	home_begin();
	home_make(&catalogues);
	usable_locale = catalogues_make(&catalogues);
	status = usable_locale != NULL
		     ? suite_run_on_loopback("deliver-languages", fill)
		     : skip_all();
	home_end();
	return status;
}
