/* SPDX-License-Identifier: ISC */
/* What a server has shown in the handshake, against what is demanded of it. */
#ifndef SESSION_EVIDENCE_H
#define SESSION_EVIDENCE_H

#include <stdbool.h>

#include "session/demand.h"
#include "tls/handshake.h"

/*
 * Whether a handshake that is done shows what is demanded.  Returns false with
 * the reason, and who demands it.
 */
bool evidence_meets(const struct demand *demand,
    const struct handshake *handshake, const char *server,
    struct reason *reason, const char **origin);

/*
 * How a message travels under TLS, for the last line of a K report: "TLS1.3,
 * AES-256-GCM, verified mx.example.net, DANE-EE"; not translated.  The caller
 * frees it.
 */
char *evidence_summary(const struct demand *demand,
    const struct handshake *handshake, const struct server *server);

/*
 * For a K report, where a policy of MTA-STS is only tested: "MTA-STS testing:
 * REASON", if it would have forbidden this session; handshake is NULL in
 * clear.  NULL where there is nothing to say.
 */
char *evidence_test_sts(const struct terms *terms, const struct server *server,
    const struct handshake *handshake);

#endif
