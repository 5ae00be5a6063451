/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/opening.h"

#include <unistd.h>

#include "session/greet.h"

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
	    .mask = &opening->mask,
	    .turns = opening->turns,
	    .encrypted = opening->relay.process != 0};
}

void opening_start_clear(struct opening *opening, int connection)
{
	struct transport transport =
	    transport_descriptors(connection, connection);

	opening->connection = connection;
	opening->relay.process = 0;
	opening->summary = NULL;
	stream_open(&opening->stream, &transport);
	turns_connect(opening->turns);
}

void opening_start_tls(struct opening *opening)
{
	int local = opening->relay.local;
	struct transport transport = transport_descriptors(local, local);

	stream_open(&opening->stream, &transport);
}

void opening_leave(struct opening *opening)
{
	struct dialogue dialogue = opening_dialogue(opening);

	greet_quit(&dialogue);
	opening_hang_up(opening);
}

void opening_hang_up(struct opening *opening)
{
	relay_abandon(&opening->relay);
	close(opening->connection);
}
