/* SPDX-License-Identifier: ISC */
/*
 * Reports in other languages: what programs read in them is the same as in
 * English, and without a locale they are English.  A language made up here
 * shows that no text is left out, and that none can pass for a letter.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "catalogues.h"
#include "clear.h"
#include "suite.h"

enum { VARIABLE = HOME_PATH + 32 };

/* What the parent prepares for all tests. */
static struct home catalogues;
static const char *usable_locale;

static const struct row {
	struct peer_script script;
	struct delivery delivery;
	const char *control, *text;
	const char *letters;
} rows[] = {
    {.letters = "rK"},
    {.letters = "rhsK",
	.script.overrides = {{PEER_RCPT, 2,
				 .bytes = "550-5.1.1 a\r\n"
					  "550 5.1.1 Kr\xff\r\n"},
	    {PEER_RCPT, 3, .bytes = "450 (#4.2.1) 127.0.0.1\r\n"}},
	.delivery.recipients =
	    (const char *const[]){"b@example.org", "c@d", "e@f", NULL}},
    {.letters = "hD",
	.script.overrides = {{PEER_RCPT, .bytes = "550 5.1.1 no\r\n"}}},
    {.letters = "D",
	.script.overrides = {{PEER_MAIL, .bytes = "550 5.7.1 no\r\n"}}},
    {.letters = "Z",
	.script.overrides = {{PEER_MAIL, .bytes = "451 4.7.1 later\r\n"}}},
    {.letters = "rD",
	.script.overrides = {{PEER_DATA, .bytes = "554 5.5.1 no\r\n"}}},
    {.letters = "rZ",
	.script.overrides = {{PEER_DOT, .bytes = "452 4.3.1 full\r\n"}}},
    {.letters = "rZ", .script.overrides = {{PEER_DOT, .action = PEER_DROP}}},
    {.letters = "Z",
	.script.overrides = {{PEER_GREETING, .bytes = "554 no\r\n"}}},
    {.letters = "D", .script.capabilities = "SIZE 10"},
    {.letters = "D", .delivery.message = "a\nb"},
    {.letters = "hD",
	.delivery.recipients = (const char *const[]){"a\nb@c.test", NULL}},
    {.letters = "D",
	.delivery.arguments = (const char *const[]){"example.org", NULL}},
    {.letters = "D", .control = "ipme", .text = "127.0.0.1\n"},
    {.letters = "Z", .control = "tlsstrictness", .text = "high\n"},
    {.letters = "Z", .control = "timeoutremote", .text = "99999999999\n"},
    {.letters = "Z", .control = "me", .text = ""},
    {.letters = "Z", .control = "smtproutes", .text = ":relay.test:x\n"},
};

/* Each delivery has a home of its own; what it says of it is made equal. */
static void forget_home(struct scene *scene)
{
	struct bytes *output = &scene->outcome.output;
	size_t length = strlen(scene->home.path);
	char *at;

	while ((at = memmem(output->data, output->length, scene->home.path,
		    length)) != NULL)
		memset(at, '/', length);
}

/* Plays the row in a scene of its own. */
static void play(
    struct scene *scene, const struct row *row, const char *const *environment)
{
	struct delivery delivery = row->delivery;

	delivery.environment = environment;
	clear_start(scene, &row->script);
	if (row->control != NULL)
		home_control(&scene->home, row->control, row->text);
	clear_deliver(scene, &delivery);
	scene_stop(scene);
	ck_assert(outcome_well_formed(&scene->outcome));
	ck_assert_str_eq(scene->outcome.letters, row->letters);
	forget_home(scene);
}

static void play_in(
    struct scene *scene, const struct row *row, const char *const *locale)
{
	char variable[VARIABLE];
	const char *environment[] = {variable, locale[0], locale[1], NULL};

	snprintf(
	    variable, sizeof variable, "QR_TEST_LOCALE=%s", catalogues.path);
	play(scene, row, environment);
}

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
    const struct scene *english, const struct row *row, const char *language)
{
	bool made_up = strcmp(language, CATALOGUES_MADE_UP) == 0;
	struct scene other = {0};
	char all[64], chosen[64];

	snprintf(all, sizeof all, "LC_ALL=%s", usable_locale);
	snprintf(chosen, sizeof chosen, "LANGUAGE=%s", language);
	play_in(&other, row, (const char *const[]){all, chosen});
	for (size_t i = 0; i < english->outcome.count; i++)
		compare_chunks(&english->outcome.chunks[i],
		    &other.outcome.chunks[i], made_up);
	compare_wires(english, &other);
	scene_free(&other);
}

START_TEST(what_programs_read)
{
	struct scene english = {0};

	play(&english, &rows[_i], NULL);
	for (size_t i = 0; catalogues_languages[i] != NULL; i++)
		compare_in(&english, &rows[_i], catalogues_languages[i]);
	scene_free(&english);
}
END_TEST

/* Whatever LANGUAGE says: without a locale nothing is translated. */
START_TEST(english_otherwise)
{
	static const char *const locales[][2] = {{"LANGUAGE=fr", NULL},
	    {"LC_ALL=C", "LANGUAGE=" CATALOGUES_MADE_UP},
	    {"LC_MESSAGES=nowhere", "LANGUAGE=" CATALOGUES_MADE_UP}};
	struct scene english = {0};

	play(&english, &rows[_i], NULL);
	for (size_t i = 0; i < COUNT(locales); i++) {
		struct scene other = {0};

		play_in(&other, &rows[_i], locales[i]);
		ck_assert(
		    outcome_is(&other.outcome, english.outcome.output.data,
			english.outcome.output.length));
		scene_free(&other);
	}
	scene_free(&english);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_set_timeout(tcase, 20);
	if (usable_locale != NULL)
		tcase_add_loop_test(
		    tcase, what_programs_read, 0, (int)COUNT(rows));
	else
		puts("# no msgfmt, no locale to use, or --disable-nls");
	fflush(stdout);
	tcase_add_loop_test(tcase, english_otherwise, 0, (int)COUNT(rows));
}

int main(void)
{
	int status;

	home_begin();
	home_make(&catalogues);
	usable_locale = catalogues_make(&catalogues);
	status = suite_run_on_loopback("deliver-languages", fill);
	home_end();
	return status;
}
