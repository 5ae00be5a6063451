/* SPDX-License-Identifier: ISC */
/*
 * Runs the qmail-remote under test as qmail-rspawn does: the message on
 * descriptor 0, one pipe on 1 and 2, in queue/mess, with an environment of
 * almost nothing.  The program is that of the environment's QMAIL_REMOTE, or
 * tests/qmail-remote in the working directory; qmail-remote-io is expected
 * beside it, or where QR_TEST_IO says.  For an installed program
 * QR_TEST_INSTALLED_HOME is the home that it knows, and QR_TEST_INSTALLED_RUN
 * its run directory if that is elsewhere ("make check-installed").
 *
 *     static const char *const recipients[] = {"b@example.org", NULL};
 *     struct outcome outcome;
 *
 *     deliver(&(struct delivery){.home = &home, .host = "example.org",
 *                 .sender = "a@example.net", .recipients = recipients,
 *                 .message = "Subject: x\n\nx\n"}, &outcome);
 *     ck_assert(outcome_well_formed(&outcome));
 *     outcome_free(&outcome);
 */
#ifndef DELIVER_H
#define DELIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home.h"
#include "outcome.h"

enum deliver_input {
	DELIVER_FILE, /* can seek */
	DELIVER_PIPE,
	DELIVER_CLOSED,
	DELIVER_DIRECTORY,
	DELIVER_WRITE_ONLY,
};

/* Descriptors 1 and 2 alike. */
enum deliver_output {
	DELIVER_COLLECT,
	DELIVER_NOWHERE, /* closed */
	DELIVER_FULL,	 /* /dev/full */
	DELIVER_UNREAD,	 /* a pipe whose reader has gone */
};

struct delivery {
	const struct home *home;
	/* Ended by NULL; or all arguments at once, also ended by NULL. */
	const char *host, *sender;
	const char *const *recipients;
	const char *const *arguments;
	/* What the name of the program goes on with, for tools: "-probe". */
	const char *tool;

	enum deliver_input input;
	const char *message;
	size_t length; /* of message; 0: up to the NUL */
	size_t repeat; /* the message is written so many times; 0: once */

	enum deliver_output output;
	unsigned port;			/* where exchangers listen; 0: 25 */
	const char *const *environment; /* "NAME=VALUE" in addition, or NULL */
	size_t address_space;		/* limit in bytes; 0: none */
	unsigned files;			/* limit of descriptors; 0: none */
	/* After which it is killed, and then what it has left; 0: 90 and 20. */
	unsigned seconds;
};

/* Fills outcome, which the caller frees with outcome_free. */
void deliver(const struct delivery *delivery, struct outcome *outcome);

/* The absolute path of the program under test; the caller frees it. */
char *deliver_program(void);

/* Writes the message as often as is asked for. */
void deliver_write_message(int fd, const struct delivery *delivery);

#endif
