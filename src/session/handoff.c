/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/handoff.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "xalloc.h"

/*
 * The places in the argument list.  The first two are the same in every
 * version, so that no list of another version, or with a field more or less,
 * is ever read: then an address could stand in another's place.
 */
enum {
	ARGUMENT_VERSION = 1,
	ARGUMENT_RECIPIENT_COUNT,
	ARGUMENT_INPUT,
	ARGUMENT_OUTPUT,
	ARGUMENT_TIMEOUT,
	ARGUMENT_MIN_RATE,
	ARGUMENT_SERVER,
	ARGUMENT_CAPABILITIES,
	ARGUMENT_SIZE_LIMIT,
	ARGUMENT_REQUIRETLS,
	ARGUMENT_TLS,
	ARGUMENT_CLEAR_REASON,
	ARGUMENT_SECRET,
	ARGUMENT_SENDER,
	ARGUMENT_RECIPIENTS
};

static char *copy_or_empty(const char *text)
{
	return xstrdup(text != NULL ? text : "");
}

char **handoff_write(const struct session *session, const char *program)
{
	const struct capabilities *capabilities = &session->capabilities;
	size_t count = session->recipient_count;
	char **list = xcalloc(ARGUMENT_RECIPIENTS + count + 1, sizeof *list);

	list[0] = xstrdup(program);
	list[ARGUMENT_VERSION] = xstrdup(PACKAGE_VERSION);
	list[ARGUMENT_RECIPIENT_COUNT] = xasprintf("%zu", count);
	list[ARGUMENT_INPUT] = xasprintf("%d", session->input);
	list[ARGUMENT_OUTPUT] = xasprintf("%d", session->output);
	list[ARGUMENT_TIMEOUT] = xasprintf("%lu", session->timeout);
	list[ARGUMENT_MIN_RATE] = xasprintf("%lu", session->min_rate);
	list[ARGUMENT_SERVER] = xstrdup(session->server);
	list[ARGUMENT_CAPABILITIES] = xasprintf("%u", capabilities->set);
	list[ARGUMENT_SIZE_LIMIT] =
	    xasprintf("%" PRIu64, capabilities->size_limit);
	list[ARGUMENT_REQUIRETLS] = xstrdup(session->requiretls ? "1" : "0");
	list[ARGUMENT_TLS] = copy_or_empty(session->tls);
	list[ARGUMENT_CLEAR_REASON] = copy_or_empty(session->clear_reason);
	list[ARGUMENT_SECRET] = xasprintf("%d", session->secret);
	list[ARGUMENT_SENDER] = xstrdup(session->sender);
	for (size_t i = 0; i < count; i++)
		list[ARGUMENT_RECIPIENTS + i] = session->recipients[i];
	return list;
}

/* Whether the list is of this version, and has as many fields as it says. */
static bool is_ours(int count, char **arguments)
{
	uint64_t recipients;

	return count > ARGUMENT_RECIPIENTS &&
	       strcmp(arguments[ARGUMENT_VERSION], PACKAGE_VERSION) == 0 &&
	       decimal_read(
		   arguments[ARGUMENT_RECIPIENT_COUNT], INT_MAX, &recipients) &&
	       recipients == (unsigned)(count - ARGUMENT_RECIPIENTS);
}

bool handoff_read(struct session *session, int count, char **arguments)
{
	uint64_t input, output, timeout, rate, set, limit, requiretls, secret;

	if (!is_ours(count, arguments) ||
	    !decimal_read(arguments[ARGUMENT_INPUT], INT_MAX, &input) ||
	    !decimal_read(arguments[ARGUMENT_OUTPUT], INT_MAX, &output) ||
	    !decimal_read(arguments[ARGUMENT_TIMEOUT], ULONG_MAX, &timeout) ||
	    !decimal_read(arguments[ARGUMENT_MIN_RATE], ULONG_MAX, &rate) ||
	    !decimal_read(arguments[ARGUMENT_CAPABILITIES], UINT_MAX, &set) ||
	    !decimal_read(arguments[ARGUMENT_SIZE_LIMIT], UINT64_MAX, &limit) ||
	    !decimal_read(arguments[ARGUMENT_REQUIRETLS], 1, &requiretls) ||
	    !decimal_read(arguments[ARGUMENT_SECRET], INT_MAX, &secret))
		return false;
	*session = (struct session){
	    .input = (int)input,
	    .output = (int)output,
	    .timeout = (unsigned long)timeout,
	    .min_rate = (unsigned long)rate,
	    .server = arguments[ARGUMENT_SERVER],
	    .capabilities = {.set = (unsigned)set, .size_limit = limit},
	    .requiretls = requiretls == 1,
	    .tls = arguments[ARGUMENT_TLS],
	    .clear_reason = arguments[ARGUMENT_CLEAR_REASON],
	    .secret = (int)secret,
	    .sender = arguments[ARGUMENT_SENDER],
	    .recipient_count = (size_t)(count - ARGUMENT_RECIPIENTS),
	    .recipients = arguments + ARGUMENT_RECIPIENTS,
	};
	return true;
}
