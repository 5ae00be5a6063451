/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-sink.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "bytes.h"

enum { READ_SIZE = 262144, TAIL = 5, BACKLOG = 1024 };

struct sink {
	struct sink_options options;
	uint16_t port;
	pid_t processes[];
};

struct client {
	const struct sink_options *options;
	int fd;
	void *session;	      /* of TLS; NULL in clear */
	struct bytes in, out; /* commands, replies that wait */
	bool data, over;
	char tail[TAIL]; /* the last bytes of the data */
	char buffer[READ_SIZE];
};

static size_t receive(struct client *client)
{
	ssize_t size = client->session != NULL
			   ? client->options->tls->read(
				 client->session, client->buffer, READ_SIZE)
			   : recv(client->fd, client->buffer, READ_SIZE, 0);

	return size > 0 ? (size_t)size : 0;
}

static void flush(struct client *client)
{
	const struct bytes *out = &client->out;

	if (client->session != NULL && out->length > 0)
		client->options->tls->write(
		    client->session, out->data, out->length);
	else if (out->length > 0 && write(client->fd, out->data, out->length) !=
					(ssize_t)out->length)
		client->over = true;
	bytes_remove(&client->out, out->length);
}

static void start_tls(struct client *client)
{
	struct peer_tls_facts facts;

	flush(client);
	client->session = client->options->tls->start(
	    client->options->tls, client->fd, &facts);
	client->over = client->session == NULL;
}

static void answer(struct client *client, char command)
{
	bool offer = client->options->tls != NULL && client->session == NULL;

	switch (command) {
	case 'E':
		bytes_add_text(&client->out,
		    offer ? "250-sink\r\n250-STARTTLS\r\n" : "250-sink\r\n");
		bytes_add_text(&client->out,
		    "250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE\r\n");
		break;
	case 'S':
		bytes_add_text(&client->out, "220 go on\r\n");
		start_tls(client);
		break;
	case 'D':
		bytes_add_text(&client->out, "354 go on\r\n");
		client->data = true;
		memcpy(client->tail, "   \r\n", TAIL);
		break;
	case 'Q':
		bytes_add_text(&client->out, "221 bye\r\n");
		flush(client);
		client->over = true;
		break;
	default: bytes_add_text(&client->out, "250 ok\r\n");
	}
}

static void take_commands(struct client *client, size_t size)
{
	struct bytes *in = &client->in;
	char *end;

	bytes_add(in, client->buffer, size);
	while (!client->over && in->length > 0 &&
	       (end = memchr(in->data, '\n', in->length)) != NULL) {
		answer(client, *in->data);
		bytes_remove(in, (size_t)(end + 1 - in->data));
	}
}

/*
 * A client waits for the reply to its dot, so that this is the end of what
 * has been received, and nowhere else is there such a line.
 */
static void take_data(struct client *client, size_t size)
{
	if (size >= TAIL) {
		memcpy(client->tail, client->buffer + size - TAIL, TAIL);
	} else {
		memmove(client->tail, client->tail + size, TAIL - size);
		memcpy(client->tail + TAIL - size, client->buffer, size);
	}
	if (memcmp(client->tail, "\r\n.\r\n", TAIL) == 0) {
		bytes_add_text(&client->out, "250 ok\r\n");
		client->data = false;
	}
}

static void serve_smtp(struct client *client)
{
	size_t size;

	bytes_add_text(&client->out, "220 sink ESMTP\r\n");
	flush(client);
	while (!client->over && (size = receive(client)) > 0) {
		if (client->data)
			take_data(client, size);
		else
			take_commands(client, size);
		flush(client);
	}
}

static void serve(const struct sink_options *options, int fd)
{
	static struct client client;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	client.options = options;
	client.fd = fd;
	client.session = NULL;
	client.data = client.over = false;
	if (options->smtp) {
		serve_smtp(&client);
	} else {
		if (options->tls != NULL)
			start_tls(&client);
		while (!client.over && receive(&client) > 0)
			continue;
	}
	if (client.session != NULL) {
		options->tls->bye(client.session);
		gnutls_deinit(client.session);
	}
	bytes_free(&client.in);
	bytes_free(&client.out);
	close(fd);
}

static _Noreturn void run(const struct sink_options *options, int listener)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			serve(options, fd);
	}
}

/* Returns a listening socket, and its port in the order of the host. */
static int open_listener(uint16_t *port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&address, length) == -1 ||
	    listen(fd, BACKLOG) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) == -1)
		err(99, "sink");
	*port = ntohs(address.sin_port);
	return fd;
}

struct sink *sink_start(const struct sink_options *options)
{
	struct sink *sink = calloc(
	    1, sizeof *sink + options->processes * sizeof *sink->processes);
	int listener;

	if (sink == NULL)
		err(99, "sink");
	sink->options = *options;
	listener = open_listener(&sink->port);
	for (unsigned i = 0; i < options->processes; i++) {
		sink->processes[i] = fork();
		if (sink->processes[i] == -1)
			err(99, "sink");
		if (sink->processes[i] == 0)
			run(&sink->options, listener);
	}
	close(listener);
	return sink;
}

uint16_t sink_port(const struct sink *sink)
{
	return sink->port;
}

void sink_stop(struct sink *sink)
{
	for (unsigned i = 0; i < sink->options.processes; i++)
		kill(sink->processes[i], SIGKILL);
	for (unsigned i = 0; i < sink->options.processes; i++)
		waitpid(sink->processes[i], NULL, 0);
	free(sink);
}
