/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/greet.h"
#include "i18n.h"
#include "session/trouble.h"
#include "xalloc.h"

/* How one call to a server ended. */
enum call {
	CALL_READY,
	CALL_FAILED,
	CALL_HUNG_UP,	 /* at EHLO: it may be older than that */
	CALL_TLS_FAILED, /* the connection is spoilt, the server is not */
	CALL_NO_TLS,	 /* it has none, where there has to be TLS */
	CALL_HOPELESS
};

/* One call: what it needs to know, and what it fills in. */
struct call_state {
	struct attempts *attempts;
	struct dial *dial;
	size_t index; /* of the server */
	const struct server *server;
	enum tls_policy policy;
	bool helo_only;
	struct opening *opening;
	struct failure *failure;
};

static struct dialogue dialogue_of(const struct call_state *call)
{
	return (struct dialogue){.stream = &call->opening->stream,
	    .server = call->opening->server,
	    .timeout = call->attempts->settings->timeout_remote,
	    .limit = call->attempts->deadline};
}

static const char *peer_name(const struct call_state *call)
{
	return call->server->exchanger->name != NULL
		   ? call->server->exchanger->name
		   : call->opening->server;
}

static void start_clear_stream(struct opening *opening)
{
	struct transport transport =
	    transport_descriptors(opening->connection, opening->connection);

	opening->relay.process = 0;
	opening->tls[0] = '\0';
	stream_open(&opening->stream, &transport);
}

/* Says that TLS with the server came to nothing, and why. */
static void set_tls_failure(
    const struct call_state *call, const struct reason *reason)
{
	failure_set(call->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but TLS with %s failed: %s. (#4.7.0)\n"),
	    call->opening->server, peer_name(call), reason->local);
	call->failure->rank = FAILURE_ANSWERED;
}

/* The same where the server has spoken: what it said stays in the failure. */
static void set_hello_failure(const struct call_state *call)
{
	const char *end = strchr(call->failure->text, '\n');
	struct reason reason = {.english = ""};

	reason_set(&reason, N_("no good answer to EHLO"));
	set_tls_failure(call, &reason);
	if (end != NULL)
		failure_add(call->failure, "%s", end + 1);
}

/*
 * The server's capabilities from before TLS are forgotten: anybody could
 * have written them.  In TLS 1.3 a server refuses our certificate, or the
 * lack of one, only after the handshake, so that the reply to EHLO is part of
 * it.
 */
static enum call hello_again(const struct call_state *call)
{
	struct opening *opening = call->opening;
	int local = opening->relay.local;
	struct transport transport = transport_descriptors(local, local);
	struct dialogue dialogue = dialogue_of(call);
	struct reason reason = {.english = ""};

	stream_open(&opening->stream, &transport);
	if (greet_hello(&dialogue, call->attempts->settings->helohost,
		&opening->capabilities, call->failure) == GREET_HELLO_DONE)
		return CALL_READY;
	if (call->failure->rank == FAILURE_DIED) {
		relay_explain_end(&opening->relay, &reason);
		set_tls_failure(call, &reason);
	} else {
		set_hello_failure(call);
	}
	return CALL_TLS_FAILED;
}

/* What the report of success says of the session. */
static void summarize(
    struct opening *opening, const char *name, const struct reason *doubt)
{
	const struct handshake *handshake = &opening->handshake;

	if (doubt == NULL)
		snprintf(opening->tls, sizeof opening->tls,
		    "%s, %s, verified %s", handshake->protocol,
		    handshake->cipher, name);
	else
		snprintf(opening->tls, sizeof opening->tls,
		    "%s, %s, unverified (%s)", handshake->protocol,
		    handshake->cipher, doubt->english);
}

/* The name or address to verify; a name is absolute without its last dot. */
static char *wanted_name(const struct call_state *call)
{
	char *name = xstrdup(peer_name(call));
	size_t length = strlen(name);

	if (length > 0 && name[length - 1] == '.')
		name[length - 1] = '\0';
	return name;
}

static enum call shake_hands(const struct call_state *call)
{
	struct opening *opening = call->opening;
	struct handshake *handshake = &opening->handshake;
	char *name = wanted_name(call);
	bool verified;

	relay_shake_hands(&opening->relay,
	    deadline_earlier(
		deadline_in(call->attempts->settings->timeout_connect),
		call->attempts->deadline),
	    handshake);
	if (handshake->chain_trusted && !(handshake->named & TLS_FOR_POLICY))
		handshake_explain_names(handshake, name, &handshake->reason);
	verified = handshake->chain_trusted &&
		   (handshake->named & TLS_FOR_POLICY) != 0;
	summarize(opening, name, verified ? NULL : &handshake->reason);
	free(name);
	if (handshake->done && (verified || call->policy != TLS_POLICY_VERIFY))
		return hello_again(call);
	if (handshake->misconfigured) {
		failure_set(call->failure, FAILURE_TEMPORARY,
		    _("GnuTLS could not be set up: %s. (#4.3.0)\n"),
		    handshake->reason.local);
		return CALL_HOPELESS;
	}
	set_tls_failure(call, &handshake->reason);
	return CALL_TLS_FAILED;
}

/*
 * STARTTLS was refused, with the failure.  Some servers hang up then; a
 * second EHLO shows whether this one is still there.
 */
static enum call do_without_tls(const struct call_state *call)
{
	struct opening *opening = call->opening;
	struct dialogue dialogue = dialogue_of(call);
	struct failure refusal = *call->failure, ignored;

	relay_abandon(&opening->relay);
	if (call->policy != TLS_POLICY_TRY) {
		greet_quit(&dialogue);
		return CALL_TLS_FAILED;
	}
	opening->clear_reason = refusal.text;
	return greet_hello(&dialogue, call->attempts->settings->helohost,
		   &opening->capabilities, &ignored) == GREET_HELLO_DONE
		   ? CALL_READY
		   : CALL_TLS_FAILED;
}

static bool start_relay(const struct call_state *call)
{
	const struct settings *settings = call->attempts->settings;
	char *name = wanted_name(call);
	struct tls_name wanted = {name, TLS_FOR_POLICY};
	struct tls_task task = {.server = name,
	    .sni = call->server->exchanger->name != NULL ? name : NULL,
	    .names = &wanted,
	    .name_count = 1,
	    .anchors = settings->trustanchors,
	    .clientcert = settings->clientcert,
	    .clientkey = settings->clientkey,
	    .run_directory = call->attempts->run_directory,
	    .lenient = call->policy != TLS_POLICY_VERIFY};
	bool started = relay_start(&call->opening->relay, &task,
	    call->opening->connection, call->failure);

	free(name);
	return started;
}

/* The relay starts, and loads what it needs, while the server answers. */
static enum call start_tls(const struct call_state *call)
{
	struct opening *opening = call->opening;
	struct failure *failure = call->failure;
	struct dialogue dialogue = dialogue_of(call);
	enum greet_tls answer;

	greet_ask_tls(&dialogue);
	if (!start_relay(call))
		return CALL_HOPELESS;
	answer = greet_hear_tls(&dialogue, call->failure);
	if (!relay_await(&opening->relay, failure))
		return CALL_HOPELESS;
	switch (answer) {
	case GREET_TLS_READY: return shake_hands(call);
	case GREET_TLS_REFUSED: return do_without_tls(call);
	case GREET_TLS_BROKEN: break;
	}
	return CALL_TLS_FAILED;
}

static enum call lack_tls(const struct call_state *call)
{
	struct dialogue dialogue = dialogue_of(call);

	failure_set(call->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but %s does not offer STARTTLS. (#4.7.0)\n"),
	    call->opening->server, peer_name(call));
	call->failure->rank = FAILURE_ANSWERED;
	greet_quit(&dialogue);
	return CALL_NO_TLS;
}

/* The dialogue up to a session in which MAIL can be said. */
static enum call converse(const struct call_state *call)
{
	struct opening *opening = call->opening;
	struct dialogue dialogue = dialogue_of(call);
	const char *helohost = call->attempts->settings->helohost;

	if (!greet_welcome(&dialogue, call->failure))
		return CALL_FAILED;
	switch (call->helo_only ? greet_helo(&dialogue, helohost,
				      &opening->capabilities, call->failure)
				: greet_hello(&dialogue, helohost,
				      &opening->capabilities, call->failure)) {
	case GREET_HELLO_FAILED: return CALL_FAILED;
	case GREET_HELLO_HUNG_UP: return CALL_HUNG_UP;
	case GREET_HELLO_DONE: break;
	}
	if (call->policy == TLS_POLICY_NEVER)
		return CALL_READY;
	if (opening->capabilities.set & CAPABILITY_STARTTLS)
		return start_tls(call);
	return call->policy == TLS_POLICY_TRY ? CALL_READY : lack_tls(call);
}

static void hang_up(struct opening *opening)
{
	relay_abandon(&opening->relay);
	close(opening->connection);
}

static enum call speak(const struct call_state *call)
{
	enum call result;

	start_clear_stream(call->opening);
	result = converse(call);
	if (result == CALL_TLS_FAILED || result == CALL_NO_TLS)
		call->failure->unmet = call->policy == TLS_POLICY_VERIFY;
	if (result != CALL_READY)
		hang_up(call->opening);
	return result;
}

/* Calls again; of the failures the better one stays. */
static enum call call_again(const struct call_state *call)
{
	struct failure first = *call->failure;
	enum call result = CALL_FAILED;

	if (dial_again(call->dial, call->index, &call->opening->connection,
		call->failure))
		result = speak(call);
	failure_keep(&first, call->failure);
	*call->failure = first;
	return result;
}

/*
 * A server that hangs up on EHLO is from before 1995 and knows HELO (RFC 5321
 * section 3.2); one whose TLS does not work is spoken to in clear.
 */
static enum call speak_as_needed(struct call_state *call)
{
	enum call result = speak(call);

	if (result == CALL_HUNG_UP && call->policy <= TLS_POLICY_TRY) {
		call->helo_only = true;
		call->policy = TLS_POLICY_NEVER;
		result = call_again(call);
	} else if (result == CALL_TLS_FAILED &&
		   call->policy == TLS_POLICY_TRY) {
		call->opening->clear_reason = call->failure->text;
		call->policy = TLS_POLICY_NEVER;
		result = call_again(call);
	}
	return result;
}

enum attempt_result attempt_server(struct attempts *attempts, struct dial *dial,
    size_t server, enum tls_policy policy, struct opening *opening,
    struct failure *failure)
{
	struct call_state call = {.attempts = attempts,
	    .dial = dial,
	    .index = server,
	    .server = dial_server(dial, server),
	    .policy = policy,
	    .opening = opening,
	    .failure = failure};

	ip_format(&call.server->ip, opening->server);
	switch (speak_as_needed(&call)) {
	case CALL_READY: return ATTEMPT_READY;
	case CALL_HOPELESS: return ATTEMPT_HOPELESS;
	case CALL_NO_TLS: return ATTEMPT_NO_TLS;
	case CALL_TLS_FAILED: return ATTEMPT_TLS_FAILED;
	case CALL_FAILED:
	case CALL_HUNG_UP: break;
	}
	return ATTEMPT_FAILED;
}
