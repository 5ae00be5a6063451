/* SPDX-License-Identifier: ISC */
/*
 * The mechanisms for OAuth 2.0 tokens: OAUTHBEARER (RFC 7628) and XOAUTH2,
 * which came before it.  Each has one message; a challenge after it is the
 * server's no, with an explanation in JSON.
 */
#ifndef SESSION_BEARER_H
#define SESSION_BEARER_H

#include "session/sasl_module.h"

/*
 * Begins an exchange, as the function of that name in the module of libgsasl.
 * Returns NULL for another mechanism, and for a user or token with control
 * characters, which would mean something there.
 */
struct sasl *bearer_start(const struct sasl_task *task);

#endif
