/* SPDX-License-Identifier: ISC */
/* The module that is loaded for credentials with a password. */
#include "config.h"

#include <gsasl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "decimal.h"
#include "report.h"
#include "session/sasl_module.h"
#include "xalloc.h"

/* An honest server asks for a few thousand; this takes about a second. */
enum { ITERATIONS_MAX = 1000 * 1000 };

struct exchange {
	struct sasl sasl; /* first: that is how it is known outside */
	bool scram;
	bool complete; /* whatever more the library would say */
	Gsasl *library;
	Gsasl_session *session;
};

static bool begins(const char *text, size_t size, const char *beginning)
{
	size_t length = strlen(beginning);

	return size >= length && memcmp(text, beginning, length) == 0;
}

/*
 * Whether the server asks for so many iterations that it means to keep us busy
 * (RFC 5802 section 5.1: "r=...,s=...,i=4096").
 */
static bool is_too_costly(const char *challenge, size_t size)
{
	const char *field = memmem(challenge, size, ",i=", 3);
	const char *end = challenge + size;
	uint64_t count;
	size_t digits;

	if (field == NULL)
		return false;
	field += 3;
	return !decimal_scan(
	    field, (size_t)(end - field), ITERATIONS_MAX, &count, &digits);
}

static enum sasl_step judge(int result)
{
	switch (result) {
	case GSASL_OK: return SASL_COMPLETE;
	case GSASL_NEEDS_MORE: return SASL_RESPONSE;
	case GSASL_AUTHENTICATION_ERROR: return SASL_FALSE;
	case GSASL_MALLOC_ERROR: report_out_of_memory();
	default: return SASL_NONSENSE;
	}
}

static void discard(char *bytes, size_t size)
{
	if (bytes != NULL)
		explicit_bzero(bytes, size);
	gsasl_free(bytes);
}

static enum sasl_step step(struct sasl *sasl, const char *challenge,
    size_t size, struct sasl_response *response)
{
	struct exchange *exchange = (struct exchange *)sasl;
	char *output = NULL;
	size_t output_size = 0;
	enum sasl_step result;

	if (exchange->complete)
		return SASL_NONSENSE;
	if (exchange->scram && challenge != NULL) {
		if (begins(challenge, size, "e="))
			return SASL_REFUSED;
		if (is_too_costly(challenge, size))
			return SASL_NONSENSE;
	}
	result = judge(gsasl_step(
	    exchange->session, challenge, size, &output, &output_size));
	exchange->complete = result == SASL_COMPLETE;
	if (result == SASL_RESPONSE || result == SASL_COMPLETE) {
		response->bytes = xcalloc(output_size + 1, 1);
		response->size = output_size;
		if (output_size > 0)
			memcpy(response->bytes, output, output_size);
	}
	discard(output, output_size);
	return result;
}

static void end(struct sasl *sasl)
{
	struct exchange *exchange = (struct exchange *)sasl;

	if (exchange->session != NULL)
		gsasl_finish(exchange->session);
	if (exchange->library != NULL)
		gsasl_done(exchange->library);
	free(exchange);
}

/* Nothing is left to ask for: what there is has been set. */
static int answer_nothing(
    Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
	(void)library;
	(void)session;
	(void)property;
	return GSASL_NO_CALLBACK;
}

/* Whether the text can be prepared (RFC 4013) where the mechanism does so. */
static bool can_be_prepared(const char *text)
{
	char *prepared = NULL;
	int result =
	    gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &prepared, NULL);

	if (result == GSASL_MALLOC_ERROR)
		report_out_of_memory();
	if (prepared != NULL)
		discard(prepared, strlen(prepared));
	return result == GSASL_OK;
}

static bool set(
    Gsasl_session *session, Gsasl_property property, const char *value)
{
#if GSASL_VERSION_NUMBER >= 0x020000
	if (gsasl_property_set(session, property, value) != GSASL_OK)
		report_out_of_memory();
#else
	gsasl_property_set(session, property, value);
#endif
	return gsasl_property_fast(session, property) != NULL;
}

/*
 * Before 2.0 the library has no tls-exporter, and so no PLUS for us.  Without
 * PLUS it cannot use the data to say that it would have liked to.
 */
static bool set_binding(Gsasl_session *session, const struct sasl_task *task)
{
#if GSASL_VERSION_NUMBER >= 0x020000
	char *text;
	bool good;

	if (task->binding == NULL)
		return false;
	text = base64_encode(task->binding, task->binding_size);
	good = set(session, GSASL_CB_TLS_EXPORTER, text);
	free(text);
	return good;
#else
	(void)session;
	(void)task;
	return false;
#endif
}

static bool begin(struct exchange *exchange, const struct sasl_task *task)
{
	const char *name = task->mechanism;
	bool prepares = exchange->scram || strcmp(name, "CRAM-MD5") == 0;
	bool plus = exchange->scram && strstr(name, "-PLUS") != NULL;

	if (gsasl_init(&exchange->library) != GSASL_OK)
		return false;
	gsasl_callback_set(exchange->library, answer_nothing);
	if (gsasl_client_start(exchange->library, name, &exchange->session) !=
	    GSASL_OK)
		return false;
	if (prepares &&
	    (!can_be_prepared(task->user) || !can_be_prepared(task->secret)))
		return false;
	return set(exchange->session, GSASL_AUTHID, task->user) &&
	       set(exchange->session, GSASL_PASSWORD, task->secret) &&
	       (!plus || set_binding(exchange->session, task));
}

static struct sasl *start(const struct sasl_task *task)
{
	struct exchange *exchange = xcalloc(1, sizeof *exchange);
	const char *name = task->mechanism;

	exchange->sasl = (struct sasl){step, end};
	exchange->scram = begins(name, strlen(name), "SCRAM-");
	if (begin(exchange, task))
		return &exchange->sasl;
	end(&exchange->sasl);
	return NULL;
}

const struct sasl_module sasl_module = {MODULE_START, start};
