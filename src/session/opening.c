/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/opening.h"

#include <unistd.h>

void opening_prepare(struct opening *opening, const struct server *server,
    const char *helohost, unsigned long timeout_remote,
    struct deadline deadline)
{
	opening->server = server;
	ip_format(&server->ip, opening->address);
	opening->name = server_name(server);
	opening->helohost = helohost;
	opening->relay.process = 0;
	opening->summary = NULL;
	opening->clear_reason = NULL;
	opening->mechanism = NULL;
	opening->timeout_remote = timeout_remote;
	opening->deadline = deadline;
}

struct dialogue opening_dialogue(struct opening *opening)
{
	return (struct dialogue){.stream = &opening->stream,
	    .server = opening->address,
	    .timeout = opening->timeout_remote,
	    .limit = opening->deadline,
	    .mask = &opening->mask};
}

void opening_start_clear(struct opening *opening, int connection)
{
	struct transport transport =
	    transport_descriptors(connection, connection);

	opening->connection = connection;
	opening->relay.process = 0;
	opening->summary = NULL;
	stream_open(&opening->stream, &transport);
}

void opening_start_tls(struct opening *opening)
{
	int local = opening->relay.local;
	struct transport transport = transport_descriptors(local, local);

	stream_open(&opening->stream, &transport);
}

void opening_hang_up(struct opening *opening)
{
	relay_abandon(&opening->relay);
	close(opening->connection);
}
