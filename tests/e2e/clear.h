/* SPDX-License-Identifier: ISC */
/*
 * A scene in its simplest form: one server without TLS, to which a route
 * leads all mail.  What a delivery does not say is taken from below.
 *
 *     struct scene scene = {0};
 *
 *     clear_play(&scene, &script, &(struct delivery){.message = "x\n"});
 *     CLEAR_EXPECT(&scene, "r\0" CLEAR_ACCEPTED);
 *     scene_free(&scene);
 */
#ifndef CLEAR_H
#define CLEAR_H

#include <stddef.h>

#include "scene.h"

#define CLEAR_HELLO "EHLO client.test\r\n"
#define CLEAR_MAIL "MAIL FROM:<a@example.net>\r\n"
#define CLEAR_RCPT "RCPT TO:<b@example.org>\r\n"
#define CLEAR_MESSAGE "Subject: x\r\n\r\nx\r\n"
#define CLEAR_QUIT "QUIT\r\n"
#define CLEAR_ENVELOPE CLEAR_MAIL CLEAR_RCPT "DATA\r\n"
#define CLEAR_ALL CLEAR_HELLO CLEAR_ENVELOPE CLEAR_MESSAGE ".\r\n" CLEAR_QUIT

#define CLEAR_SAID "Remote host said: "
#define CLEAR_ACCEPTED                                                         \
	"K127.0.0.1 accepted message.\n" CLEAR_SAID "250 2.0.0 queued as "     \
	"TEST\n"

/* Starts the server: at 127.0.0.1, or what and where address says. */
void clear_start(struct scene *scene, const struct peer_script *script);
void clear_start_at(struct scene *scene, const struct peer_address *address);

/* Delivers once; may be called again. */
void clear_deliver(struct scene *scene, const struct delivery *delivery);

/* Starts, delivers and stops; delivery may be NULL. */
void clear_play(struct scene *scene, const struct peer_script *script,
    const struct delivery *delivery);

/* The n-th connection, from 0; NULL when there is none. */
const struct transcript_connection *clear_connection(
    const struct scene *scene, size_t n);

/* Fails the test unless the report is well formed and is these bytes. */
void clear_expect(const struct scene *scene, const char *report, size_t length);

/* For a literal whose closing NUL stands for that of the last report. */
#define CLEAR_EXPECT(scene, literal)                                           \
	clear_expect(scene, literal, sizeof(literal))

/*
 * Fails the test unless these were all bytes that the client has sent, in
 * one connection, without a breach of pipelining; NULL: no connection.
 */
void clear_expect_wire(const struct scene *scene, const char *wire);

#endif
