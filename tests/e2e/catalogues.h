/* SPDX-License-Identifier: ISC */
/*
 * The message catalogues of the sources, and one of a language made up here:
 * every text in it begins with a mark, and has accents.
 */
#ifndef CATALOGUES_H
#define CATALOGUES_H

#include "home.h"

#define CATALOGUES_MADE_UP "xx"
/* A text must not pass for a report, not even with the letter of success. */
#define CATALOGUES_MARK "K "

/* Ended by NULL. */
extern const char *const catalogues_languages[];

/*
 * Compiles them all to the home's own directory.  Returns a locale in which
 * LANGUAGE chooses among them, or NULL when there is none, or no msgfmt, or
 * no translation at all in this build.  A catalogue with mistakes ends the
 * process.
 */
const char *catalogues_make(const struct home *home);

#endif
