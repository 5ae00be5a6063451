/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "xalloc.h"

enum { SLOW_SIZE = 64 };

static struct server *current;

void server_start(
    struct server *server, struct fuzz_input script, const char *options)
{
	size_t size = script.size + 1;

	memset(server, 0, sizeof *server);
	server->script = script;
	server->silent = strchr(options, 'm') != NULL;
	server->slow = strchr(options, 'b') != NULL;
	server->gone = strchr(options, 'e') != NULL;
	server->said = xcalloc(size, 1);
	server->heard_at = xcalloc(size, sizeof *server->heard_at);
}

void server_end(struct server *server)
{
	free(server->wire);
	free(server->said);
	free(server->heard_at);
}

static bool is_over(const struct server *server)
{
	return server->left == 0 && server->script.over;
}

static ssize_t say(
    const struct transport *transport, void *bytes, size_t size, short *wait)
{
	struct server *server = transport->context;

	*wait = POLLIN;
	if (is_over(server)) {
		errno = ETIMEDOUT;
		return server->silent ? -1 : 0;
	}
	if (server->left == 0)
		fuzz_part(&server->script, &server->part, &server->left);
	if (server->left == 0) {
		errno = EAGAIN;
		return -1;
	}
	if (size > server->left)
		size = server->left;
	memcpy(bytes, server->part, size);
	server->part += size;
	server->left -= size;
	for (size_t i = 0; i < size; i++) {
		server->heard_at[server->said_size] = server->wire_size;
		server->said[server->said_size++] = ((char *)bytes)[i];
	}
	return (ssize_t)size;
}

static ssize_t hear(const struct transport *transport, const void *bytes,
    size_t size, short *wait)
{
	struct server *server = transport->context;

	*wait = POLLOUT;
	if (server->gone && is_over(server)) {
		errno = EPIPE;
		return -1;
	}
	server->stuck = server->slow && !server->stuck;
	if (server->stuck) {
		errno = EAGAIN;
		return -1;
	}
	if (server->slow && size > SLOW_SIZE)
		size = SLOW_SIZE;
	server->wire = xrealloc(server->wire, server->wire_size + size, 1);
	memcpy(server->wire + server->wire_size, bytes, size);
	server->wire_size += size;
	return (ssize_t)size;
}

struct transport server_transport(struct server *server)
{
	static int ready; /* a descriptor that poll never waits for */

	if (ready == 0)
		ready = open("/dev/null", O_RDWR | O_CLOEXEC);
	FUZZ_CHECK(ready > 0);
	return (struct transport){.read_descriptor = ready,
	    .write_descriptor = ready,
	    .context = server,
	    .read = say,
	    .write = hear};
}

void server_become_transport(struct server *server)
{
	current = server;
}

struct transport __wrap_transport_descriptors(int input, int output);

/* In place of transport_descriptors, by the linker's --wrap. */
struct transport __wrap_transport_descriptors(int input, int output)
{
	(void)input;
	(void)output;
	return server_transport(current);
}

bool server_next_reply(const struct server *server, struct server_reply *reply)
{
	reply->start += reply->size;
	reply->start += model_blank(
	    server->said + reply->start, server->said_size - reply->start);
	if (reply->start == server->said_size)
		return false;
	reply->code = model_reply(server->said + reply->start,
	    server->said_size - reply->start, &reply->size);
	return true;
}
