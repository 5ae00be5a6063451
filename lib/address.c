/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "address.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "xalloc.h"

const char *address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : NULL;
}

static size_t local_length(const char *address)
{
	const char *domain = address_domain(address);

	return domain != NULL ? (size_t)(domain - 1 - address)
			      : strlen(address);
}

char *address_with_domain(const char *address, const char *domain)
{
	return xasprintf(
	    "%.*s@%s", (int)local_length(address), address, domain);
}

bool address_is_one_line(const char *address)
{
	return strpbrk(address, "\r\n") == NULL;
}

bool address_needs_utf8(const char *address)
{
	return !utf8_is_ascii_text(address, local_length(address));
}

bool address_any_needs_utf8(
    const char *sender, char *const *recipients, size_t recipient_count)
{
	for (size_t i = 0; i < recipient_count; i++)
		if (address_needs_utf8(recipients[i]))
			return true;
	return address_needs_utf8(sender);
}

bool address_has_foreign_domain(const char *address)
{
	const char *domain = address_domain(address);

	return domain != NULL && !utf8_is_ascii_text(domain, strlen(domain));
}

bool address_breaks_command(const char *address)
{
	const char *domain = address_domain(address);
	const char *byte = domain != NULL ? domain : address;

	for (; *byte != '\0'; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 127 ||
		    *byte == '<' || *byte == '>' ||
		    (*byte == ' ' && domain != NULL))
			return true;
	return false;
}

bool address_is_valid_utf8(const char *address)
{
	struct utf8 utf8 = {0};

	utf8_take(&utf8, address, strlen(address));
	return utf8_is_valid(&utf8);
}

static bool needs_quotes(const char *local, size_t length)
{
	if (length == 0 || local[0] == '.' || local[length - 1] == '.')
		return true;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)local[i];

		if (byte <= ' ' || byte == 127 ||
		    strchr("\"(),:;<>@[\\]", byte) != NULL)
			return true;
		if (byte == '.' && local[i - 1] == '.')
			return true;
	}
	return false;
}

char *address_quote(const char *address)
{
	size_t length = local_length(address);
	char *quoted, *to;

	if (address_domain(address) == NULL || !needs_quotes(address, length))
		return xstrdup(address);

	to = quoted = xcalloc(length + strlen(address) + 3, 1);
	*to++ = '"';
	for (size_t i = 0; i < length; i++) {
		if (strchr("\r\n\"\\", address[i]) != NULL)
			*to++ = '\\';
		*to++ = address[i];
	}
	*to++ = '"';
	memcpy(to, address + length, strlen(address) - length);
	return quoted;
}
