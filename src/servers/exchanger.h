/* SPDX-License-Identifier: ISC */
/* The servers to try: addresses of mail exchangers. */
#ifndef SERVERS_EXCHANGER_H
#define SERVERS_EXCHANGER_H

#include <stddef.h>
#include <stdint.h>

#include "dns/exchangers.h"
#include "ip.h"

/* One address of one exchanger, which knows all else about it. */
struct server {
	struct ip ip;
	uint16_t port;
	const struct exchanger *exchanger;
};

/* In the order in which to try them. */
struct servers {
	struct server *list;
	size_t count;
};

#endif
