/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "cutter.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer-listen.h"

enum { LIFE_SECONDS = 60 };

struct cutter {
	pid_t process;
	uint16_t port;
	int stop; /* is closed to end it */
	struct cutter_seen *seen;
};

/* One connection: both its halves, of which one may have gone. */
struct carrier {
	const struct cutter_plan *plan;
	struct cutter_seen *seen;
	size_t number;
	int client, server;
	bool client_ended, server_ended;
	bool cut;
};

static int call_server(const struct cutter_plan *plan)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons(plan->server_port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (inet_pton(AF_INET, plan->server, &address.sin_addr) != 1 ||
	    fd == -1 ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) == -1)
		err(99, "cutter: %s", plan->server);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void end_client(struct carrier *carrier)
{
	if (!carrier->client_ended)
		shutdown(carrier->server, SHUT_WR);
	carrier->client_ended = true;
}

static void cut(struct carrier *carrier)
{
	struct linger none = {.l_onoff = 1, .l_linger = 0};

	carrier->cut = true;
	switch (carrier->plan->cut) {
	case CUT_FIN: shutdown(carrier->client, SHUT_WR); break;
	case CUT_RST:
		setsockopt(
		    carrier->client, SOL_SOCKET, SO_LINGER, &none, sizeof none);
		close(carrier->client);
		carrier->client = -1;
		end_client(carrier);
		break;
	default: break;
	}
}

/* Bytes of the server's that may still go. */
static size_t left(const struct carrier *carrier)
{
	if (carrier->number > 0)
		return SIZE_MAX;
	return carrier->plan->after - carrier->seen->forwarded[0];
}

/* Counts before it sends, so that a client never knows of more. */
static void forward(struct carrier *carrier, const char *bytes, size_t size)
{
	size_t *count = &carrier->seen->forwarded[carrier->number];

	if (carrier->cut)
		return;
	if (size > left(carrier))
		size = left(carrier);
	if (carrier->number == 0 && *count + size <= CUTTER_STREAM)
		memcpy(carrier->seen->stream + *count, bytes, size);
	*count += size;
	send(carrier->client, bytes, size, MSG_NOSIGNAL);
	if (left(carrier) == 0)
		cut(carrier);
}

static void take_from_server(struct carrier *carrier)
{
	char bytes[8192];
	ssize_t size = recv(carrier->server, bytes, sizeof bytes, 0);

	if (size > 0) {
		forward(carrier, bytes, (size_t)size);
		return;
	}
	carrier->server_ended = true;
	if (!carrier->cut && carrier->client != -1)
		shutdown(carrier->client, SHUT_WR);
}

static void take_from_client(struct carrier *carrier)
{
	char bytes[8192];
	ssize_t size = recv(carrier->client, bytes, sizeof bytes, 0);

	if (size > 0)
		send(carrier->server, bytes, (size_t)size, MSG_NOSIGNAL);
	else
		end_client(carrier);
}

static void carry(struct carrier *carrier)
{
	if (left(carrier) == 0)
		cut(carrier);
	while (!carrier->client_ended || !carrier->server_ended) {
		struct pollfd both[2] = {
		    {.fd = carrier->client_ended ? -1 : carrier->client,
			.events = POLLIN},
		    {.fd = carrier->server_ended ? -1 : carrier->server,
			.events = POLLIN}};

		if (poll(both, 2, -1) == -1)
			err(99, "cutter: poll");
		if (both[1].revents != 0)
			take_from_server(carrier);
		if (both[0].revents != 0 && !carrier->client_ended)
			take_from_client(carrier);
	}
	if (carrier->client != -1)
		close(carrier->client);
	close(carrier->server);
}

static _Noreturn void serve(const struct cutter_plan *plan,
    struct cutter_seen *seen, int listening, int stop)
{
	struct pollfd both[2] = {{.fd = listening, .events = POLLIN},
	    {.fd = stop, .events = POLLIN}};
	int on = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFE_SECONDS);
	for (;;) {
		struct carrier carrier = {
		    .plan = plan, .seen = seen, .number = seen->connections};

		if (poll(both, 2, -1) == -1)
			err(99, "cutter: poll");
		carrier.client = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		if (carrier.client == -1 && both[1].revents != 0)
			_exit(0);
		if (carrier.client == -1)
			continue;
		if (++seen->connections > CUTTER_CONNECTIONS)
			errx(99, "cutter: too many connections");
		setsockopt(
		    carrier.client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		carrier.server = call_server(plan);
		carry(&carrier);
	}
}

struct cutter *cutter_start(const struct cutter_plan *plan)
{
	struct peer_address address = {.address = plan->address};
	struct cutter *cutter = calloc(1, sizeof *cutter);
	int listening, ends[2];

	if (cutter == NULL || pipe2(ends, O_CLOEXEC) == -1)
		err(99, "cutter");
	cutter->port = peer_listen(&listening, &address, 1);
	cutter->stop = ends[1];
	cutter->seen = mmap(NULL, sizeof *cutter->seen, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cutter->process = fork();
	if (cutter->seen == MAP_FAILED || cutter->process == -1)
		err(99, "cutter");
	if (cutter->process == 0) {
		close(ends[1]);
		serve(plan, cutter->seen, listening, ends[0]);
	}
	close(listening);
	close(ends[0]);
	return cutter;
}

uint16_t cutter_port(const struct cutter *cutter)
{
	return cutter->port;
}

void cutter_stop(struct cutter *cutter, struct cutter_seen *seen)
{
	int status;

	close(cutter->stop);
	if (waitpid(cutter->process, &status, 0) == -1 || status != 0)
		errx(99, "cutter: status %#x", (unsigned)status);
	*seen = *cutter->seen;
	munmap(cutter->seen, sizeof *cutter->seen);
	free(cutter);
}
