/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decimal.h"
#include "descriptors.h"
#include "xalloc.h"

enum { MILLISECONDS_MAX = 60 * 1000 };

/* The arguments before the addresses. */
enum argument {
	ARGUMENT_NAME,
	ARGUMENT_VERSION,
	ARGUMENT_HOST,
	ARGUMENT_PORT,
	ARGUMENT_MILLISECONDS,
	ARGUMENT_ANCHORS,
	ARGUMENT_V4,
	ARGUMENT_V6,
	ARGUMENT_ADDRESSES
};

/* In place of an address to come from. */
static const char any[] = "-";

static const char *const words[] = {
    [STS_OUTCOME_POLICY] = "policy",
    [STS_OUTCOME_FAILED] = "failed",
    [STS_OUTCOME_FOREIGN] = "foreign",
    [STS_OUTCOME_MISSING] = "missing",
};

static char *format_address(const struct ip *ip)
{
	char text[IP_TEXT_SIZE];

	return xstrdup(ip_format(ip, text));
}

char **sts_call_to_arguments(const struct sts_call *call, const char *name)
{
	char **list =
	    xcalloc(ARGUMENT_ADDRESSES + call->address_count + 1, sizeof *list);

	list[ARGUMENT_NAME] = xstrdup(name);
	list[ARGUMENT_VERSION] = xstrdup(PACKAGE_VERSION);
	list[ARGUMENT_HOST] = xstrdup(call->host);
	list[ARGUMENT_PORT] = xasprintf("%u", (unsigned)call->port);
	list[ARGUMENT_MILLISECONDS] = xasprintf("%lu", call->milliseconds);
	list[ARGUMENT_ANCHORS] = xstrdup(call->anchors);
	list[ARGUMENT_V4] =
	    call->bind_v4 ? format_address(&call->v4) : xstrdup(any);
	list[ARGUMENT_V6] =
	    call->bind_v6 ? format_address(&call->v6) : xstrdup(any);
	for (size_t i = 0; i < call->address_count; i++)
		list[ARGUMENT_ADDRESSES + i] =
		    format_address(&call->addresses[i]);
	return list;
}

static bool read_source(
    bool *bind, struct ip *ip, const char *text, uint8_t version)
{
	*bind = strcmp(text, any) != 0;
	return !*bind || (ip_parse(ip, text) && ip->version == version);
}

bool sts_call_from_arguments(struct sts_call *call, int count, char **arguments)
{
	uint64_t port, milliseconds;

	*call = (struct sts_call){.host = NULL};
	if (count <= ARGUMENT_ADDRESSES ||
	    count > ARGUMENT_ADDRESSES + STS_ADDRESSES_MAX ||
	    strcmp(arguments[ARGUMENT_VERSION], PACKAGE_VERSION) != 0 ||
	    !decimal_read(arguments[ARGUMENT_PORT], UINT16_MAX, &port) ||
	    !decimal_read(arguments[ARGUMENT_MILLISECONDS], MILLISECONDS_MAX,
		&milliseconds) ||
	    !read_source(
		&call->bind_v4, &call->v4, arguments[ARGUMENT_V4], 4) ||
	    !read_source(&call->bind_v6, &call->v6, arguments[ARGUMENT_V6], 6))
		return false;
	call->host = arguments[ARGUMENT_HOST];
	call->port = (uint16_t)port;
	call->milliseconds = (unsigned long)milliseconds;
	call->anchors = arguments[ARGUMENT_ANCHORS];
	for (int i = ARGUMENT_ADDRESSES; i < count; i++)
		if (!ip_parse(
			&call->addresses[call->address_count++], arguments[i]))
			return false;
	return true;
}

bool sts_result_write(int descriptor, const struct sts_result *result)
{
	char *head =
	    xasprintf("%s %zu\n", words[result->outcome], result->size);
	bool good = descriptors_write(descriptor, head, strlen(head)) &&
		    descriptors_write(descriptor, result->text, result->size);

	free(head);
	return good;
}

void sts_result_read(struct sts_result *result, const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);
	size_t head = end != NULL ? (size_t)(end + 1 - bytes) : 0;

	*result = (struct sts_result){.outcome = STS_OUTCOME_LOST, .text = ""};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		char *expected = xasprintf("%s %zu\n", words[i], size - head);

		if (strlen(expected) == head &&
		    memcmp(expected, bytes, head) == 0)
			*result =
			    (struct sts_result){.outcome = (enum sts_outcome)i,
				.text = bytes + head,
				.size = size - head};
		free(expected);
	}
}
