/* SPDX-License-Identifier: ISC */
/*
 * Three recipients with each mixture of outcomes, every other one under
 * PIPELINING: each gets the report of its own reply, and the message goes to
 * those who were accepted.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "clear.h"
#include "suite.h"

enum { RECIPIENTS = 3, OUTCOMES = 5, MIXTURES = 5 * 5 * 5 };

#define OURS "The recipient address ?"

/* What the server says to a recipient; NULL: we say it ourselves. */
static const char *const replies[OUTCOMES] = {"250 2.1.5 ok",
    "452 4.5.3 too many", "550 5.1.1 no", "552 5.5.3 too many", NULL};

struct trial {
	int outcomes[RECIPIENTS]; /* the numbers of their replies */
	bool pipelining;
	char names[RECIPIENTS][32];
	const char *recipients[RECIPIENTS + 1];
	char said[RECIPIENTS][64];
	struct peer_script script;
};

static const char *reply_to(const struct trial *trial, int recipient)
{
	return replies[trial->outcomes[recipient]];
}

static void prepare(struct trial *trial, int mixture)
{
	int told = 0;

	if (trial->pipelining)
		trial->script.capabilities = "PIPELINING";
	for (int i = 0; i < RECIPIENTS; i++) {
		trial->outcomes[i] = mixture % OUTCOMES;
		mixture /= OUTCOMES;
		snprintf(trial->names[i], sizeof trial->names[i],
		    reply_to(trial, i) != NULL ? "r%d@example.org"
					       : "\n%d@example.org",
		    i);
		trial->recipients[i] = trial->names[i];
		if (reply_to(trial, i) == NULL)
			continue;
		snprintf(trial->said[i], sizeof trial->said[i], "%s\r\n",
		    reply_to(trial, i));
		trial->script.overrides[told] =
		    (struct peer_override){PEER_RCPT, .nth = (unsigned)told + 1,
			.bytes = trial->said[i]};
		told++;
	}
}

static char letter_of(const char *reply, bool one_accepted)
{
	if (reply == NULL)
		return 'h';
	if (*reply == '2')
		return 'r';
	return *reply == '4' || (one_accepted && strncmp(reply, "552", 3) == 0)
		   ? 's'
		   : 'h';
}

/* Checks the letters and texts; returns whether a recipient was accepted. */
static bool check_reports(const struct trial *trial, const struct scene *scene)
{
	const struct outcome_chunk *chunk = scene->outcome.chunks;
	bool accepted = false;

	ck_assert(outcome_well_formed(&scene->outcome));
	ck_assert_uint_eq(scene->outcome.count, RECIPIENTS + 1);
	for (int i = 0; i < RECIPIENTS; i++, chunk++) {
		const char *reply = reply_to(trial, i);

		ck_assert_int_eq(chunk->letter, letter_of(reply, accepted));
		accepted = accepted || chunk->letter == 'r';
		if (chunk->letter == 'r')
			ck_assert_str_eq(chunk->text, "");
		else
			ck_assert_ptr_nonnull(
			    strstr(chunk->text, reply != NULL ? reply : OURS));
	}
	ck_assert_int_eq(chunk->letter, accepted ? 'K' : 'D');
	return accepted;
}

static void check_wire(
    const struct trial *trial, const struct scene *scene, bool accepted)
{
	struct bytes wire = {0};
	int told = 0;

	bytes_add_text(&wire, CLEAR_HELLO);
	for (int i = 0; i < RECIPIENTS; i++) {
		if (reply_to(trial, i) == NULL)
			continue;
		if (told++ == 0)
			bytes_add_text(&wire, CLEAR_MAIL);
		bytes_add_text(&wire, "RCPT TO:<");
		bytes_add_text(&wire, trial->names[i]);
		bytes_add_text(&wire, ">\r\n");
	}
	if (accepted)
		bytes_add_text(&wire, "DATA\r\n" CLEAR_MESSAGE ".\r\n");
	else if (told > 0 && trial->pipelining)
		bytes_add_text(&wire, "DATA\r\n.\r\n");
	bytes_add_text(&wire, CLEAR_QUIT);
	clear_expect_wire(scene, wire.data);
	bytes_free(&wire);
}

START_TEST(mixtures)
{
	struct trial trial = {.pipelining = _i % 2 > 0};
	struct scene scene = {0};

	prepare(&trial, _i);
	clear_play(&scene, &trial.script,
	    &(struct delivery){.recipients = trial.recipients});
	check_wire(&trial, &scene, check_reports(&trial, &scene));
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("deliver-recipients")
{
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, mixtures, 0, MIXTURES);
}
