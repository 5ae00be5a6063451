/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/nameserver.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "ip.h"
#include "xalloc.h"

/* Whether text is empty, or a colon and a port. */
static bool is_port(const char *text)
{
	uint64_t port;

	return *text == '\0' ||
	       (*text == ':' && decimal_read(text + 1, UINT16_MAX, &port) &&
		   port > 0);
}

/* The length of the address, with its brackets, in front of a port. */
static size_t address_length(const char *server)
{
	const char *bracket = strchr(server, ']');
	struct ip ip;

	if (*server == '[' && bracket != NULL)
		return (size_t)(bracket + 1 - server);
	return ip_parse(&ip, server) ? strlen(server) : strcspn(server, ":");
}

char *nameserver_for_ares(const char *text)
{
	size_t length = address_length(text);
	char *address = xstrndup(text, length);
	char plain[IP_TEXT_SIZE];
	struct ip ip;
	bool good =
	    (ip_parse(&ip, address) || ip_parse_literal(&ip, address)) &&
	    is_port(text + length);

	free(address);
	if (!good)
		return NULL;
	/* Brackets only before a port. */
	return xasprintf(
	    ip.version == 6 && text[length] != '\0' ? "[%s]%s" : "%s%s",
	    ip_format(&ip, plain), text + length);
}

static bool line_trusts(char *line)
{
	char *rest = NULL;
	const char *word = strtok_r(line, " \t\n", &rest);

	if (word == NULL || strcmp(word, "options") != 0)
		return false;
	while ((word = strtok_r(NULL, " \t\n", &rest)) != NULL)
		if (strcmp(word, "trust-ad") == 0)
			return true;
	return false;
}

bool nameserver_conf_trusts(FILE *conf)
{
	char *line = NULL;
	size_t room = 0;
	bool trusts = false;

	while (!trusts && getline(&line, &room, conf) >= 0)
		trusts = line_trusts(line);
	free(line);
	return trusts;
}
