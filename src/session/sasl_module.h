/* SPDX-License-Identifier: ISC */
/*
 * Mechanisms of SASL (RFC 4422), from the client's side, and what qmail-remote
 * and the module of libgsasl have to agree upon.
 */
#ifndef SESSION_SASL_MODULE_H
#define SESSION_SASL_MODULE_H

#include <stddef.h>
#include <stdint.h>

#include "module.h"

/* What an exchange is about.  The authorization identity is always empty. */
struct sasl_task {
	const char *mechanism; /* as registered, "SCRAM-SHA-256" */
	const char *user;
	const char *secret; /* password or token */
	const char *relay;  /* as the route names it */
	uint16_t port;
	/*
	 * Channel binding data of the type tls-exporter (RFC 9266); NULL where
	 * there are none, or where the server must be told so.
	 */
	const void *binding;
	size_t binding_size;
};

enum sasl_step {
	SASL_RESPONSE, /* there is a response, to which the server answers */
	SASL_COMPLETE, /* the same, and all is said: only success is missing */
	SASL_REFUSED,  /* the server has said no: nothing is to be answered */
	SASL_FALSE,    /* the server cannot prove that it knows the secret */
	SASL_NONSENSE  /* what the server said does not make sense */
};

struct sasl_response {
	char *bytes; /* a string as well; the caller frees it */
	size_t size;
};

/* One exchange; who implements it has more behind this. */
struct sasl {
	/*
	 * The response to a challenge, or the initial one, for which there is
	 * no challenge: NULL.
	 */
	enum sasl_step (*step)(struct sasl *sasl, const char *challenge,
	    size_t size, struct sasl_response *response);
	void (*end)(struct sasl *sasl); /* forgets, and frees */
};

/*
 * What the module offers, by the name sasl_module.  start begins an exchange,
 * or returns NULL where the library cannot do so: it lacks the mechanism, or
 * the mechanism cannot have such a user or password.
 */
struct sasl_module {
	struct module module;
	struct sasl *(*start)(const struct sasl_task *task);
};
extern const struct sasl_module sasl_module MODULE_EXPORT;

#endif
