/* SPDX-License-Identifier: ISC */
/*
 * What is kept of the policies of domains, in RUN/mta-sts, a file for each,
 * named like the domain and written into a temporary file that is then renamed.
 * A file that is cut, changed or another's counts as absent.  A directory that
 * cannot be used keeps nothing.
 */
#ifndef STS_CACHE_H
#define STS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deadline.h"
#include "sts/record.h"

struct sts_cache {
	char *directory, *domain;
	int lock; /* -1 unless it is held */
};

/* Times are seconds since 1970.  An id is empty where there is none. */
struct sts_entry {
	char id[STS_ID_MAX + 1]; /* for which the text was fetched */
	int64_t fetched;
	char *text; /* the policy as it was fetched; NULL for none */
	size_t size;
	char failed_id[STS_ID_MAX + 1]; /* for which a fetch failed last */
	int64_t failed;
};

/*
 * Whether domain, in lower case, is a name that a policy host can have, and a
 * file: letters, digits, hyphens and underscores between dots, as far as there
 * is room for "mta-sts." before it.
 */
bool sts_cache_takes(const char *domain);

/* Of a domain that sts_cache_takes. */
void sts_cache_open(
    struct sts_cache *cache, const char *run_directory, const char *domain);

/* Gives the lock back, if it is held. */
void sts_cache_close(struct sts_cache *cache);

/*
 * Fills the entry, with nothing where there is none, and says whether there is
 * one.  Waits for nobody.
 */
bool sts_cache_read(const struct sts_cache *cache, struct sts_entry *entry);

void sts_entry_free(struct sts_entry *entry);

/*
 * Takes the lock of the domain, for which only one process then fetches; makes
 * the directory if it is missing.  *waited says whether another one had it.
 * Returns false when it cannot be had until the deadline, or never.
 */
bool sts_cache_lock(
    struct sts_cache *cache, struct deadline deadline, bool *waited);

/* Under the lock.  Returns false, and leaves what was there, when it cannot. */
bool sts_cache_write(
    const struct sts_cache *cache, const struct sts_entry *entry);

#endif
