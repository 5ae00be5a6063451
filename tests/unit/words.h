/* SPDX-License-Identifier: ISC */
/* A cache of words, which is compiled from lines "key value". */
#ifndef WORDS_H
#define WORDS_H

#include <time.h>

#include "cdbcache.h"
#include "home.h"

#define RUN "run/qmail-remote"
#define FILE_CDB RUN "/words.cdb"
#define FILE_LOCK RUN "/words.lock"
#define SOURCE "control/words"

extern const struct cdbcache_source words_source;

/* Makes a home and goes there: a fixture. */
void words_enter(void);
struct home *words_home(void);

/* For root: gives the home to nobody, but not what is in RUN, and goes on as
 * that user. */
void words_become_nobody(void);

/* How often the source was compiled since then. */
int words_compilations(void);

/* Writes the source; the key "bad" makes it unfit. */
void words_write(const char *text);

/* Both times of a file, so many seconds ago. */
void words_set_times(const char *file, time_t age);

/* All values of key, separated by blanks. */
const char *words_in(struct sealedcdb *cache, const char *key, char text[1000]);

/* The same, opening the cache in RUN; "-" when the source is bad. */
const char *words_values(const char *key);

#endif
