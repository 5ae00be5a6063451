/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/bearer.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "xalloc.h"

struct exchange {
	struct sasl sasl; /* first: that is how it is known outside */
	char *message;	  /* until it has been given */
	const char *to_refusal;
};

static enum sasl_step step(struct sasl *sasl, const char *challenge,
    size_t size, struct sasl_response *response)
{
	struct exchange *exchange = (struct exchange *)sasl;
	bool first = exchange->message != NULL;

	if (!first && exchange->to_refusal == NULL)
		return SASL_NONSENSE;
	if (first && challenge != NULL && size > 0)
		return SASL_NONSENSE;
	response->bytes =
	    first ? exchange->message : xstrdup(exchange->to_refusal);
	response->size = strlen(response->bytes);
	if (!first)
		exchange->to_refusal = NULL;
	exchange->message = NULL;
	return first ? SASL_COMPLETE : SASL_RESPONSE;
}

static void end(struct sasl *sasl)
{
	struct exchange *exchange = (struct exchange *)sasl;

	if (exchange->message != NULL)
		explicit_bzero(exchange->message, strlen(exchange->message));
	free(exchange->message);
	free(exchange);
}

/* The name as it is written in the header of GS2 (RFC 5801 section 4). */
static char *escape(const char *name)
{
	char *escaped = xcalloc(strlen(name) + 1, 3);
	char *to = escaped;

	for (; *name != '\0'; name++) {
		if (*name == ',' || *name == '=') {
			memcpy(to, *name == ',' ? "=2C" : "=3D", 3);
			to += 3;
		} else {
			*to++ = *name;
		}
	}
	return escaped;
}

static char *write_oauthbearer(const struct sasl_task *task)
{
	char *user = escape(task->user);
	char *message = xasprintf("n,a=%s,\1host=%s\1port=%u\1"
				  "auth=Bearer %s\1\1",
	    user, task->relay, task->port, task->secret);

	free(user);
	return message;
}

static char *write_xoauth2(const struct sasl_task *task)
{
	return xasprintf(
	    "user=%s\1auth=Bearer %s\1\1", task->user, task->secret);
}

struct sasl *bearer_start(const struct sasl_task *task)
{
	bool standard = strcmp(task->mechanism, "OAUTHBEARER") == 0;
	struct exchange *exchange;

	if (!standard && strcmp(task->mechanism, "XOAUTH2") != 0)
		return NULL;
	if (ascii_has_control(task->user, strlen(task->user)) ||
	    ascii_has_control(task->secret, strlen(task->secret)))
		return NULL;
	exchange = xcalloc(1, sizeof *exchange);
	exchange->sasl = (struct sasl){step, end};
	exchange->message =
	    standard ? write_oauthbearer(task) : write_xoauth2(task);
	exchange->to_refusal = standard ? "\1" : "";
	return &exchange->sasl;
}
