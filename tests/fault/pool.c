/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "pool.h"

#include <err.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record.h"

enum { SHOWN = 20 };

/* Shared by the processes. */
struct progress {
	atomic_size_t next, done, wrong;
};

/* FAULT_SAMPLE asks for a larger sample than that of each day. */
static size_t stride_of(const struct pool *pool)
{
	const char *larger = getenv("FAULT_SAMPLE");
	size_t sample = larger != NULL ? strtoul(larger, NULL, 10) : 0;

	if (sample < pool->sample)
		sample = pool->sample;
	if (getenv("FAULT_FULL") != NULL || getenv("FAULT_ONLY") != NULL ||
	    sample >= pool->count)
		return 1;
	return pool->count / sample;
}

/* The one case that the environment asks for, or else count. */
static size_t only(const struct pool *pool)
{
	const char *number = getenv("FAULT_ONLY");

	return number != NULL ? strtoul(number, NULL, 10) : pool->count;
}

static _Noreturn void work(const struct pool *pool, struct progress *progress)
{
	size_t stride = stride_of(pool), number;
	void *worker;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	worker = pool->begin(pool->context);
	while ((number = stride * atomic_fetch_add(&progress->next, 1)) <
	       pool->count) {
		char *wrong;

		if (only(pool) != pool->count && only(pool) != number)
			continue;
		wrong = pool->run(worker, number);

		if (wrong != NULL &&
		    atomic_fetch_add(&progress->wrong, 1) < SHOWN)
			fprintf(
			    stderr, "%s %zu: %s\n", pool->name, number, wrong);
		free(wrong);
		atomic_fetch_add(&progress->done, 1);
	}
	pool->end(worker);
	_exit(0);
}

static size_t wait_for_all(void)
{
	size_t lost = 0;
	int status;

	while (wait(&status) != -1)
		lost += status != 0;
	return lost;
}

/* FAULT_KIND asks for those alone whose name begins so. */
static bool is_wanted(const struct pool *pool)
{
	const char *kind = getenv("FAULT_KIND");

	return kind == NULL || strncmp(pool->name, kind, strlen(kind)) == 0;
}

size_t pool_run(const struct pool *pool)
{
	struct progress *progress;
	int64_t began = record_now();
	size_t wrong;

	if (!is_wanted(pool))
		return 0;
	progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED)
		err(99, "pool");
	fflush(NULL);
	for (unsigned i = 0; i < pool->processes; i++) {
		pid_t child = fork();

		if (child == -1)
			err(99, "pool: fork");
		if (child == 0)
			work(pool, progress);
	}
	wrong = wait_for_all();
	wrong += atomic_load(&progress->wrong);
	printf("# %s: %zu cases of %zu, %.1f s, %zu findings\n", pool->name,
	    (size_t)atomic_load(&progress->done), pool->count,
	    (double)(record_now() - began) / 1e6, wrong);
	fflush(stdout);
	munmap(progress, sizeof *progress);
	return wrong;
}
