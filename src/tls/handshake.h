/* SPDX-License-Identifier: ISC */
/* What became of a TLS handshake, as the relay tells it. */
#ifndef TLS_HANDSHAKE_H
#define TLS_HANDSHAKE_H

#include <stdbool.h>

#include "reason.h"

struct handshake {
	bool done;
	bool verified;	      /* chain, dates and name are right */
	struct reason reason; /* when it is not done, or not verified */
	/*
	 * When it is done: "TLS1.3, AES-256-GCM, verified mx.example.net" or
	 * the like; not translated.
	 */
	char summary[512];
};

#endif
