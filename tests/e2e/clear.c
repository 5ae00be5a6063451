/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "clear.h"

#include <string.h>

#include <check.h>

void clear_start_at(struct scene *scene, const struct peer_address *address)
{
	if (scene->home.path[0] == '\0')
		scene_furnish(scene);
	scene->peer = peer_start(address, 1);
	if (scene->unprobed == NULL)
		shadow_serve(&scene->shadow, address, 1);
	home_route_all(&scene->home, address->address, peer_port(scene->peer));
}

void clear_start(struct scene *scene, const struct peer_script *script)
{
	clear_start_at(scene,
	    &(struct peer_address){.address = "127.0.0.1", .script = script});
}

void clear_deliver(struct scene *scene, const struct delivery *wanted)
{
	static const char *const recipients[] = {"b@example.org", NULL};
	struct delivery delivery = *wanted;

	if (delivery.home == NULL)
		delivery.home = &scene->home;
	if (delivery.host == NULL)
		delivery.host = "example.org";
	if (delivery.sender == NULL)
		delivery.sender = "a@example.net";
	if (delivery.recipients == NULL)
		delivery.recipients = recipients;
	if (delivery.message == NULL)
		delivery.message = "Subject: x\n\nx\n";
	scene_observe(scene, &delivery);
}

void clear_play(struct scene *scene, const struct peer_script *script,
    const struct delivery *delivery)
{
	clear_start(scene, script);
	clear_deliver(
	    scene, delivery != NULL ? delivery : &(struct delivery){0});
	scene_stop(scene);
}

const struct transcript_connection *clear_connection(
    const struct scene *scene, size_t n)
{
	if (scene->transcript == NULL || scene->transcript->count <= n)
		return NULL;
	return &scene->transcript->connections[n];
}

void clear_expect(const struct scene *scene, const char *report, size_t length)
{
	const struct outcome *outcome = &scene->outcome;

	ck_assert(outcome_is(outcome, report, length));
	ck_assert_msg(outcome_well_formed(outcome),
	    "status %d, timed out %d, strays %u", outcome->status,
	    outcome->timed_out, outcome->strays);
}

void clear_expect_wire(const struct scene *scene, const char *wire)
{
	const struct transcript_connection *connection =
	    clear_connection(scene, 0);

	ck_assert_uint_eq(scene->transcript->count, wire != NULL);
	if (wire == NULL)
		return;
	ck_assert_str_eq(
	    connection->received.length > 0 ? connection->received.data : "",
	    wire);
	ck_assert_uint_eq(connection->received.length, strlen(wire));
	ck_assert_uint_eq(connection->strays, 0);
	ck_assert_uint_eq(connection->violations, 0);
}
