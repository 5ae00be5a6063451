/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include "dns-log.h"
#include "dns-server.h"
#include "dns-zone.h"
#include "patience.h"

enum {
	ATTEMPTS = 20, /* to find a port that is free for UDP and TCP */
	BACKLOG = 16,
	DESCRIPTORS = 1024,
	LIFETIME = 1200, /* seconds, should all else fail */
};

struct dns {
	pid_t child;
	struct dns_log *log;
	uint16_t port;
	char address[32];
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Returns its length. */
static socklen_t loopback(union address *address, bool ipv6, uint16_t port)
{
	*address = (union address){.any = {.sa_family = AF_UNSPEC}};
	if (ipv6) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		address->v6.sin6_addr = in6addr_loopback;
		return sizeof address->v6;
	}
	address->v4.sin_family = AF_INET;
	address->v4.sin_port = htons(port);
	address->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof address->v4;
}

/* Takes and gives the port, 0 for any; returns -1 when it is not free. */
static int open_socket(bool ipv6, int type, uint16_t *port)
{
	union address address;
	socklen_t length = loopback(&address, ipv6, *port);
	int descriptor = socket(address.any.sa_family, type | SOCK_CLOEXEC, 0);

	if (descriptor == -1)
		return -1;
	if (bind(descriptor, &address.any, length) == -1 ||
	    getsockname(descriptor, &address.any, &length) == -1) {
		close(descriptor);
		return -1;
	}
	*port = ntohs(ipv6 ? address.v6.sin6_port : address.v4.sin_port);
	return descriptor;
}

/*
 * Opens both sockets on one port.  A port without listener refuses
 * connections, but must belong to nobody else either, so that it is bound.
 */
static bool open_sockets(
    const struct dns_options *options, uint16_t *port, int sockets[2])
{
	for (int i = 0; i < ATTEMPTS; i++) {
		*port = 0;
		sockets[1] = open_socket(
		    options->ipv6, SOCK_STREAM | SOCK_NONBLOCK, port);
		if (sockets[1] == -1)
			return false;
		sockets[0] = open_socket(options->ipv6, SOCK_DGRAM, port);
		if (sockets[0] != -1)
			break;
		close(sockets[1]);
		if (i == ATTEMPTS - 1)
			return false;
	}
	if (!options->no_tcp && listen(sockets[1], BACKLOG) == -1)
		err(99, "listen");
	return true;
}

/* A pipe of the test that the child held open would never end. */
static void close_others(const int sockets[2])
{
	for (int i = STDERR_FILENO + 1; i < DESCRIPTORS; i++)
		if (i != sockets[0] && i != sockets[1])
			close(i);
}

static void die_with_parent(pid_t parent)
{
	alarm(patience(LIFETIME));
#ifdef HAVE_SYS_PRCTL_H
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(0);
}

static void start_child(struct dns *dns, struct dns_zone *zone,
    const struct dns_options *options, const int sockets[2])
{
	pid_t parent = getpid();

	dns->child = fork();
	if (dns->child == -1)
		err(99, "fork");
	if (dns->child != 0)
		return;
	die_with_parent(parent);
	close_others(sockets);
	dns_server_run(zone, options, dns->log, sockets[0],
	    options->no_tcp ? -1 : sockets[1]);
}

struct dns *dns_start(const char *text, const struct dns_options *wanted)
{
	struct dns_options options = {.ipv6 = false};
	struct dns_zone zone;
	struct dns *dns = calloc(1, sizeof *dns);
	int sockets[2];

	if (dns == NULL)
		err(99, "dns");
	if (wanted != NULL)
		options = *wanted;
	dns_zone_parse(&zone, text);
	if (!open_sockets(&options, &dns->port, sockets)) {
		if (!options.ipv6)
			err(99, "dns: no port");
		dns_zone_free(&zone);
		free(dns);
		return NULL;
	}
	snprintf(dns->address, sizeof dns->address, "%s:%u",
	    options.ipv6 ? "[::1]" : "127.0.0.1", dns->port);
	dns->log = dns_log_new();
	start_child(dns, &zone, &options, sockets);
	dns_zone_free(&zone);
	close(sockets[0]);
	close(sockets[1]);
	return dns;
}

const char *dns_address(const struct dns *dns)
{
	return dns->address;
}

uint16_t dns_port(const struct dns *dns)
{
	return dns->port;
}

void dns_stop(struct dns *dns)
{
	if (waitpid(dns->child, NULL, WNOHANG) != 0)
		errx(99, "the DNS server is dead");
	kill(dns->child, SIGKILL);
	while (waitpid(dns->child, NULL, 0) == -1 && errno == EINTR)
		continue;
	dns_log_free(dns->log);
	free(dns);
}

size_t dns_log_count(const struct dns *dns)
{
	return atomic_load(&dns->log->count);
}

const struct dns_event *dns_log_event(const struct dns *dns, size_t index)
{
	return &dns->log->events[index];
}

void dns_log_print(const struct dns *dns, FILE *stream)
{
	static const char *const kinds[] = {
	    [DNS_QUERY] = "query", [DNS_ANSWER] = "answer"};
	static const char *const transports[] = {
	    [DNS_UDP] = "UDP", [DNS_TCP] = "TCP"};
	size_t count = dns_log_count(dns);

	for (size_t i = 0; i < count; i++) {
		const struct dns_event *event = dns_log_event(dns, i);

		fprintf(stream, "%9lld us %s %-6s EDNS %d, %zu bytes: %s %s\n",
		    (long long)(event->at - dns_log_event(dns, 0)->at),
		    transports[event->transport], kinds[event->kind],
		    event->edns, event->length, event->name, event->type);
	}
}

size_t dns_count(const struct dns *dns, const struct dns_match *match)
{
	size_t count = dns_log_count(dns);
	size_t matches = 0;

	for (size_t i = 0; i < count; i++)
		if (dns_event_matches(dns_log_event(dns, i), match))
			matches++;
	return matches;
}

size_t dns_queries(const struct dns *dns, const char *name, const char *type)
{
	const struct dns_match match = {
	    .kind = DNS_QUERY, .name = name, .type = type};

	return dns_count(dns, &match);
}

bool dns_asked_at_once(const struct dns *dns)
{
	return dns_log_asked_at_once(dns->log);
}
