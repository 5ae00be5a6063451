/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "wire.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FLOOD_BLOCK = 16384 };

static ssize_t read_some(struct wire *wire, void *buffer)
{
	if (wire->session != NULL)
		return wire->tls->read(wire->session, buffer, wire->read_size);
	return recv(wire->fd, buffer, wire->read_size, 0);
}

size_t wire_read(struct wire *wire, void *buffer)
{
	ssize_t got;

	if (wire->read_pause > 0)
		wire_pause(wire, wire->read_pause);
	got = read_some(wire, buffer);
	if (got > 0) {
		record_add(&wire->record, RECORD_READ, (uint64_t)got, NULL, 0);
		return (size_t)got;
	}
	if (got == 0 || errno == PEER_TLS_CUT)
		record_add(&wire->record, RECORD_EOF, got < 0, NULL, 0);
	else
		record_add(
		    &wire->record, RECORD_RESET, (uint64_t)errno, NULL, 0);
	return 0;
}

/* Without recording. */
static bool write_all(struct wire *wire, const char *bytes, size_t length)
{
	if (wire->session != NULL)
		return wire->tls->write(wire->session, bytes, length) >= 0;
	while (length > 0) {
		ssize_t sent = send(wire->fd, bytes, length, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

bool wire_write(struct wire *wire, const void *bytes, size_t length)
{
	if (length == 0)
		return true;
	record_add(&wire->record, RECORD_SENT, 0, bytes, length);
	return write_all(wire, bytes, length);
}

/* Waits for any of these events, which the kernel also adds to. */
static bool wait_for(const struct wire *wire, int events, int ms)
{
	struct pollfd waited = {.fd = wire->fd, .events = (short)events};

	return poll(&waited, 1, ms) > 0;
}

bool wire_more(const struct wire *wire)
{
	char byte;

	if (wire->session != NULL && wire->tls->pending(wire->session) > 0)
		return true;
	return recv(wire->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void wire_await(const struct wire *wire)
{
	wait_for(wire, POLLIN, -1);
}

void wire_pause(const struct wire *wire, unsigned ms)
{
	wait_for(wire, POLLRDHUP, (int)ms);
}

enum { DRAIN_MAX = 1 << 20 };

void wire_drain(struct wire *wire, bool to_end)
{
	char *buffer = malloc(wire->read_size);
	size_t got, sum = 0;

	if (buffer == NULL)
		err(99, "peer");
	for (; to_end || (sum < DRAIN_MAX && wire_more(wire)); sum += got) {
		got = wire_read(wire, buffer);
		if (got == 0)
			break;
		record_add(&wire->record, RECORD_REST, 0, buffer, got);
	}
	free(buffer);
}

void wire_ignore(const struct wire *wire)
{
	sigset_t term;

	signal(SIGTERM, SIG_DFL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	wait_for(wire, POLLRDHUP, -1);
}

void wire_flood(
    struct wire *wire, const void *bytes, size_t length, unsigned ms)
{
	struct bytes block = {0};
	uint64_t sent = 0;

	if (length == 0)
		errx(99, "peer: nothing to flood with");
	do
		bytes_add(&block, bytes, length);
	while (ms == 0 && block.length < FLOOD_BLOCK);
	while (write_all(wire, block.data, block.length)) {
		sent += block.length;
		if (ms > 0)
			wire_pause(wire, ms);
	}
	record_add(&wire->record, RECORD_FLOODED, sent, NULL, 0);
	bytes_free(&block);
}

bool wire_start_tls(struct wire *wire, const struct peer_tls *tls)
{
	struct peer_tls_facts facts = {0};
	void *session = tls->start(tls, wire->fd, &facts);

	record_add(&wire->record,
	    session != NULL ? RECORD_TLS : RECORD_TLS_FAILED, 0, &facts,
	    sizeof facts);
	wire->tls = tls;
	wire->session = session;
	memcpy(wire->binding, facts.binding, sizeof wire->binding);
	return session != NULL;
}

void wire_half_close(struct wire *wire)
{
	if (wire->session != NULL)
		wire->tls->bye(wire->session);
	shutdown(wire->fd, SHUT_WR);
}

void wire_drop(struct wire *wire)
{
	close(wire->fd);
	wire->fd = -1;
}

void wire_reset(struct wire *wire)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	wire_drop(wire);
}
