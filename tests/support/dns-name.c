/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Reads one byte of a label; returns what follows it, or NULL. */
static const char *parse_byte(uint8_t *byte, const char *text)
{
	unsigned value = 0;

	if (*text != '\\') {
		*byte = (uint8_t)*text;
		return text + 1;
	}
	text++;
	if (!isdigit((unsigned char)*text)) {
		*byte = (uint8_t)*text;
		return *text == '\0' ? NULL : text + 1;
	}
	for (int i = 0; i < 3; i++, text++) {
		if (!isdigit((unsigned char)*text))
			return NULL;
		value = value * 10 + (unsigned)(*text - '0');
	}
	*byte = (uint8_t)value;
	return value > 255 ? NULL : text;
}

/* Appends one label; returns the dot or NUL after it, or NULL. */
static const char *parse_label(struct dns_name *name, const char *text)
{
	uint8_t label[DNS_LABEL_MAX];
	size_t length = 0;

	while (*text != '.' && *text != '\0') {
		if (length == sizeof label)
			return NULL;
		text = parse_byte(&label[length++], text);
		if (text == NULL)
			return NULL;
	}
	if (length == 0 || name->length + 1 + length + 1 > DNS_NAME_MAX)
		return NULL;
	name->wire[name->length++] = (uint8_t)length;
	memcpy(name->wire + name->length, label, length);
	name->length += length;
	return text;
}

bool dns_name_parse(struct dns_name *name, const char *text)
{
	name->length = 0;
	if (*text == '\0')
		return false;
	if (strcmp(text, ".") == 0)
		text++;
	while (*text != '\0') {
		text = parse_label(name, text);
		if (text == NULL)
			return false;
		if (*text == '.')
			text++;
	}
	name->wire[name->length++] = 0;
	return true;
}

static size_t format_byte(char *text, uint8_t byte)
{
	size_t length = 0;

	if (byte <= ' ' || byte >= 127) {
		text[length++] = '\\';
		text[length++] = (char)('0' + byte / 100);
		text[length++] = (char)('0' + byte / 10 % 10);
		text[length++] = (char)('0' + byte % 10);
		return length;
	}
	if (byte == '.' || byte == '\\')
		text[length++] = '\\';
	text[length++] = (char)tolower(byte);
	return length;
}

void dns_name_format(char text[DNS_NAME_TEXT], const struct dns_name *name)
{
	const uint8_t *at = name->wire;

	if (*at == 0)
		*text++ = '.';
	while (*at != 0) {
		if (at != name->wire)
			*text++ = '.';
		for (size_t left = *at++; left > 0; left--)
			text += format_byte(text, *at++);
	}
	*text = '\0';
}

size_t dns_name_read(struct dns_name *name, const uint8_t *bytes, size_t size)
{
	size_t length = 0;

	while (length < size && length < DNS_NAME_MAX && bytes[length] != 0) {
		if (bytes[length] > DNS_LABEL_MAX)
			return 0;
		length += 1 + (size_t)bytes[length];
	}
	if (length >= size || length >= DNS_NAME_MAX)
		return 0;
	name->length = length + 1;
	memcpy(name->wire, bytes, name->length);
	return name->length;
}

/* Lengths of labels are below 64, so that case does not change them. */
static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (tolower(a[i]) != tolower(b[i]))
			return false;
	return true;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->length == b->length &&
	       same_bytes(a->wire, b->wire, a->length);
}

bool dns_name_within(const struct dns_name *name, const struct dns_name *upper)
{
	size_t at = 0;

	while (name->length - at > upper->length)
		at += 1 + (size_t)name->wire[at];
	return name->length - at == upper->length &&
	       same_bytes(name->wire + at, upper->wire, upper->length);
}

bool dns_name_same(const uint8_t *a, const uint8_t *b)
{
	size_t length = 0;

	while (a[length] == b[length] && a[length] != 0) {
		if (!same_bytes(a + length, b + length, 1 + (size_t)a[length]))
			return false;
		length += 1 + (size_t)a[length];
	}
	return a[length] == b[length];
}
