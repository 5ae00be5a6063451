/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "i18n.h"
#include "report.h"
#include "session/greet.h"
#include "session/trouble.h"
#include "xalloc.h"

enum {
	COMMAND_MAX = 512, /* octets, with CRLF (RFC 5321 section 4.5.3.1.4) */
	CHALLENGE_MAX = 4096, /* octets, as they are sent */
	ROUNDS_MAX = 8
};

/* The present state.  The steps return whether the server is to answer; if
   not, the result and the failure tell. */
struct exchange {
	const struct dialogue *dialogue;
	const struct mechanism *mechanism;
	struct sasl *sasl;
	const struct credentials *credentials;
	struct failure *failure;
	enum exchange_result result;
	char *response;	   /* base64, to be said next; NULL: none yet */
	bool complete;	   /* success may come */
	bool over;	   /* there is nothing more to be said */
	unsigned rounds;   /* challenges up to now */
	char *explanation; /* the server's words on its refusal; or NULL */
	struct reply reply;
};

/* Appends what the server has said, and before that perhaps explained. */
static void quote(struct exchange *exchange)
{
	exchange->failure->rank = FAILURE_ANSWERED;
	exchange->failure->unmet = true;
	dialogue_quote(exchange->dialogue, &exchange->reply, exchange->failure);
	if (exchange->explanation != NULL)
		failure_add(exchange->failure, _("Its explanation: %s\n"),
		    exchange->explanation);
}

/* The server has said that this does not work. */
static bool fail(struct exchange *exchange, enum exchange_result result)
{
	failure_set(exchange->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but authentication by %s failed. (#4.7.0)\n"),
	    exchange->dialogue->server, exchange->mechanism->name);
	quote(exchange);
	exchange->result = result;
	return false;
}

/* What the server has said is not how it is done. */
static bool fail_because(struct exchange *exchange, const char *reason)
{
	failure_set(exchange->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but authentication by %s failed: %s. "
	      "(#4.7.0)\n"),
	    exchange->dialogue->server, exchange->mechanism->name, reason);
	quote(exchange);
	exchange->result = EXCHANGE_FAILED;
	return false;
}

/* The same in the middle of it; who has been told so once is not told again. */
static bool cancel(struct exchange *exchange, const char *reason)
{
	if (!exchange->over)
		dialogue_say(exchange->dialogue, "*", "");
	return fail_because(exchange, reason);
}

static bool refuse(struct exchange *exchange)
{
	const struct credentials *credentials = exchange->credentials;

	failure_set(exchange->failure, FAILURE_TEMPORARY,
	    _("Connected to %s but it refused the credentials of %s line "
	      "%lu. (#4.7.8)\n"),
	    exchange->dialogue->server, credentials->file, credentials->line);
	quote(exchange);
	exchange->result = EXCHANGE_REFUSED;
	return false;
}

static bool die(struct exchange *exchange)
{
	trouble_died(exchange->failure, exchange->dialogue->server);
	exchange->result = EXCHANGE_FAILED;
	return false;
}

static void discard(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

/*
 * Has the mechanism respond to a challenge; the initial response has none,
 * NULL.
 */
static enum sasl_step respond(
    struct exchange *exchange, const char *challenge, size_t size)
{
	struct sasl_response response = {0};
	enum sasl_step step =
	    exchange->sasl->step(exchange->sasl, challenge, size, &response);

	exchange->complete = step == SASL_COMPLETE;
	if (step != SASL_RESPONSE && step != SASL_COMPLETE)
		return step;
	exchange->response = base64_encode(response.bytes, response.size);
	if (exchange->dialogue->mask != NULL)
		mask_add(exchange->dialogue->mask, exchange->response);
	explicit_bzero(response.bytes, response.size);
	free(response.bytes);
	return step;
}

/* Says what is to be said next. */
static bool say_response(struct exchange *exchange)
{
	bool said = dialogue_prove(exchange->dialogue, "", exchange->response);

	discard(&exchange->response);
	return said || die(exchange);
}

/* The server has said no within the mechanism, and is to say so in SMTP. */
static bool accept_refusal(struct exchange *exchange)
{
	exchange->over = true;
	return dialogue_say(exchange->dialogue, "*", "") || die(exchange);
}

/* Keeps what an OAuth server says of its refusal (RFC 7628 section 3.2.2). */
static void note_explanation(
    struct exchange *exchange, char *challenge, size_t size)
{
	if (exchange->dialogue->mask != NULL)
		size = mask_apply(exchange->dialogue->mask, challenge, size);
	challenge[size] = '\0';
	exchange->explanation = xcalloc(size + 1, 1);
	report_readable(exchange->explanation, size + 1, challenge);
}

static bool answer(struct exchange *exchange, char *challenge, size_t size)
{
	switch (respond(exchange, challenge, size)) {
	case SASL_RESPONSE:
		if (exchange->mechanism->bearer)
			note_explanation(exchange, challenge, size);
		return say_response(exchange);
	case SASL_COMPLETE: return say_response(exchange);
	case SASL_REFUSED: return accept_refusal(exchange);
	case SASL_FALSE:
		return cancel(exchange,
		    _("the server cannot prove that it knows the password"));
	default:
		return cancel(
		    exchange, _("the server's challenge makes no sense"));
	}
}

/* The initial response that had no room: the server has asked for it. */
static bool answer_at_last(struct exchange *exchange, size_t size)
{
	return size == 0 ? say_response(exchange)
			 : cancel(exchange,
			       _("the server's challenge makes no sense"));
}

/* The text of a reply, if it is one line that is not too long. */
static bool find_challenge(
    const struct reply *reply, const char **text, size_t *length)
{
	enum { CODE = 4 }; /* "334 " */
	const char *end = memchr(reply->text, '\n', reply->length);

	if (end == NULL || end + 1 != reply->text + reply->length)
		return false;
	*length = (size_t)(end - reply->text);
	*length = *length < CODE ? 0 : *length - CODE;
	*text = end - *length;
	return *length <= CHALLENGE_MAX;
}

static bool take_challenge(struct exchange *exchange)
{
	const char *text;
	char *challenge;
	size_t length, size;
	bool going_on;

	if (exchange->over || ++exchange->rounds > ROUNDS_MAX)
		return cancel(exchange, _("the server asks on and on"));
	if (!find_challenge(&exchange->reply, &text, &length))
		return cancel(
		    exchange, _("the server's challenge is too long"));
	if (!base64_decode(text, length, &challenge, &size))
		return cancel(
		    exchange, _("the server's challenge is not base64"));
	going_on = exchange->response != NULL
		       ? answer_at_last(exchange, size)
		       : answer(exchange, challenge, size);
	free(challenge);
	return going_on;
}

static bool take_success(struct exchange *exchange)
{
	if (exchange->complete && exchange->response == NULL) {
		exchange->result = EXCHANGE_DONE;
		return false;
	}
	return fail_because(exchange,
	    strncmp(exchange->mechanism->name, "SCRAM", 5) == 0
		? _("the server has not proved that it knows the password")
		: _("the server agrees before it has heard all"));
}

/* No other mechanism where the server has said more than this. */
static bool give_up_mechanism(struct exchange *exchange)
{
	return fail(exchange, dialogue_has_more(exchange->dialogue)
				  ? EXCHANGE_FAILED
				  : EXCHANGE_UNUSABLE);
}

/* Whether the server has said no more than was asked. */
static bool is_in_step(struct exchange *exchange)
{
	const struct dialogue *dialogue = exchange->dialogue;
	struct reply last;

	if (!dialogue_is_ended(dialogue, &last))
		return dialogue_is_in_step(dialogue, exchange->failure);
	exchange->reply = last;
	return fail(exchange, EXCHANGE_FAILED);
}

/*
 * A server that says more than was asked is not gone on with; but a refusal
 * stands, for some say 421 right after it and hang up.
 */
static bool take_reply(struct exchange *exchange)
{
	const struct dialogue *dialogue = exchange->dialogue;
	struct reply *reply = &exchange->reply;

	exchange->result = EXCHANGE_FAILED;
	if (!dialogue_hear(dialogue, reply))
		return die(exchange);
	if (reply->state != REPLY_COMPLETE)
		return fail(exchange, EXCHANGE_FAILED);
	if (reply_class(reply) < 4 && !is_in_step(exchange))
		return false;
	switch (reply->code) {
	case 235: return take_success(exchange);
	case 334: return take_challenge(exchange);
	case 504:
	case 534: return give_up_mechanism(exchange);
	case 535: return refuse(exchange);
	default: return fail(exchange, EXCHANGE_FAILED);
	}
}

/* Says AUTH, with the initial response where there is one and it has room. */
static bool say_auth(struct exchange *exchange)
{
	const char *name = exchange->mechanism->name;
	const char *response = exchange->response;
	char *verb;
	bool said,
	    fits = response != NULL &&
		   strlen("AUTH  \r\n") + strlen(name) + strlen(response) <=
		       COMMAND_MAX;

	verb = xasprintf("AUTH %s%s", name, fits ? " " : "");
	said = dialogue_prove(exchange->dialogue, verb, fits ? response : "");
	free(verb);
	if (fits)
		discard(&exchange->response);
	return said || die(exchange);
}

enum exchange_result exchange_run(const struct dialogue *dialogue,
    const struct mechanism *mechanism, struct sasl *sasl,
    const struct credentials *credentials, struct failure *failure)
{
	struct exchange exchange = {.dialogue = dialogue,
	    .mechanism = mechanism,
	    .sasl = sasl,
	    .credentials = credentials,
	    .failure = failure};
	bool going_on;

	if (mechanism->speaks_first) {
		enum sasl_step step = respond(&exchange, NULL, 0);

		if (step != SASL_RESPONSE && step != SASL_COMPLETE)
			return EXCHANGE_IMPOSSIBLE;
	}
	going_on = say_auth(&exchange);
	while (going_on)
		going_on = take_reply(&exchange);
	discard(&exchange.response);
	free(exchange.explanation);
	if (exchange.result == EXCHANGE_FAILED ||
	    exchange.result == EXCHANGE_REFUSED)
		greet_quit(dialogue);
	return exchange.result;
}
