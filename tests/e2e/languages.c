/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "languages.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "clear.h"

enum { VARIABLE = HOME_PATH + 32 };

static const struct row {
	struct peer_script script;
	struct delivery delivery;
	const char *control, *text;
	const char *letters;
} rows[LANGUAGES_ROWS] = {
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
    {.letters = "Z", .control = "ipme", .text = "127.0.0.1\n"},
    {.letters = "Z", .control = "tlsstrictness", .text = "high\n"},
    {.letters = "Z", .control = "timeoutremote", .text = "99999999999\n"},
    {.letters = "Z", .control = "me", .text = ""},
    {.letters = "Z", .control = "smtproutes", .text = ":relay.test:x\n"},
    {.letters = "Z", .control = "tlspolicy", .text = ":encrypt\n"},
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

void languages_play(struct scene *scene, int row, const struct home *catalogues,
    const char *const locale[2])
{
	char variable[VARIABLE];
	const char *environment[4] = {NULL};

	if (catalogues != NULL) {
		snprintf(variable, sizeof variable, "QR_TEST_LOCALE=%s",
		    catalogues->path);
		environment[0] = variable;
		environment[1] = locale[0];
		environment[2] = locale[1];
	}
	play(scene, &rows[row], environment);
}
