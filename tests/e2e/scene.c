/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

enum { ENVIRONMENT = 64, VARIABLE = 128 };

static size_t count_servers(const struct scene *scene)
{
	size_t count = 0;

	while (scene->servers[count].address != NULL)
		count++;
	return count;
}

void scene_furnish(struct scene *scene)
{
	home_make(&scene->home);
	home_control(&scene->home, "me", "client.test\n");
	home_control(&scene->home, "timeoutconnect", "600\n");
	home_control(&scene->home, "timeoutremote", "600\n");
}

void scene_crowd(struct scene *scene)
{
	static const struct peer_script busy = {
	    .overrides = {{.at = PEER_GREETING,
		.action = PEER_DROP,
		.bytes = "421 4.3.2 busy\r\n"}}};
	static const char *const addresses[] = {
	    "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "::1"};
	size_t count = COUNT(addresses) - !peer_has_ipv6();

	for (size_t i = 0; i < count; i++)
		scene->servers[i] = (struct peer_address){
		    .address = addresses[i], .script = &busy};
}

/* The zone with the port where it names it; the caller frees it. */
static char *complete_zone(const struct scene *scene, const struct peer *peer)
{
	const char *zone = scene->zone != NULL ? scene->zone : "";
	const char *hole;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(stream);
	for (; (hole = strstr(zone, SCENE_PORT)) != NULL;
	     zone = hole + strlen(SCENE_PORT))
		fprintf(stream, "%.*s%u", (int)(hole - zone), zone,
		    (unsigned)peer_port(peer));
	fprintf(stream, "%s", zone);
	fclose(stream);
	return text;
}

void scene_start(struct scene *scene)
{
	size_t count = count_servers(scene);
	char *zone;

	if (scene->home.path[0] == '\0')
		scene_furnish(scene);
	if (count > 0)
		scene->peer = peer_start(scene->servers, count);
	zone = complete_zone(scene, scene->peer);
	scene->dns = dns_start(zone, &scene->dns_options);
	free(zone);
	if (scene->unprobed != NULL)
		return;
	if (count > 0)
		shadow_serve(&scene->shadow, scene->servers, count);
	zone = complete_zone(scene,
	    scene->shadow.peer != NULL ? scene->shadow.peer : scene->peer);
	shadow_resolve(&scene->shadow, zone, &scene->dns_options);
	free(zone);
}

void scene_control(
    const struct scene *scene, const char *name, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
	va_end(arguments);
	home_control(&scene->home, name, text);
	free(text);
}

void scene_observe(struct scene *scene, const struct delivery *delivery)
{
	outcome_free(&scene->outcome);
	if (scene->unprobed == NULL)
		shadow_ask(&scene->shadow, delivery,
		    scene->peer != NULL ? peer_port(scene->peer) : 0,
		    scene->dns);
	deliver(delivery, &scene->outcome);
	if (scene->unprobed == NULL)
		shadow_compare(&scene->shadow, &scene->outcome);
}

void scene_deliver(struct scene *scene, const char *host)
{
	static const char *const recipients[] = {"bob@example.test", NULL};
	struct delivery delivery = scene->delivery;
	const char *const *given = delivery.environment;
	const char *environment[ENVIRONMENT] = {NULL};
	char variable[VARIABLE];
	size_t count = 0;

	for (; given != NULL && *given != NULL; given++) {
		ck_assert_uint_lt(count, ENVIRONMENT - 2);
		environment[count++] = *given;
	}
	/* The first of equal variables counts. */
	if (scene->dns != NULL) {
		snprintf(variable, sizeof variable, "DNSCACHEIP=%s",
		    dns_address(scene->dns));
		environment[count] = variable;
	}
	delivery.environment = environment;
	delivery.home = &scene->home;
	delivery.host = host;
	if (delivery.sender == NULL)
		delivery.sender = "alice@client.test";
	if (delivery.recipients == NULL)
		delivery.recipients = recipients;
	if (delivery.message == NULL)
		delivery.message = "Subject: test\n\ntest\n";
	if (delivery.port == 0 && scene->peer != NULL)
		delivery.port = peer_port(scene->peer);
	scene_observe(scene, &delivery);
}

void scene_stop(struct scene *scene)
{
	if (scene->peer != NULL)
		scene->transcript = peer_stop(scene->peer);
	scene->peer = NULL;
}

void scene_free(struct scene *scene)
{
	scene_stop(scene);
	if (scene->transcript != NULL)
		transcript_free(scene->transcript);
	if (scene->dns != NULL)
		dns_stop(scene->dns);
	shadow_stop(&scene->shadow);
	outcome_free(&scene->outcome);
	home_remove(&scene->home);
}

void scene_play(struct scene *scene, const char *host)
{
	scene_start(scene);
	scene_deliver(scene, host);
	scene_stop(scene);
}

void scene_expect(const struct scene *scene, char verdict, const char *text)
{
	const struct outcome *outcome = &scene->outcome;

	ck_assert_msg(outcome_well_formed(outcome) &&
			  outcome_verdict(outcome) == verdict &&
			  outcome_says(outcome, text),
	    "expected %c \"%s\", got %s \"%s\"", verdict, text,
	    outcome->letters,
	    outcome->count > 0 ? outcome->chunks[outcome->count - 1].text : "");
}

const char *scene_visits(const struct scene *scene, char text[SCENE_VISITS])
{
	size_t length = 0;

	*text = '\0';
	for (size_t i = 0;
	     scene->transcript != NULL && i < scene->transcript->count; i++) {
		const char *address = scene->transcript->connections[i].address;
		size_t more = strlen(address) + (length > 0);

		ck_assert_uint_lt(length + more, SCENE_VISITS);
		snprintf(text + length, SCENE_VISITS - length, "%s%s",
		    length > 0 ? " " : "", address);
		length += more;
	}
	return text;
}

void scene_expect_visits(const struct scene *scene, const char *visits)
{
	char text[SCENE_VISITS];

	ck_assert_str_eq(scene_visits(scene, text), visits);
}

size_t scene_messages(const struct scene *scene)
{
	size_t count = 0;

	for (size_t i = 0;
	     scene->transcript != NULL && i < scene->transcript->count; i++) {
		const struct transcript_connection *connection =
		    &scene->transcript->connections[i];

		for (size_t j = 0; j < connection->message_count; j++)
			count += connection->messages[j].complete;
	}
	return count;
}
