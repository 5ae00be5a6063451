/* SPDX-License-Identifier: ISC */
/*
 * A private qmail home: control/, queue/lock/tcpto (1024 zero bytes),
 * queue/mess/, run/qmail-remote/.  What fails here ends the process.
 *
 * Homes are made in a directory that home_begin makes and home_end removes
 * with all in it.  Use these as an unchecked fixture: Check runs it in the
 * parent, so it cleans up after tests that fail, crash or time out:
 *
 *     tcase_add_unchecked_fixture(tcase, home_begin, home_end);
 *
 * Without home_begin a home is made in TMPDIR and must be removed by
 * home_remove.
 */
#ifndef HOME_H
#define HOME_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"

enum {
	HOME_PATH = 4096,
	HOME_TCPTO = 1024,     /* bytes of queue/lock/tcpto */
	HOME_TCPTO6 = 64 * 28, /* bytes of run/qmail-remote/tcpto6 */
};

struct home {
	char path[HOME_PATH];
};

void home_begin(void);
void home_end(void);

void home_make(struct home *home);
void home_remove(struct home *home);

/* The absolute path of a file in the home; returns path. */
const char *home_path(
    const struct home *home, const char *name, char path[HOME_PATH]);

/* Writes control/NAME, in place of an older one. */
void home_control(const struct home *home, const char *name, const char *text);
void home_control_bytes(
    const struct home *home, const char *name, const void *data, size_t length);

/* Removes control/NAME, if it is there. */
void home_remove_control(const struct home *home, const char *name);

/* Writes smtproutes: all mail goes to [ADDRESS]:PORT. */
void home_route_all(
    const struct home *home, const char *address, unsigned port);

/* Writes any file of the home. */
void home_write(
    const struct home *home, const char *name, const void *data, size_t length);

/* Reads any file; returns false when it does not exist. */
bool home_read(const struct home *home, const char *name, struct bytes *bytes);

/* The tables of timeouts; length is 0 when there is none. */
void home_tcpto(const struct home *home, struct bytes *bytes);
void home_tcpto6(const struct home *home, struct bytes *bytes);

/* Removes a directory and everything below it. */
void home_remove_tree(const char *path);

#endif
