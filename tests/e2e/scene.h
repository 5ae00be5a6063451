/* SPDX-License-Identifier: ISC */
/*
 * One delivery with everything around it: a home, a DNS server, and SMTP
 * servers that share a port.  A scene of zeros delivers to an empty DNS.
 *
 *     struct scene scene = {.zone = "a.test MX 1 mx.a.test\n...",
 *         .servers = {{.address = "127.0.0.2", .script = &script}}};
 *
 *     scene_start(&scene);
 *     scene_deliver(&scene, "a.test");
 *     scene_stop(&scene);
 *     scene_expect(&scene, 'K', "accepted message");
 *     scene_free(&scene);
 */
#ifndef SCENE_H
#define SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "deliver.h"
#include "dns.h"
#include "home.h"
#include "outcome.h"
#include "peer.h"
#include "shadow.h"
#include "transcript.h"

/* In a zone it stands for the port that the servers share. */
#define SCENE_PORT "@PORT@"

enum { SCENE_SERVERS = 9, SCENE_VISITS = 512 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct scene {
	const char *zone;
	struct dns_options dns_options;
	/* Those up to the first without an address; none: no peer. */
	struct peer_address servers[SCENE_SERVERS + 1];
	/* What a delivery needs beyond the scene; may be changed between. */
	struct delivery delivery;
	/* Why qmail-remote-probe would not say what deliveries do, in words
	   for those who read the test; NULL: it must. */
	const char *unprobed;

	struct home home;
	struct dns *dns;
	struct peer *peer;
	struct outcome outcome; /* of the last delivery */
	struct shadow shadow;
	struct transcript *transcript; /* once the scene has been stopped */
};

/*
 * Makes the home, with me, timeouts that nothing good ever reaches and no other
 * control files.  scene_start does so where the home is not needed before.
 */
void scene_furnish(struct scene *scene);

/*
 * Servers on 127.0.0.2 to 127.0.0.5 and, where there is IPv6, on ::1, all of
 * which send the client to the next one: the visits then tell which servers
 * it has found, in its order.
 */
void scene_crowd(struct scene *scene);

/* Starts the servers. */
void scene_start(struct scene *scene);

/* Writes a control file from a format. */
void scene_control(const struct scene *scene, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Delivers one message to host.  DNSCACHEIP is the scene's DNS server unless
 * the environment of the delivery has one.
 */
void scene_deliver(struct scene *scene, const char *host);

/* The same of a delivery with all that it needs. */
void scene_observe(struct scene *scene, const struct delivery *delivery);

/* Ends the servers, so that the transcript can be read. */
void scene_stop(struct scene *scene);

void scene_free(struct scene *scene);

/* All of it, for a scene that is as it should be. */
void scene_play(struct scene *scene, const char *host);

/*
 * Fails the test unless the report is well formed, has this verdict and
 * contains the text.
 */
void scene_expect(const struct scene *scene, char verdict, const char *text);

/*
 * The addresses of all connections in their order, with blanks in between;
 * returns text.
 */
const char *scene_visits(const struct scene *scene, char text[SCENE_VISITS]);

/* Fails the test unless these were the connections. */
void scene_expect_visits(const struct scene *scene, const char *visits);

/* How many messages have reached the peer, final dot included. */
size_t scene_messages(const struct scene *scene);

#endif
