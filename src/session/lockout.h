/* SPDX-License-Identifier: ISC */
/*
 * The memory of refused credentials: what a relay has refused is not tried
 * there again for a while, so that no account is locked for too many attempts.
 *
 * It is a file in the run directory, for the user of qmail-remote alone, of
 * hashes under a key that was drawn at random for this file.  One that is
 * damaged counts as absent, one that cannot be opened is replaced, and where
 * there can be none nothing is remembered.
 */
#ifndef SESSION_LOCKOUT_H
#define SESSION_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

#define LOCKOUT_FILE "refusals"

enum {
	LOCKOUT_SECONDS = 5 * 60,
	LOCKOUT_ENTRIES = 128 /* more at a time, and the oldest are forgotten */
};

/* Whom a relay knows, and by what. */
struct lockout_account {
	const char *relay; /* as the route names it */
	uint16_t port;
	const char *user;
	const char *secret;
};

/* Whether just these were refused less than LOCKOUT_SECONDS ago. */
bool lockout_holds(
    const char *directory, const struct lockout_account *account);

/* Remembers that they have been refused now. */
void lockout_note(const char *directory, const struct lockout_account *account);

#endif
