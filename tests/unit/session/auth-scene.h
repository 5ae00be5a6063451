/* SPDX-License-Identifier: ISC */
/* Authentication with a scripted server, in clear: what the tests share. */
#ifndef AUTH_SCENE_H
#define AUTH_SCENE_H

#include "bytes.h"
#include "home.h"
#include "peer.h"
#include "session/auth.h"
#include "session/sasl_module.h"

#define USER "me@example.net"
#define SECRET "hunter2"
#define TOKEN "ya29.token-0123456789"

struct scene {
	struct home home; /* with the run directory, as the working directory */
	struct credentials credentials;
	struct auth_task task;
	struct peer_script script;
	struct sasl *sasl; /* in place of all mechanisms; or NULL */
	/* What comes of it. */
	enum auth_result result;
	const char *mechanism;
	struct failure failure;
	struct transcript *transcript;
};

/*
 * A relay that knows USER, and a route with the same secret, which is TOKEN
 * for a bearer.
 */
void auth_scene_init(struct scene *scene, bool bearer);

/* Greets the server, which offers these mechanisms, and authenticates. */
void auth_scene_run(struct scene *scene, const char *offered);

/* All that was said from AUTH on, its CRLF shown as LF. */
struct bytes auth_scene_said(const struct scene *scene);

void auth_scene_end(struct scene *scene);

#endif
