/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/routes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ascii.h"
#include "cdbcache.h"
#include "control.h"
#include "dns/domain.h"
#include "i18n.h"
#include "paths.h"
#include "xalloc.h"

static const char file[] = "control/smtproutes";

char *routes_key(const char *text, struct failure *failure)
{
	char literal[IP_TEXT_SIZE];
	bool suffix = text[0] == '.' && text[1] != '\0'; /* keeps its dot */
	struct ip ip;
	char *key, *ascii;

	if (ip_parse_literal(&ip, text))
		return xasprintf("[%s]", ip_format(&ip, literal));
	ascii = domain_to_ascii(suffix ? text + 1 : text, failure);
	if (ascii != NULL) {
		key = xasprintf(suffix ? ".%s" : "%s", ascii);
		free(ascii);
		return key;
	}
	if (failure->class == FAILURE_TEMPORARY)
		return NULL;
	key = xstrdup(text);
	ascii_lower(key);
	return key;
}

/* The end of the key: the first colon, of those outside brackets. */
static const char *find_colon(const char *line, size_t length)
{
	const char *start = line;

	if (length > 0 && *line == '[') {
		const char *close = memchr(line, ']', length);

		if (close != NULL)
			start = close;
	}
	return memchr(start, ':', length - (size_t)(start - line));
}

/* A value is the line's number, for reports, a blank, and the relay. */
static bool add_route(struct cdbcache_records *records, const char *line,
    size_t length, unsigned long number, struct failure *failure)
{
	const char *colon = find_colon(line, length);
	char *text, *key, *value;

	if (colon == NULL)
		return true;
	text = xstrndup(line, (size_t)(colon - line));
	key = *text == '\0' ? xstrdup("") : routes_key(text, failure);
	free(text);
	if (key == NULL)
		return false;
	value = xasprintf("%lu %.*s", number,
	    (int)(length - (size_t)(colon + 1 - line)), colon + 1);
	cdbcache_add(records, key, strlen(key), value, strlen(value));
	free(key);
	free(value);
	return true;
}

static bool compile(
    const char *path, struct cdbcache_records *records, struct failure *failure)
{
	struct control_text text;
	struct control_cursor cursor;
	const char *line;
	size_t length;
	bool good = true;

	switch (control_text(path, &text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	cursor = control_lines(&text);
	while (good && control_next(&cursor, &line, &length))
		good = add_route(records, line, length, cursor.line, failure);
	free(text.bytes);
	return good;
}

static void stamp(const char *path, struct cdbcache_stamp *stamp)
{
	cdbcache_stamp_file(stamp, path);
}

/* The value of the last line with this key, as text, or NULL. */
static char *find_value(struct sealedcdb *cache, const char *key)
{
	struct sealedcdb_search search;
	const char *value;
	char *last = NULL;
	size_t size;

	sealedcdb_search(&search, cache, key, strlen(key));
	while (sealedcdb_next(&search, &value, &size)) {
		free(last);
		last = xstrndup(value, size);
	}
	return last;
}

static char *find_best(struct sealedcdb *cache, const char *host)
{
	char *value = find_value(cache, host);
	const char *suffix = strchr(host, '.');

	while (value == NULL && suffix != NULL) {
		value = find_value(cache, suffix);
		suffix = strchr(suffix + 1, '.');
	}
	return value != NULL ? value : find_value(cache, "");
}

/* Digits up to the first byte that is none, as in stock; 1 to 65535. */
static bool parse_port(uint16_t *port, const char *text)
{
	unsigned long number = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		number = number * 10 + (unsigned long)(*text - '0');
		if (number > UINT16_MAX)
			return false;
	}
	*port = (uint16_t)number;
	return number > 0;
}

/* No top-level domain is a number: this is an address gone wrong. */
static bool ends_in_number(const char *name)
{
	const char *label = strrchr(name, '.');

	label = label != NULL ? label + 1 : name;
	return *label != '\0' && strspn(label, "0123456789") == strlen(label);
}

/*
 * What looks like a name, but was meant to be something else: an address
 * with a slip, a list, a password.  The DNS would say that there is no such
 * host, and the mail would bounce.
 */
static bool is_mistaken(const char *host)
{
	return ends_in_number(host) || strpbrk(host, "[]|;,/%()<>@\"'*?!") ||
	       ascii_is_word(host, strlen(host), "IPv6");
}

static bool parse_relay_host(
    struct route *route, const char *host, struct failure *failure)
{
	if (ip_parse_literal(&route->ip, host) ||
	    (strchr(host, ':') == NULL && ip_parse(&route->ip, host))) {
		route->kind = ROUTE_ADDRESS;
		return true;
	}
	route->kind = ROUTE_NAME;
	if (!is_mistaken(host))
		route->name = domain_to_ascii(host, failure);
	return route->name != NULL;
}

bool routes_parse_relay(
    struct route *route, const char *relay, struct failure *failure)
{
	const char *colon = find_colon(relay, strlen(relay));
	char *host;
	bool good;

	failure->class = FAILURE_PERMANENT;
	memset(route, 0, sizeof *route);
	route->port = path_smtp_port();
	if (*relay == '\0')
		return true;
	/* Without brackets its colons could be taken for a port's. */
	if (colon != NULL && ip_parse(&route->ip, relay))
		return false;
	if (colon != NULL && !parse_port(&route->port, colon + 1))
		return false;
	host = colon != NULL ? xstrndup(relay, (size_t)(colon - relay))
			     : xstrdup(relay);
	good = parse_relay_host(route, host, failure);
	free(host);
	return good;
}

static bool parse_value(
    struct route *route, const char *value, struct failure *failure)
{
	char *relay;
	unsigned long number = strtoul(value, &relay, 10);

	relay += *relay == ' ';
	if (routes_parse_relay(route, relay, failure))
		return true;
	if (failure->class == FAILURE_TEMPORARY)
		return false;
	control_fail_line(failure, file, number, relay,
	    _("not a relay: a name, an address or an [address], and after "
	      "a colon a port from 1 to 65535"));
	return false;
}

bool routes_find(struct route *route, const char *run_directory,
    const char *host, struct failure *failure)
{
	static const struct cdbcache_source source = {
	    "smtproutes", file, stamp, compile};
	struct sealedcdb cache;
	struct stat status;
	char *value;
	bool good = true;

	routes_parse_relay(route, "", failure);
	if (stat(file, &status) != 0) {
		if (errno == ENOENT)
			return true;
		control_fail(failure, file, strerror(errno));
		return false;
	}
	if (!cdbcache_open(&cache, run_directory, &source, failure))
		return false;
	value = find_best(&cache, host);
	if (cache.damaged) {
		free(value);
		if (!cdbcache_replace(&cache, run_directory, &source, failure))
			return false;
		value = find_best(&cache, host);
	}
	sealedcdb_close(&cache);
	if (value != NULL)
		good = parse_value(route, value, failure);
	free(value);
	return good;
}
