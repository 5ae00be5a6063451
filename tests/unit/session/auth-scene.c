/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/auth-scene.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "deadline.h"
#include "session/exchange.h"
#include "session/greet.h"
#include "unit.h"

enum { TIMEOUT = 10 };

void auth_scene_init(struct scene *scene, bool bearer)
{
	static char user[] = USER, secret[] = SECRET, token[] = TOKEN;

	*scene = (struct scene){.credentials = {.user = user,
				    .secret = bearer ? token : secret,
				    .bearer = bearer,
				    .file = "control/smtproutes",
				    .line = 3},
	    .task = {.relay = "mail.example.net",
		.port = 587,
		.run_directory = "run/qmail-remote"},
	    .script = {
		.account = {.user = user, .secret = bearer ? token : secret}}};
	scene->task.credentials = &scene->credentials;
	signal(SIGPIPE, SIG_IGN);
	unit_enter_home(&scene->home);
}

static const struct mechanism made_up = {"MADE-UP", false, true};

static void converse(struct scene *scene, int connection)
{
	struct transport transport =
	    transport_descriptors(connection, connection);
	struct stream *stream = calloc(1, sizeof *stream);
	struct dialogue dialogue = {.stream = stream,
	    .server = "127.0.0.1",
	    .timeout = TIMEOUT,
	    .limit = deadline_in(0)};
	struct capabilities capabilities;

	stream_open(stream, &transport);
	ck_assert(greet_welcome(&dialogue, &scene->failure));
	ck_assert_int_eq(greet_hello(&dialogue, "me.example", &capabilities,
			     &scene->failure),
	    GREET_HELLO_DONE);
	if (scene->sasl != NULL)
		exchange_run(&dialogue, &made_up, scene->sasl,
		    &scene->credentials, &scene->failure);
	else
		scene->result = auth_run(&dialogue, capabilities.auth,
		    &scene->task, &scene->mechanism, &scene->failure);
	free(stream);
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(
	    connect(connection, (struct sockaddr *)&address, sizeof address),
	    0);
	ck_assert_int_eq(fcntl(connection, F_SETFL, O_NONBLOCK), 0);
	return connection;
}

void auth_scene_run(struct scene *scene, const char *offered)
{
	struct peer *peer;
	int connection;

	scene->script.capabilities = offered;
	peer = peer_start_one(&scene->script);
	connection = connect_to(peer_port(peer));
	converse(scene, connection);
	close(connection);
	if (scene->transcript != NULL)
		transcript_free(scene->transcript);
	scene->transcript = peer_stop(peer);
}

struct bytes auth_scene_said(const struct scene *scene)
{
	const struct transcript_connection *connection =
	    transcript_connection(scene->transcript, NULL, 0);
	const struct bytes *received = &connection->received;
	struct bytes said = {0};
	const char *auth =
	    memmem(received->data, received->length, "\r\nAUTH ", 7);
	const char *end = received->data + received->length;

	bytes_add_text(&said, "");
	for (const char *at = auth; at != NULL && at < end; at++)
		if (*at != '\r' && at > auth + 1)
			bytes_add(&said, at, 1);
	return said;
}

void auth_scene_end(struct scene *scene)
{
	transcript_free(scene->transcript);
	home_remove(&scene->home);
}
