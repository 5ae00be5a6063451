/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "utf8.h"

/* Forms that are too long, surrogates and what is above U+10FFFF show in
   the byte that follows the first. */
static void start_sequence(struct utf8 *utf8, unsigned char byte)
{
	utf8->low = 0x80;
	utf8->high = 0xbf;
	if (byte >= 0xc2 && byte <= 0xdf)
		utf8->due = 1;
	else if (byte >= 0xe0 && byte <= 0xef)
		utf8->due = 2;
	else if (byte >= 0xf0 && byte <= 0xf4)
		utf8->due = 3;
	else
		utf8->broken = true;
	switch (byte) {
	case 0xe0: utf8->low = 0xa0; break;
	case 0xed: utf8->high = 0x9f; break;
	case 0xf0: utf8->low = 0x90; break;
	case 0xf4: utf8->high = 0x8f; break;
	}
}

static void take_byte(struct utf8 *utf8, unsigned char byte)
{
	if (utf8->due > 0) {
		if (byte < utf8->low || byte > utf8->high)
			utf8->broken = true;
		utf8->due--;
		utf8->low = 0x80;
		utf8->high = 0xbf;
	} else if (byte >= 0x80) {
		utf8->foreign = true;
		start_sequence(utf8, byte);
	}
}

void utf8_take(struct utf8 *utf8, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && !utf8->broken; i++)
		take_byte(utf8, (unsigned char)bytes[i]);
}

bool utf8_is_ascii(const struct utf8 *utf8)
{
	return !utf8->foreign && utf8_is_valid(utf8);
}

bool utf8_is_valid(const struct utf8 *utf8)
{
	return !utf8->broken && utf8->due == 0;
}

bool utf8_is_ascii_text(const char *text, size_t size)
{
	struct utf8 utf8 = {0};

	utf8_take(&utf8, text, size);
	return utf8_is_ascii(&utf8);
}
