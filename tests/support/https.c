/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "https.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "peer-tls.h"

enum { BACKLOG = 64, LIFETIME = 600, ENDLESS = 1 << 20 };

/* What the test sees of its children. */
struct shared {
	atomic_uint connections, requests;
	char request[HTTPS_REQUEST];
	char peer[INET_ADDRSTRLEN];
};

struct https {
	pid_t child;
	uint16_t port;
	struct shared *shared;
};

static void die_with(pid_t parent)
{
	alarm(LIFETIME);
#ifdef HAVE_SYS_PRCTL_H
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(0);
}

static int open_listener(uint16_t *port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener == -1 ||
	    bind(listener, (struct sockaddr *)&address, length) == -1 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) == -1 ||
	    listen(listener, BACKLOG) == -1)
		err(99, "https");
	*port = ntohs(address.sin_port);
	return listener;
}

/* Pauses, but not longer than the client stays. */
static bool pause_for(int connection, unsigned ms)
{
	struct pollfd client = {.fd = connection, .events = POLLRDHUP};

	return ms == 0 || poll(&client, 1, (int)ms) == 0;
}

static bool read_request(
    const struct peer_tls *tls, void *session, struct shared *shared)
{
	size_t size = 0;
	ssize_t got;

	while (size < HTTPS_REQUEST - 1 &&
	       (got = tls->read(session, shared->request + size,
		    HTTPS_REQUEST - 1 - size)) > 0) {
		size += (size_t)got;
		shared->request[size] = '\0';
		if (strstr(shared->request, "\r\n\r\n") != NULL) {
			atomic_fetch_add(&shared->requests, 1);
			return true;
		}
	}
	return false;
}

static const char * or (const char *value, const char *otherwise)
{
	return value != NULL ? value : otherwise;
}

static void make_answer(
    const struct https_options *options, struct bytes *answer)
{
	const char *body = or (options->body, "");
	size_t size = options->size > 0 ? options->size : strlen(body);
	char line[128];

	bytes_add_text(answer, "HTTP/1.1 ");
	bytes_add_text(answer, or (options->status, "200 OK"));
	bytes_add_text(answer, "\r\nConnection: close\r\n");
	if (or (options->type, "text/plain")[0] != '\0') {
		snprintf(line, sizeof line, "Content-Type: %s\r\n",
		    or (options->type, "text/plain"));
		bytes_add_text(answer, line);
	}
	if (!options->unsized && !options->endless) {
		snprintf(line, sizeof line, "Content-Length: %zu\r\n", size);
		bytes_add_text(answer, line);
	}
	bytes_add_text(answer, or (options->headers, ""));
	bytes_add_text(answer, "\r\n");
	do
		bytes_add(answer, body, size);
	while (options->endless && answer->length < ENDLESS);
}

static void write_answer(const struct https_options *options, int connection,
    const struct peer_tls *tls, void *session)
{
	struct bytes answer = {0};
	size_t size, piece;

	make_answer(options, &answer);
	size = options->cut > 0 && options->cut < answer.length ? options->cut
								: answer.length;
	piece = options->pace > 0 ? 1 : size;
	for (size_t i = 0; i < size; i += piece)
		if (!pause_for(connection, options->pace) ||
		    tls->write(session, answer.data + i, piece) < 0)
			return;
	if (options->cut == 0)
		tls->bye(session);
}

/* FIN must not be RST: what the client still sends is read. */
static void hang_up(int connection)
{
	char rest[512];

	shutdown(connection, SHUT_WR);
	while (read(connection, rest, sizeof rest) > 0)
		continue;
}

static _Noreturn void serve(const struct https_options *options,
    const struct peer_tls *tls, struct shared *shared, int connection)
{
	struct peer_tls_facts facts = {0};
	struct pollfd client = {.fd = connection, .events = POLLRDHUP};
	void *session;

	signal(SIGPIPE, SIG_IGN);
	if (options->silent) {
		poll(&client, 1, -1);
		_exit(0);
	}
	session = tls->start(tls, connection, &facts);
	if (session != NULL && read_request(tls, session, shared) &&
	    pause_for(connection, options->wait))
		write_answer(options, connection, tls, session);
	hang_up(connection);
	_exit(0);
}

static _Noreturn void run(const struct https_options *options, int listener,
    struct shared *shared, pid_t parent)
{
	struct peer_tls *tls = peer_tls_new(&(struct peer_tls_options){
	    .certificate = options->certificate, .key = options->key});
	pid_t self = getpid();

	die_with(parent);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		struct sockaddr_in peer;
		socklen_t length = sizeof peer;
		int connection =
		    accept(listener, (struct sockaddr *)&peer, &length);

		if (connection == -1)
			continue;
		inet_ntop(
		    AF_INET, &peer.sin_addr, shared->peer, sizeof shared->peer);
		atomic_fetch_add(&shared->connections, 1);
		if (fork() == 0) {
			die_with(self);
			close(listener);
			serve(options, tls, shared, connection);
		}
		close(connection);
	}
}

struct https *https_start(const struct https_options *options)
{
	struct https *https = calloc(1, sizeof *https);
	pid_t parent = getpid();
	int listener;

	if (https == NULL)
		err(99, "https");
	https->shared = mmap(NULL, sizeof *https->shared,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (https->shared == MAP_FAILED)
		err(99, "https");
	listener = open_listener(&https->port);
	https->child = fork();
	if (https->child == -1)
		err(99, "https");
	if (https->child == 0)
		run(options, listener, https->shared, parent);
	close(listener);
	return https;
}

void https_stop(struct https *https)
{
	kill(https->child, SIGKILL);
	waitpid(https->child, NULL, 0);
	munmap(https->shared, sizeof *https->shared);
	free(https);
}

uint16_t https_port(const struct https *https)
{
	return https->port;
}

unsigned https_connections(const struct https *https)
{
	return atomic_load(&https->shared->connections);
}

unsigned https_requests(const struct https *https)
{
	return atomic_load(&https->shared->requests);
}

const char *https_peer(const struct https *https)
{
	return https->shared->peer;
}

const char *https_request(const struct https *https)
{
	return https->shared->request;
}
