/* SPDX-License-Identifier: ISC */
/*
 * Routes.  The input: a host, and control/smtproutes.  The compiled routes
 * and the private ones say the same as a search through the lines in stock's
 * order.
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dns/domain.h"
#include "route/key.h"
#include "route/routes.h"
#include "xalloc.h"

static char *home;

static void remove_home(void)
{
	static const char *const files[] = {"control/smtproutes",
	    "run/smtproutes.cdb", "run/smtproutes.lock", "control", "run", ""};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char *path = xasprintf("%s/%s", home, files[i]);

		remove(path);
		free(path);
	}
	free(home);
}

static void make_home(void)
{
	const char *directory = getenv("TMPDIR");

	home = xasprintf(
	    "%s/fuzz-routes-XXXXXX", directory != NULL ? directory : "/tmp");
	FUZZ_CHECK(mkdtemp(home) != NULL);
	FUZZ_CHECK(atexit(remove_home) == 0);
	FUZZ_CHECK(chdir(home) == 0);
	FUZZ_CHECK(mkdir("control", 0700) == 0 && mkdir("run", 0700) == 0);
}

static void write_routes(const char *bytes, size_t size)
{
	FILE *file = fopen("control/smtproutes", "wb");

	FUZZ_CHECK(file != NULL);
	FUZZ_CHECK(fwrite(bytes, 1, size, file) == size);
	FUZZ_CHECK(fclose(file) == 0);
}

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
	size_t start = 0;

	for (size_t end = 0; end <= size; end++) {
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

static void check_route(const struct route *route, const struct found *found)
{
	struct route expected;
	struct failure failure;
	char *name = NULL;

	FUZZ_CHECK(routes_parse_relay(
	    &expected, found->relay != NULL ? found->relay : "", &failure));
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
		FUZZ_CHECK(strcmp(route->name, expected.name) == 0);
		FUZZ_CHECK(route->port == expected.port);
		break;
	}
	free(name);
	free(expected.name);
}

static void check_failure(
    const struct failure *failure, const struct found *found)
{
	char *line = xasprintf("/control/smtproutes, line %lu: ", found->line);

	FUZZ_CHECK(failure->class == FAILURE_TEMPORARY);
	fuzz_check_text(failure->text);
	FUZZ_CHECK(found->relay != NULL);
	FUZZ_CHECK(strstr(failure->text, line) != NULL);
	free(line);
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
}

int FUZZ_TARGET(routes)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct failure failure;
	struct found found;
	char *text, *host, *run;

	FUZZ_CHECK(back >= 0);
	if (home == NULL)
		make_home();
	FUZZ_CHECK(chdir(home) == 0);
	text = fuzz_text(&input);
	host = *text != '\0' ? key_of_host(text, &failure) : xstrdup("");
	if (input.over)
		input.size = 0;
	write_routes(input.bytes, input.size);
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
	FUZZ_CHECK(fchdir(back) == 0);
	close(back);
	return 0;
}
