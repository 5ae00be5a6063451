/* SPDX-License-Identifier: ISC */
/*
 * Routes.  The input: a host, and control/smtproutes.  The compiled routes
 * and the private ones say the same as a search through the lines in stock's
 * order.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "dns/domain.h"
#include "home.h"
#include "route/key.h"
#include "route/routes.h"
#include "xalloc.h"

struct found {
	char *relay;
	unsigned long line;
};

static const char *key_end(const char *line)
{
	const char *bracket = *line == '[' ? strchr(line, ']') : NULL;

	return strchr(bracket != NULL ? bracket : line, ':');
}

/* Keys are compared in the form that key_of_host gives them, which for a plain
 * name only takes its capitals away. */
static bool is_key(const char *line, const char *colon, const char *host)
{
	char *text = xstrndup(line, (size_t)(colon - line));
	struct failure failure;
	char *key = *text != '\0' ? key_of_host(text, &failure) : xstrdup("");
	bool plain = *text != '[';
	bool same = strcmp(key, host) == 0;

	for (const char *at = text; *at != '\0'; at++)
		plain = plain && (unsigned char)*at < 128;
	if (plain)
		FUZZ_CHECK(strcasecmp(key, text) == 0);
	free(key);
	free(text);
	return same;
}

static void try_line(struct found *found, const char *bytes, size_t size,
    unsigned long number, const char *key)
{
	char *line;
	const char *colon;

	while (size > 0 && (bytes[size - 1] == ' ' || bytes[size - 1] == '\t'))
		size--;
	line = xstrndup(bytes, size);
	colon = key_end(line);
	if (*line != '#' && colon != NULL && is_key(line, colon, key)) {
		free(found->relay);
		found->relay = xstrdup(colon + 1);
		found->line = number;
	}
	free(line);
}

/* The last line with that key. */
static struct found model_find(const char *bytes, size_t size, const char *key)
{
	struct found found = {NULL, 0};
	unsigned long number = 1;
	size_t start =
	    size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (size_t end = start; end <= size; end++) {
		if (end < size && bytes[end] != '\n' && bytes[end] != '\0')
			continue;
		try_line(&found, bytes + start, end - start, number, key);
		number += end < size && bytes[end] == '\n';
		start = end + 1;
	}
	return found;
}

static struct found model_best(const char *bytes, size_t size, const char *host)
{
	struct found found = model_find(bytes, size, host);

	while (found.relay == NULL && *host != '\0')
		if (*++host == '.' || *host == '\0')
			found = model_find(bytes, size, host);
	return found;
}

/* The same as the two readers say by themselves, one after the other. */
static void check_credentials(
    const struct route *route, const char *relay, unsigned long line)
{
	struct credentials *expected;
	struct failure failure;
	char *value = xstrdup(relay);

	FUZZ_CHECK(credentials_cut(&expected, value, "", line, &failure));
	FUZZ_CHECK((expected != NULL) == (route->credentials != NULL));
	if (expected != NULL) {
		FUZZ_CHECK(route->kind != ROUTE_NONE);
		FUZZ_CHECK(route->credentials->line == line);
		FUZZ_CHECK(route->credentials->bearer == expected->bearer);
		FUZZ_CHECK(
		    strcmp(route->credentials->user, expected->user) == 0);
		FUZZ_CHECK(
		    strcmp(route->credentials->secret, expected->secret) == 0);
		free(expected->user);
		free(expected->secret);
	}
	free(expected);
	free(value);
}

static void check_route(const struct route *route, const struct found *found)
{
	const char *relay = found->relay != NULL ? found->relay : "";
	char *host = xstrndup(relay, strcspn(relay, " \t|"));
	struct route expected;
	struct failure failure;
	char *name;

	FUZZ_CHECK(routes_parse_relay(&expected, host, &failure));
	free(host);
	check_credentials(route, relay, found->line);
	FUZZ_CHECK(route->kind == expected.kind);
	FUZZ_CHECK(route->kind == ROUTE_NONE || route->port > 0);
	switch (route->kind) {
	case ROUTE_NONE: FUZZ_CHECK(route->name == NULL); break;
	case ROUTE_ADDRESS:
		FUZZ_CHECK(ip_equal(&route->ip, &expected.ip));
		FUZZ_CHECK(route->port == expected.port);
		break;
	case ROUTE_NAME:
		FUZZ_CHECK(domain_is_ascii_name(route->name));
		name = domain_to_ascii(route->name, &failure);
		FUZZ_CHECK(strcmp(route->name, name) == 0);
		free(name);
		FUZZ_CHECK(strcmp(route->name, expected.name) == 0);
		FUZZ_CHECK(route->port == expected.port);
		break;
	}
	free(expected.name);
}

/* What stands behind the first | or blank, if it is too long to be chance. */
static const char *find_secret(const char *relay)
{
	const char *rest = relay + strcspn(relay, " \t|");

	return strlen(rest) > 12 ? rest + 1 : NULL;
}

static void check_failure(
    const struct failure *failure, const struct found *found)
{
	char *line = xasprintf("/control/smtproutes, line %lu: ", found->line);
	const char *secret;

	FUZZ_CHECK(found->relay != NULL);
	secret = find_secret(found->relay);
	FUZZ_CHECK(failure->class == FAILURE_TEMPORARY);
	fuzz_check_text(failure->text);
	FUZZ_CHECK(strstr(failure->text, line) != NULL);
	free(line);
	if (secret != NULL)
		FUZZ_CHECK(strstr(failure->text, secret) == NULL);
}

static void check_find(
    const char *run_directory, const char *host, const struct found *found)
{
	struct route route;
	struct failure failure;

	if (routes_find(&route, run_directory, host, &failure))
		check_route(&route, found);
	else
		check_failure(&failure, found);
	free(route.name);
	free((char *)route.file);
	if (route.credentials != NULL) {
		free(route.credentials->user);
		free(route.credentials->secret);
	}
	free(route.credentials);
}

/* Secrets in files would make of the input paths of this machine. */
static bool reads_files(const char *bytes, size_t size)
{
	return memmem(bytes, size, "file:", 5) != NULL;
}

int FUZZ_TARGET(routes)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	const char *home = fuzz_home_enter();
	struct failure failure;
	struct found found;
	char *text = fuzz_text(&input), *host, *run;

	/* What is longer than names can be is not searched for whole. */
	text[strnlen(text, DOMAIN_MAX)] = '\0';
	host = *text != '\0' ? key_of_host(text, &failure) : xstrdup("");
	if (input.over || reads_files(input.bytes, input.size))
		input.size = 0;
	fuzz_home_control("smtproutes", input.bytes, input.size);
	found = model_best(input.bytes, input.size, host);
	run = xasprintf("%s/run", home);
	check_find("/nonexistent", host, &found);
	/* Another file of the same size within a tick would look the same. */
	unlink("run/smtproutes.cdb");
	check_find(run, host, &found);
	free(run);
	free(found.relay);
	free(host);
	free(text);
	fuzz_home_leave();
	return 0;
}
