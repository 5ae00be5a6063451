/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "session/encrypt.h"
#include "session/evidence.h"
#include "session/greet.h"
#include "xalloc.h"

/* How one call to a server ended. */
enum call_result {
	CALL_READY,
	CALL_FAILED,
	CALL_HUNG_UP,	 /* at EHLO: it may be older than that */
	CALL_TLS_FAILED, /* the connection is spoilt, the server is not */
	CALL_NO_TLS,	 /* it has none, where there has to be TLS */
	CALL_HOPELESS
};

/* One call: what it is to come to, and what it fills in. */
struct call {
	const struct attempt *attempt;
	enum demand_tls tls;
	bool helo_only;
	struct opening *opening;
	struct failure *failure;
};

static enum greet_hello say_hello(const struct call *call)
{
	struct opening *opening = call->opening;
	struct dialogue dialogue = opening_dialogue(opening);

	return (call->helo_only ? greet_helo : greet_hello)(&dialogue,
	    opening->helohost, &opening->capabilities, call->failure);
}

/*
 * The server's capabilities from before TLS are forgotten: anybody could
 * have written them.
 */
static enum call_result hello_under_tls(const struct call *call)
{
	if (say_hello(call) == GREET_HELLO_DONE)
		return CALL_READY;
	encrypt_explain_hello(
	    call->attempt->demand, call->opening, call->failure);
	return CALL_TLS_FAILED;
}

/*
 * STARTTLS was refused, with the failure.  Some servers hang up then; a
 * second EHLO shows whether this one is still there.
 */
static enum call_result do_without_tls(const struct call *call)
{
	struct dialogue dialogue = opening_dialogue(call->opening);
	struct failure refusal = *call->failure;
	enum greet_hello hello;

	if (call->tls == DEMAND_TLS) {
		greet_quit(&dialogue);
		return CALL_TLS_FAILED;
	}
	hello = say_hello(call);
	*call->failure = refusal;
	call->opening->clear_reason = refusal.text;
	return hello == GREET_HELLO_DONE ? CALL_READY : CALL_TLS_FAILED;
}

static enum call_result start_tls(const struct call *call)
{
	const struct attempt *attempt = call->attempt;

	switch (encrypt_by_starttls(
	    attempt->terms, attempt->demand, call->opening, call->failure)) {
	case ENCRYPT_DONE: return hello_under_tls(call);
	case ENCRYPT_REFUSED: return do_without_tls(call);
	case ENCRYPT_HOPELESS: return CALL_HOPELESS;
	case ENCRYPT_FAILED: break;
	}
	return CALL_TLS_FAILED;
}

/*
 * Whether the server has refused EHLO for now, and taken HELO: it may have TLS
 * another time.
 */
static bool is_unsure(const struct call *call)
{
	return call->opening->capabilities.set & CAPABILITY_UNSURE;
}

/* What the server said to EHLO, if it was that, stays in the failure. */
static void explain_lack(const struct call *call)
{
	const struct opening *opening = call->opening;
	const char *origin = call->attempt->demand->tls_origin;
	const char *said =
	    is_unsure(call) ? strchr(call->failure->text, '\n') : NULL;

	if (origin != NULL)
		failure_set(call->failure, FAILURE_TEMPORARY,
		    _("Connected to %s but %s does not offer STARTTLS, "
		      "demanded by %s. (#4.7.0)\n"),
		    opening->address, opening->name, origin);
	else
		failure_set(call->failure, FAILURE_TEMPORARY,
		    _("Connected to %s but %s does not offer STARTTLS. "
		      "(#4.7.0)\n"),
		    opening->address, opening->name);
	if (said != NULL)
		failure_add(call->failure, "%s", said + 1);
	call->failure->rank = FAILURE_ANSWERED;
}

static enum call_result lack_tls(const struct call *call)
{
	struct dialogue dialogue = opening_dialogue(call->opening);

	if (call->tls == DEMAND_TRY && !is_unsure(call))
		return CALL_READY;
	explain_lack(call);
	if (call->tls == DEMAND_TRY) {
		call->opening->clear_reason = call->failure->text;
		return CALL_READY;
	}
	greet_quit(&dialogue);
	return CALL_NO_TLS;
}

/* Greeting and EHLO, in clear or under TLS from the first byte. */
static enum call_result get_acquainted(const struct call *call)
{
	struct dialogue dialogue = opening_dialogue(call->opening);

	if (!greet_welcome(&dialogue, call->failure))
		return CALL_FAILED;
	switch (say_hello(call)) {
	case GREET_HELLO_FAILED: return CALL_FAILED;
	case GREET_HELLO_HUNG_UP: return CALL_HUNG_UP;
	case GREET_HELLO_DONE: break;
	}
	return CALL_READY;
}

static enum call_result converse_in_clear(const struct call *call)
{
	enum call_result result = get_acquainted(call);

	if (result != CALL_READY || call->tls == DEMAND_CLEAR)
		return result;
	if (call->opening->capabilities.set & CAPABILITY_STARTTLS)
		return start_tls(call);
	return lack_tls(call);
}

static enum call_result converse_under_tls(const struct call *call)
{
	const struct attempt *attempt = call->attempt;

	switch (encrypt_at_once(
	    attempt->terms, attempt->demand, call->opening, call->failure)) {
	case ENCRYPT_DONE: return get_acquainted(call);
	case ENCRYPT_HOPELESS: return CALL_HOPELESS;
	default: return CALL_TLS_FAILED;
	}
}

/* What is demanded beyond TLS: REQUIRETLS counts only under it (RFC 8689). */
static enum call_result look_at_extensions(const struct call *call)
{
	const struct opening *opening = call->opening;
	struct dialogue dialogue = opening_dialogue(call->opening);

	if (!call->attempt->demand->requiretls ||
	    (opening->capabilities.set & CAPABILITY_REQUIRETLS))
		return CALL_READY;
	failure_set(call->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but %s does not offer REQUIRETLS, demanded by "
	      "%s. (#4.7.30)\n"),
	    opening->address, opening->name,
	    call->attempt->demand->origins[CHECK_VERIFIED]);
	call->failure->rank = FAILURE_ANSWERED;
	call->failure->unmet = true;
	greet_quit(&dialogue);
	return CALL_FAILED;
}

/* The channel binding is that of this connection. */
static enum call_result authenticate(const struct call *call)
{
	struct opening *opening = call->opening;
	const struct handshake *handshake = &opening->handshake;
	bool bound = opening->relay.process != 0 && handshake->bound;
	struct dialogue dialogue = opening_dialogue(opening);
	struct auth_task task;

	if (call->attempt->auth == NULL)
		return CALL_READY;
	task = *call->attempt->auth;
	task.binding = bound ? handshake->binding : NULL;
	task.binding_size = bound ? sizeof handshake->binding : 0;
	switch (auth_run(&dialogue, opening->capabilities.auth, &task,
	    &opening->mechanism, call->failure)) {
	case AUTH_DONE: return CALL_READY;
	case AUTH_REFUSED: return CALL_HOPELESS;
	case AUTH_NEXT_SERVER: break;
	}
	return CALL_FAILED;
}

/* Speaks to the server over a connection, which is closed unless ready. */
static enum call_result call_over(const struct call *call, int connection)
{
	const struct demand *demand = call->attempt->demand;
	enum call_result result;

	opening_start_clear(call->opening, connection);
	result = demand->implicit ? converse_under_tls(call)
				  : converse_in_clear(call);
	if (result == CALL_READY)
		result = look_at_extensions(call);
	if (result == CALL_READY)
		result = authenticate(call);
	if (result == CALL_TLS_FAILED || result == CALL_NO_TLS)
		call->failure->unmet =
		    demand->tls == DEMAND_TLS && !demand->yields;
	if (result != CALL_READY)
		opening_hang_up(call->opening);
	return result;
}

/* Calls again, unless it is too late; of the failures the better one stays. */
static enum call_result call_again(const struct call *call)
{
	const struct attempt *attempt = call->attempt;
	struct failure first = *call->failure;
	enum call_result result = CALL_FAILED;
	int connection;

	if (dial_again(
		attempt->dial, attempt->server, &connection, call->failure))
		result = call_over(call, connection);
	failure_keep(&first, call->failure);
	*call->failure = first;
	return result;
}

/*
 * A server that hangs up on EHLO is from before 1995 and knows HELO (RFC 5321
 * section 3.2); one whose TLS does not work is spoken to in clear.  In both
 * cases it may have TLS another time, and what it then says may be different.
 */
static enum call_result call_as_needed(struct call *call, int connection)
{
	enum call_result result = call_over(call, connection);

	if (call->tls == DEMAND_TLS ||
	    (result != CALL_TLS_FAILED && result != CALL_HUNG_UP))
		return result;
	call->helo_only = result == CALL_HUNG_UP;
	if (call->tls == DEMAND_TRY)
		call->opening->clear_reason = call->failure->text;
	call->tls = DEMAND_CLEAR;
	return call_again(call);
}

enum attempt_result attempt_server(const struct attempt *attempt,
    int connection, struct opening *opening, struct failure *failure)
{
	struct call call = {.attempt = attempt,
	    .tls = attempt->demand->tls,
	    .opening = opening,
	    .failure = failure};

	switch (call_as_needed(&call, connection)) {
	case CALL_READY:
		*failure = (struct failure){.rank = FAILURE_NONE};
		return ATTEMPT_READY;
	case CALL_HOPELESS: return ATTEMPT_HOPELESS;
	case CALL_HUNG_UP: /* it may know HELO, which comes without TLS */
	case CALL_NO_TLS: return ATTEMPT_NO_TLS;
	case CALL_TLS_FAILED: return ATTEMPT_TLS_FAILED;
	case CALL_FAILED: break;
	}
	return ATTEMPT_FAILED;
}

char *attempt_notes(const struct terms *terms, const struct opening *opening)
{
	const char *summary = opening->summary; /* NULL in clear */
	char *test = evidence_test_sts(terms, opening->server,
	    summary != NULL ? &opening->handshake : NULL);
	char *notes = xasprintf("%s%s%s", test != NULL ? test : "",
	    test != NULL && summary != NULL ? "\n" : "",
	    summary != NULL ? summary : "");

	free(test);
	return notes;
}
