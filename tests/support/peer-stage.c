/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-stage.h"

const char *peer_stage_name(enum peer_stage stage)
{
	static const char *const names[PEER_STAGES] = {
	    [PEER_GREETING] = "greeting",
	    [PEER_EHLO] = "EHLO",
	    [PEER_HELO] = "HELO",
	    [PEER_STARTTLS] = "STARTTLS",
	    [PEER_HANDSHAKE] = "handshake",
	    [PEER_EHLO_TLS] = "EHLO under TLS",
	    [PEER_AUTH] = "AUTH",
	    [PEER_AUTH_RESPONSE] = "AUTH response",
	    [PEER_MAIL] = "MAIL",
	    [PEER_RCPT] = "RCPT",
	    [PEER_DATA] = "DATA",
	    [PEER_BODY] = "body",
	    [PEER_DOT] = "final dot",
	    [PEER_QUIT] = "QUIT",
	    [PEER_OTHER] = "other",
	};

	return names[stage];
}
