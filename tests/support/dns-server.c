/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-server.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "dns-answer.h"
#include "dns-type.h"

enum {
	CONNECTIONS = 32,
	PENDING = 1024,
	QUERY_MAX = 4096,
	PREFIX = 2, /* the length before a message over TCP */
};

struct connection {
	int descriptor;	 /* -1: free */
	unsigned serial; /* tells it from others that had its place */
	size_t length;
	uint8_t bytes[PREFIX + QUERY_MAX];
};

/* Where a question came from. */
struct peer {
	enum dns_transport transport;
	struct sockaddr_storage address;
	socklen_t address_length;
	struct connection *connection;
	unsigned serial;
};

struct pending {
	struct peer peer;
	struct dns_event event;
	int64_t due;
	bool held; /* until enough addresses have been asked for */
	bool tcp_cut;
	uint8_t *bytes; /* with room for the length before them */
};

struct server {
	struct dns_zone *zone;
	const struct dns_options *options;
	struct dns_log *log;
	int udp;
	int listener;
	unsigned serials;
	struct connection connections[CONNECTIONS];
	struct pending pending[PENDING];
	size_t pending_count;
	struct dns_message message;
};

/* dns_stop tells the test that the server is gone. */
static _Noreturn void give_up(void)
{
	_exit(1);
}

static void log_add(struct server *server, const struct dns_event *event)
{
	if (!dns_log_add(server->log, event))
		give_up();
}

static void connection_close(struct connection *connection)
{
	close(connection->descriptor);
	connection->descriptor = -1;
}

/* Nothing is done about failures: the client has gone away. */
static void send_pending(struct server *server, struct pending *pending)
{
	struct peer *peer = &pending->peer;
	struct connection *connection = peer->connection;
	size_t length = pending->event.length;

	if (peer->transport == DNS_UDP) {
		log_add(server, &pending->event);
		sendto(server->udp, pending->bytes + PREFIX, length, 0,
		    (struct sockaddr *)&peer->address, peer->address_length);
		return;
	}
	if (connection->descriptor == -1 || connection->serial != peer->serial)
		return;
	log_add(server, &pending->event);
	if (pending->tcp_cut)
		length /= 2;
	if (send(connection->descriptor, pending->bytes, PREFIX + length,
		MSG_NOSIGNAL) == -1 ||
	    pending->tcp_cut)
		connection_close(connection);
}

/* Sends what is due.  Returns the milliseconds to wait, -1 for ever. */
static int flush(struct server *server)
{
	bool hold = dns_log_addresses(server->log) < server->options->hold;
	int64_t now = dns_now();
	int64_t next = INT64_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < server->pending_count; i++) {
		struct pending *pending = &server->pending[i];
		bool held = hold && pending->held;

		if (!held && pending->due <= now) {
			send_pending(server, pending);
			free(pending->bytes);
			continue;
		}
		if (!held && pending->due < next)
			next = pending->due;
		server->pending[kept++] = *pending;
	}
	server->pending_count = kept;
	return next == INT64_MAX ? -1 : (int)((next - now) / 1000 + 1);
}

static void enqueue(struct server *server, const struct peer *peer,
    const struct dns_plan *plan, const struct dns_question *question,
    const struct dns_event *query)
{
	const struct dns_rule *delay = plan->rule[DNS_DELAY];
	const struct dns_message *message = &server->message;
	int64_t wait = (int64_t)server->options->delay +
		       (delay == NULL ? 0 : delay->number);
	struct pending *pending;

	if (server->pending_count == PENDING)
		give_up();
	pending = &server->pending[server->pending_count++];
	pending->peer = *peer;
	pending->event = *query;
	pending->event.kind = DNS_ANSWER;
	pending->event.length = message->length;
	pending->due = dns_now() + wait * 1000;
	pending->held = question->type == DNS_A || question->type == DNS_AAAA;
	pending->tcp_cut = plan->rule[DNS_TCP_CUT] != NULL;
	pending->bytes = malloc(PREFIX + message->length);
	if (pending->bytes == NULL)
		give_up();
	dns_set16(pending->bytes, (unsigned)message->length);
	memcpy(pending->bytes + PREFIX, message->bytes, message->length);
}

static void handle(struct server *server, const struct peer *peer,
    const uint8_t *bytes, size_t size)
{
	struct dns_question question;
	struct dns_plan plan;
	struct dns_event event = {
	    .kind = DNS_QUERY,
	    .transport = peer->transport,
	    .edns = DNS_NO_EDNS,
	    .length = size,
	};

	if (!dns_question_read(&question, bytes, size)) {
		log_add(server, &event);
		return;
	}
	event.edns = question.edns;
	event.ad = question.ad;
	event.dnssec_ok = question.dnssec_ok;
	dns_name_format(event.name, &question.name);
	dns_type_format(event.type, question.type);
	log_add(server, &event);
	dns_zone_plan(&plan, server->zone, &question.name, question.type);
	if (peer->transport == DNS_TCP && plan.rule[DNS_TCP_CLOSE] != NULL) {
		connection_close(peer->connection);
		return;
	}
	if (plan.rule[DNS_DROP] != NULL)
		return;
	dns_answer_build(
	    &server->message, server->zone, &plan, &question, peer->transport);
	enqueue(server, peer, &plan, &question, &event);
}

static void read_udp(struct server *server)
{
	uint8_t bytes[QUERY_MAX];
	struct peer peer = {.transport = DNS_UDP};
	ssize_t size;

	for (;;) {
		peer.address_length = sizeof peer.address;
		size = recvfrom(server->udp, bytes, sizeof bytes, MSG_DONTWAIT,
		    (struct sockaddr *)&peer.address, &peer.address_length);
		if (size == -1)
			return;
		handle(server, &peer, bytes, (size_t)size);
	}
}

/* Answers each whole query in the buffer and keeps the rest. */
static void handle_stream(struct server *server, struct connection *connection)
{
	const struct peer peer = {
	    .transport = DNS_TCP,
	    .connection = connection,
	    .serial = connection->serial,
	};

	while (connection->descriptor != -1 && connection->length >= PREFIX) {
		size_t size = dns_get16(connection->bytes);

		if (size > QUERY_MAX)
			connection_close(connection);
		if (connection->length < PREFIX + size)
			return;
		handle(server, &peer, connection->bytes + PREFIX, size);
		connection->length -= PREFIX + size;
		memmove(connection->bytes, connection->bytes + PREFIX + size,
		    connection->length);
	}
}

static void read_stream(struct server *server, struct connection *connection)
{
	ssize_t size =
	    recv(connection->descriptor, connection->bytes + connection->length,
		sizeof connection->bytes - connection->length, MSG_DONTWAIT);

	if (size <= 0) {
		connection_close(connection);
		return;
	}
	connection->length += (size_t)size;
	handle_stream(server, connection);
}

/* One connection too many is closed at once. */
static void accept_stream(struct server *server)
{
	const struct timeval limit = {.tv_sec = 5};
	int descriptor = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);

	if (descriptor == -1)
		return;
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	for (int i = 0; i < CONNECTIONS; i++) {
		struct connection *connection = &server->connections[i];

		if (connection->descriptor != -1)
			continue;
		connection->descriptor = descriptor;
		connection->serial = server->serials++;
		connection->length = 0;
		return;
	}
	close(descriptor);
}

static void serve_once(struct server *server)
{
	struct pollfd waits[2 + CONNECTIONS] = {
	    {.fd = server->udp, .events = POLLIN},
	    {.fd = server->listener, .events = POLLIN},
	};

	for (int i = 0; i < CONNECTIONS; i++)
		waits[2 + i] = (struct pollfd){
		    .fd = server->connections[i].descriptor,
		    .events = POLLIN,
		};
	if (poll(waits, 2 + CONNECTIONS, flush(server)) == -1)
		return;
	if (waits[0].revents != 0)
		read_udp(server);
	for (int i = 0; i < CONNECTIONS; i++)
		if (waits[2 + i].revents != 0)
			read_stream(server, &server->connections[i]);
	if (waits[1].revents != 0)
		accept_stream(server);
}

_Noreturn void dns_server_run(struct dns_zone *zone,
    const struct dns_options *options, struct dns_log *log, int udp,
    int listener)
{
	struct server *server = calloc(1, sizeof *server);

	if (server == NULL)
		give_up();
	server->zone = zone;
	server->options = options;
	server->log = log;
	server->udp = udp;
	server->listener = listener;
	for (int i = 0; i < CONNECTIONS; i++)
		server->connections[i].descriptor = -1;
	for (;;)
		serve_once(server);
}
