/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/handoff.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "xalloc.h"

/* The places in the argument list. */
enum {
	ARGUMENT_INPUT = 1,
	ARGUMENT_OUTPUT,
	ARGUMENT_TIMEOUT,
	ARGUMENT_SERVER,
	ARGUMENT_CAPABILITIES,
	ARGUMENT_SIZE_LIMIT,
	ARGUMENT_TLS,
	ARGUMENT_SENDER,
	ARGUMENT_RECIPIENTS
};

char **session_to_arguments(const struct session *session, const char *program)
{
	const struct capabilities *capabilities = &session->capabilities;
	char **list = xcalloc(
	    ARGUMENT_RECIPIENTS + session->recipient_count + 1, sizeof *list);

	list[0] = xstrdup(program);
	list[ARGUMENT_INPUT] = xasprintf("%d", session->input);
	list[ARGUMENT_OUTPUT] = xasprintf("%d", session->output);
	list[ARGUMENT_TIMEOUT] = xasprintf("%lu", session->timeout);
	list[ARGUMENT_SERVER] = xstrdup(session->server);
	list[ARGUMENT_CAPABILITIES] = xasprintf("%u", capabilities->set);
	list[ARGUMENT_SIZE_LIMIT] =
	    xasprintf("%" PRIu64, capabilities->size_limit);
	list[ARGUMENT_TLS] = xstrdup(session->tls);
	list[ARGUMENT_SENDER] = xstrdup(session->sender);
	for (size_t i = 0; i < session->recipient_count; i++)
		list[ARGUMENT_RECIPIENTS + i] = session->recipients[i];
	return list;
}

static bool read_number(
    const char *text, unsigned long long maximum, unsigned long long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' && *number <= maximum;
}

bool session_from_arguments(
    struct session *session, int count, char **arguments)
{
	unsigned long long input, output, timeout, set, size_limit;

	if (count <= ARGUMENT_RECIPIENTS)
		return false;
	if (!read_number(arguments[ARGUMENT_INPUT], INT_MAX, &input) ||
	    !read_number(arguments[ARGUMENT_OUTPUT], INT_MAX, &output) ||
	    !read_number(arguments[ARGUMENT_TIMEOUT], ULONG_MAX, &timeout) ||
	    !read_number(arguments[ARGUMENT_CAPABILITIES], UINT_MAX, &set) ||
	    !read_number(
		arguments[ARGUMENT_SIZE_LIMIT], UINT64_MAX, &size_limit))
		return false;
	*session = (struct session){
	    .input = (int)input,
	    .output = (int)output,
	    .timeout = (unsigned long)timeout,
	    .server = arguments[ARGUMENT_SERVER],
	    .capabilities = {(unsigned)set, size_limit},
	    .tls = arguments[ARGUMENT_TLS],
	    .sender = arguments[ARGUMENT_SENDER],
	    .recipient_count = (size_t)(count - ARGUMENT_RECIPIENTS),
	    .recipients = arguments + ARGUMENT_RECIPIENTS,
	};
	return true;
}
