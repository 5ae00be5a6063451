/* SPDX-License-Identifier: ISC */
/*
 * Going over a plan's servers, in order: where TLS is only preferred, a second
 * time in clear, over those that offered no TLS, and still offer none, or whose
 * TLS failed.  A delivery stops where its outcome is decided; who wants to know
 * about all servers goes on, and the outcome stays what it was.
 *
 *     passes_start(&passes, &plan, &opening);
 *     while (!passes.decided && passes_next(&passes) != NULL)
 *             continue;
 *     passes_end(&passes);
 */
#ifndef SESSION_PASSES_H
#define SESSION_PASSES_H

#include "session/attempt.h"
#include "session/dial.h"
#include "session/plan.h"

/* One server: how it is called, and what has come of it. */
struct trial {
	struct server server;
	struct demand demand; /* of the last call, or the next one */
	bool barred;	      /* it must not be called: the failure says why */
	bool again;	      /* it is one of the second pass */
	struct dial_call call;
	bool tried; /* it was spoken to, with that result */
	enum attempt_result result;
	struct failure failure; /* unless ready */
	struct opening *opening;
};

struct passes {
	const struct plan *plan;
	struct trial *trials; /* one for each server of the plan, in order */
	size_t count;
	/* Whether the outcome of a delivery is known: it is that trial, or, for
	   NULL, the failure, which before that is the most telling so far. */
	bool decided;
	const struct trial *chosen;
	struct failure failure;

	/* Their own. */
	bool all, second, dialling;
	struct dial dial;
	struct servers servers; /* of the pass, as they are dialled */
	size_t *numbers;	/* of their trials */
};

/*
 * With an opening, it is used for all servers, and stays as it is for the one
 * that is ready.  With NULL each server gets its own, which keeps all facts;
 * sessions that are ready end with QUIT, and tcpto stays as it is.
 *
 * They stay at their place.  Even before the first call the outcome may be
 * decided.
 */
void passes_start(
    struct passes *passes, const struct plan *plan, struct opening *opening);

/*
 * Speaks to the next server that is there.  NULL when none is left; then the
 * outcome is decided.
 */
const struct trial *passes_next(struct passes *passes);

/* Closes what is under way.  What is known of the trials stays. */
void passes_end(struct passes *passes);

#endif
