/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/routes.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "control.h"
#include "decimal.h"
#include "dns/domain.h"
#include "i18n.h"
#include "keyed.h"
#include "paths.h"
#include "route/key.h"
#include "xalloc.h"

static const struct keyed_file smtproutes = {
    .name = "smtproutes", .path = "control/smtproutes", .key = key_of_host};

static const struct keyed_file authsenders = {.name = "authsenders",
    .path = "control/authsenders",
    .key = key_of_sender,
    .strict = true};

/* Digits up to the first byte that is none, as in stock; 1 to 65535. */
static bool parse_port(uint16_t *port, const char *text)
{
	uint64_t number;
	size_t digits;

	if (!decimal_scan(text, strlen(text), UINT16_MAX, &number, &digits))
		return false;
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
	const char *close = *relay == '[' ? strchr(relay, ']') : NULL;
	const char *colon = strchr(close != NULL ? close : relay, ':');
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

/* A relay that has an @ may be a password in front of one. */
static void fail_relay(const char *relay, const char *file, unsigned long line,
    struct failure *failure)
{
	const char *reason =
	    _("not a relay: a name, an address or an [address], and after "
	      "a colon a port from 1 to 65535");

	if (strchr(relay, '@') != NULL)
		control_fail_secret(failure, file, line, reason);
	else
		control_fail_line(failure, file, line, relay, reason);
}

static bool parse_value(struct route *route, char *value, const char *file,
    unsigned long line, struct failure *failure)
{
	struct credentials *credentials;

	if (!credentials_cut(&credentials, value, file, line, failure))
		return false;
	if (!routes_parse_relay(route, value, failure)) {
		if (failure->class != FAILURE_TEMPORARY)
			fail_relay(value, file, line, failure);
		return false;
	}
	route->credentials = credentials;
	route->file = file;
	route->line = line;
	return true;
}

const struct keyed_file *routes_file(bool by_sender)
{
	return by_sender ? &authsenders : &smtproutes;
}

bool routes_read_line(struct route *route, const struct keyed_file *file,
    const struct keyed_line *line, struct failure *failure)
{
	if (line->colon)
		return parse_value(route, line->value, control_path(file->path),
		    line->number, failure);
	control_fail_secret(failure, file->path, line->number,
	    _("there is no colon behind the key"));
	return false;
}

/* Leaves the route as it is where there is no line. */
static bool find(struct route *route, const struct keyed_file *file,
    const char *run_directory, const char *const *keys, const char *name,
    struct failure *failure)
{
	struct keyed_line line;
	bool good;

	if (!keyed_find(&line, file, run_directory, keys, name, failure))
		return false;
	if (line.value == NULL)
		return true;
	good = routes_read_line(route, file, &line, failure);
	free(line.value);
	return good;
}

bool routes_find(struct route *route, const char *run_directory,
    const char *host, struct failure *failure)
{
	const char *const keys[] = {host, NULL};

	routes_parse_relay(route, "", failure);
	return find(route, &smtproutes, run_directory, keys, host, failure);
}

static bool find_by_sender(struct route *route, const char *sender,
    const char *run_directory, struct failure *failure)
{
	char *key = key_of_sender(*sender != '\0' ? sender : "!@", failure);
	const char *keys[] = {key, NULL, NULL}, *at;
	bool good;

	if (key == NULL)
		return false;
	at = *sender != '\0' ? strrchr(key, '@') : NULL;
	if (at != key)
		keys[1] = at;
	good = find(route, &authsenders, run_directory, keys,
	    at != NULL ? at + 1 : "", failure);
	free(key);
	return good;
}

bool route_find(struct route *route, const struct request *request,
    const char *run_directory, struct failure *failure)
{
	struct ip literal;
	char *host = ip_parse_literal(&literal, request->host)
			 ? key_of_host(request->host, failure)
			 : domain_to_ascii(request->host, failure);
	bool good;

	if (host == NULL)
		return false;
	routes_parse_relay(route, "", failure);
	good = find_by_sender(route, request->sender, run_directory, failure);
	if (good && route->kind == ROUTE_NONE)
		good = routes_find(route, run_directory, host, failure);
	free(host);
	return good;
}

char *route_next_hop(const struct route *route, const char *host)
{
	char text[IP_TEXT_SIZE];

	switch (route->kind) {
	case ROUTE_NONE: break;
	case ROUTE_NAME: return xstrdup(route->name);
	case ROUTE_ADDRESS:
		return xasprintf("[%s]", ip_format(&route->ip, text));
	}
	return xstrdup(host);
}
