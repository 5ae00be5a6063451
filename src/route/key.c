/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/key.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "dns/domain.h"
#include "ip.h"
#include "xalloc.h"

char *key_of_host(const char *text, struct failure *failure)
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

char *key_of_next_hop(const char *text, struct failure *failure)
{
	char literal[IP_TEXT_SIZE];
	struct ip ip;
	size_t length;
	char *key;

	if (ip_parse(&ip, text))
		return xasprintf("[%s]", ip_format(&ip, literal));
	key = key_of_host(text, failure);
	length = key != NULL ? strlen(key) : 0;
	if (length > 1 && key[length - 1] == '.')
		key[length - 1] = '\0';
	return key;
}

char *key_of_sender(const char *text, struct failure *failure)
{
	const char *at = strrchr(text, '@');
	const char *rest = at != NULL ? at + 1 : text;
	bool domain = *rest != '\0' && (at != NULL || *text == '.');
	char *form = domain ? key_of_next_hop(rest, failure) : xstrdup(rest);
	char *key;

	if (form == NULL)
		return NULL;
	key = xasprintf("%.*s%s", (int)(rest - text), text, form);
	free(form);
	ascii_lower(key);
	return key;
}

bool key_fits_hosts(const char *key)
{
	struct ip ip;

	return ip_parse_literal(&ip, key) ||
	       (domain_is_plain(key) && strstr(key, "..") == NULL);
}

bool key_fits_senders(const char *key)
{
	const char *at = strrchr(key, '@');
	size_t size = at != NULL ? (size_t)(at - key) : 0;

	if (at == NULL)
		return *key == '\0' || (*key == '.' && key_fits_hosts(key));
	if (strcmp(key, "!@") == 0)
		return true;
	return at[1] != '\0' && at[1] != '.' && key_fits_hosts(at + 1) &&
	       strcspn(key, "<>\"@ \t") == size && strncmp(key, "*@", 2) != 0;
}
