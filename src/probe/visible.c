/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/visible.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "utf8.h"
#include "xalloc.h"

/* Characters without a place of their own: they turn the direction of what
   follows, or join, or hide in it. */
static bool is_invisible(wchar_t c)
{
	static const struct {
		unsigned long first, last;
	} ranges[] = {{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
	    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
	    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
	    {0x3164, 0x3164}, {0xd800, 0xf8ff}, {0xfe00, 0xfe0f},
	    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
	    {0xe0000, 0x10ffff}};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if ((unsigned long)c >= ranges[i].first &&
		    (unsigned long)c <= ranges[i].last)
			return true;
	return false;
}

/* How many bytes at this place are one character that can be shown, or 0. */
static size_t shown(const char *bytes, size_t size, int *columns)
{
	mbstate_t state = {0};
	wchar_t c;
	size_t length = mbrtowc(&c, bytes, size, &state);

	if (length == 0 || length > size || !iswprint((wint_t)c) ||
	    ((unsigned long)c >= 0x80 && is_invisible(c)))
		return 0;
	*columns = wcwidth(c);
	return *columns >= 0 ? length : 0;
}

static char *put_hex(char *end, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";

	*end++ = '\\';
	*end++ = 'x';
	*end++ = digits[byte >> 4];
	*end++ = digits[byte & 15];
	return end;
}

char *visible_line(const char *bytes, size_t size)
{
	char *line = xcalloc(size + 1, sizeof "\\xHH" - 1);
	char *end = line;
	int columns;

	for (size_t at = 0; at < size;) {
		size_t length = shown(bytes + at, size - at, &columns);

		if (length > 0) {
			memcpy(end, bytes + at, length);
			end += length;
			at += length;
		} else {
			end = put_hex(end, (unsigned char)bytes[at++]);
		}
	}
	*end = '\0';
	return line;
}

size_t visible_columns(const char *text, size_t size)
{
	size_t columns = 0;

	for (size_t at = 0; at < size;) {
		int taken = 1;
		size_t length = shown(text + at, size - at, &taken);

		at += length > 0 ? length : 1;
		columns += (size_t)taken;
	}
	return columns;
}

/* How many bytes at this place are one character of UTF-8, or 0. */
static size_t character(const char *bytes, size_t size)
{
	enum { LONGEST = 4 };

	for (size_t length = 1; length <= LONGEST && length <= size; length++) {
		struct utf8 utf8 = {0};

		utf8_take(&utf8, bytes, length);
		if (utf8_is_valid(&utf8))
			return length;
	}
	return 0;
}

char *visible_utf8(const char *bytes, size_t size)
{
	static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
	char *text = xcalloc(size + 1, sizeof replacement - 1);
	char *end = text;

	for (size_t at = 0; at < size;) {
		size_t length = character(bytes + at, size - at);
		bool good = length > 0 && bytes[at] != '\0';

		length = good ? length : 1;
		if (good)
			memcpy(end, bytes + at, length);
		else
			memcpy(end, replacement, sizeof replacement - 1);
		end += good ? length : sizeof replacement - 1;
		at += length;
	}
	*end = '\0';
	return text;
}
