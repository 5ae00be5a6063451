/* SPDX-License-Identifier: ISC */
/*
 * Clients to try the test DNS server with: plain sockets, and c-ares.  What
 * fails here fails the Check test.
 */
#ifndef DNS_CLIENT_H
#define DNS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns-message.h"

struct dns_client_answer {
	size_t length; /* 0: a TCP connection that was closed */
	uint8_t bytes[DNS_MESSAGE_MAX];
};

/* A socket of SOCK_DGRAM or SOCK_STREAM, connected to 127.0.0.1. */
int dns_client_open(uint16_t port, int socket_type);

/* Asks with the ID 0x1234; without EDNS when payload is 0. */
void dns_client_send(
    int descriptor, int socket_type, const char *name, int type, int payload);

void dns_client_receive(
    struct dns_client_answer *answer, int descriptor, int socket_type);

/* All of these. */
void dns_client_ask(struct dns_client_answer *answer, uint16_t port,
    int socket_type, const char *name, int type, int payload);

/* What a c-ares query came to. */
struct dns_client_result {
	bool done;
	int status;  /* ARES_SUCCESS and so on */
	int records; /* in the answer section */
	size_t length;
};

/*
 * Asks with EDNS, three times where no answer comes, of which the caller knows
 * (silent).  server is an address and port as dns_address gives it.
 */
struct dns_client_result dns_client_resolve(
    const char *server, const char *name, int type, bool silent);

#endif
