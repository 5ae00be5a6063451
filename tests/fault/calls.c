/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "calls.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "pool.h"
#include "suite.h"

#define SHIM "tests/fault/shim.so"

enum { PROCESSES = 4, TIMEOUT = 4, REHEARSALS = 3, SPARE = 1 };

struct one_call {
	enum fault_role role;
	enum fault_call call;
	uint32_t nth;
	int error;
};

struct series {
	struct rig_shared shared;
	char *shim;
	struct one_call *list;
	size_t count;
};

struct worker {
	const struct series *series;
	struct rig rig;
};

#define NAME(name) #name,
static const char *const call_names[] = {FAULT_CALLS(NAME)};
static const char *const role_names[] = {
    "qmail-remote", "qmail-remote-io", "relay"};

static void *begin(const void *context)
{
	struct worker *worker = calloc(1, sizeof *worker);

	if (worker == NULL)
		err(99, "worker");
	worker->series = context;
	rig_make(&worker->rig, &worker->series->shared, TIMEOUT);
	return worker;
}

static void end(void *worker)
{
	rig_free(&((struct worker *)worker)->rig);
	free(worker);
}

/* Caches are removed, so that they have to be made again. */
static void deliver_with(struct worker *worker, const struct one_call *call)
{
	static const char *const caches[] = {"run/qmail-remote/smtproutes.cdb",
	    "run/qmail-remote/trustanchors.cdb"};
	struct rig *rig = &worker->rig;
	char path[HOME_PATH];

	for (size_t i = 0; i < sizeof caches / sizeof *caches; i++)
		unlink(home_path(&rig->home, caches[i], path));
	*rig->page = (struct fault_page){.role = call->role,
	    .call = call->call,
	    .nth = call->nth,
	    .error = call->error};
	rig_deliver(rig, rig_serve(rig, RIG_ADDRESS), worker->series->shim);
	rig_stop(rig);
}

/* Whether the program was kept from reporting. */
static bool is_silenced(
    const struct fault_page *page, const struct one_call *call)
{
	return page->hits > 0 && call->call == FAULT_write &&
	       page->target == STDOUT_FILENO && call->error != FAULT_SHORT &&
	       call->error != EINTR;
}

static char *run(void *context, size_t number)
{
	struct worker *worker = context;
	const struct one_call *call = &worker->series->list[number];
	const char *wrong;

	deliver_with(worker, call);
	wrong = rig_judge(&worker->rig, rig_accepted(&worker->rig),
	    is_silenced(worker->rig.page, call));
	if (wrong == NULL)
		return NULL;
	return rig_describe(&worker->rig, "%s, %s %u of descriptor %d: %s: %s",
	    role_names[call->role], call_names[call->call], call->nth,
	    worker->rig.page->target,
	    call->error == FAULT_SHORT ? "short" : strerror(call->error),
	    wrong);
}

/* How often each call is made, at most, when nothing fails. */
static void rehearse(const struct series *series, struct fault_page *page)
{
	static const struct one_call nothing;
	struct worker *worker = begin(series);

	*page = (struct fault_page){0};
	for (int i = 0; i < REHEARSALS; i++) {
		deliver_with(worker, &nothing);
		if (worker->rig.page->counts[FAULT_REMOTE][FAULT_malloc] == 0)
			errx(99, "the library counts nothing");
		if (series->shared.kind->tool != NULL &&
		    !rig_tool_works(&worker->rig))
			errx(99, "the tool does not work at all");
		for (int role = 0; role < FAULT_ROLE_COUNT; role++)
			for (int call = 0; call < FAULT_CALL_COUNT; call++)
				if (page->counts[role][call] <
				    worker->rig.page->counts[role][call])
					page->counts[role][call] =
					    worker->rig.page
						->counts[role][call];
	}
	end(worker);
}

static void add(struct series *series, struct one_call call)
{
	series->list =
	    reallocarray(series->list, series->count + 1, sizeof *series->list);
	if (series->list == NULL)
		err(99, "calls");
	series->list[series->count++] = call;
}

static void add_row(struct series *series, const struct calls_row *row,
    const struct fault_page *page)
{
	for (int role = 0; role < FAULT_ROLE_COUNT; role++) {
		uint32_t last = page->counts[role][row->call];

		for (uint32_t nth = 1; last > 0 && nth <= last + SPARE; nth++)
			for (size_t i = 0;
			     i < CALLS_ERRORS && row->errors[i] != 0; i++)
				add(series,
				    (struct one_call){(enum fault_role)role,
					row->call, nth, row->errors[i]});
	}
}

/* Returns how many deliveries did not end as they have to. */
static size_t run_all(
    const struct calls_matrix *matrix, const struct rig_kind *kind)
{
	struct series series = {.shim = realpath(SHIM, NULL)};
	struct fault_page page;
	size_t wrong;

	rig_share(&series.shared, kind);
	rehearse(&series, &page);
	for (size_t i = 0; i < matrix->row_count; i++)
		add_row(&series, &matrix->rows[i], &page);
	wrong = pool_run(&(struct pool){.name = kind->name,
	    .count = series.count,
	    .sample = matrix->sample,
	    .processes = PROCESSES,
	    .context = &series,
	    .begin = begin,
	    .end = end,
	    .run = run});
	rig_unshare(&series.shared);
	free(series.list);
	free(series.shim);
	return wrong;
}

/* Check gives its tests no argument but a number. */
static const struct calls_matrix *matrix;

START_TEST(call_fails)
{
	if (access(SHIM, R_OK) == 0)
		ck_assert_uint_eq(run_all(matrix, &matrix->kinds[_i]), 0);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_set_timeout(tcase, 3600);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, call_fails, 0, (int)matrix->kind_count);
}

int calls_main(const struct calls_matrix *tested)
{
	matrix = tested;
	return suite_run_on_loopback(tested->name, fill);
}
