/* SPDX-License-Identifier: ISC */
/*
 * A server that takes everything and keeps nothing, so that it is not what
 * limits a client: processes that wait for connections at 127.0.0.1.
 */
#ifndef BENCH_SINK_H
#define BENCH_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "peer-tls.h"

struct sink_options {
	bool smtp;		    /* otherwise it only reads to the end */
	const struct peer_tls *tls; /* SMTP: STARTTLS is offered; or NULL */
	unsigned processes;	    /* connections served at the same time */
};

struct sink;

struct sink *sink_start(const struct sink_options *options);
uint16_t sink_port(const struct sink *sink);
void sink_stop(struct sink *sink);

#endif
