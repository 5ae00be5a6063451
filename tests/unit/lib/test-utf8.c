/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "utf8.h"

#include <stdbool.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* The length of the code point at the start, 0 when there is none. */
static size_t decode(const unsigned char *bytes, size_t size)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = bytes[0] < 0x80		? 1
			: bytes[0] >> 5 == 0x06 ? 2
			: bytes[0] >> 4 == 0x0e ? 3
			: bytes[0] >> 3 == 0x1e ? 4
						: 0;
	unsigned long point;

	if (length < 2 || length > size)
		return length > size ? 0 : length;
	point = bytes[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if (bytes[i] >> 6 != 2)
			return 0;
		point = point << 6 | (bytes[i] & 0x3f);
	}
	if (point < least[length] || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return length;
}

/* Whether both agree about these bytes, one by one and all at once. */
static bool agrees(const unsigned char *bytes, size_t size)
{
	struct utf8 utf8 = {0};
	size_t at = 0, length = 1;
	bool ascii = true;

	for (size_t i = 0; i < size; i++)
		ascii = ascii && bytes[i] < 0x80;
	while (at < size && length > 0) {
		length = decode(bytes + at, size - at);
		at += length;
	}
	for (size_t i = 0; i < size; i++)
		utf8_take(&utf8, (const char *)bytes + i, 1);
	if (utf8_is_valid(&utf8) != (length > 0) ||
	    utf8_is_ascii(&utf8) != ascii)
		return false;
	utf8 = (struct utf8){0};
	utf8_take(&utf8, (const char *)bytes, size);
	return utf8_is_valid(&utf8) == (length > 0);
}

/* All combinations of bytes at which something begins or ends. */
START_TEST(bounds)
{
	static const unsigned char edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f,
	    0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed,
	    0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
	unsigned char bytes[4];

	for (int i = 0; i < COUNT(edges) * COUNT(edges); i++)
		for (int j = 0; j < COUNT(edges) * COUNT(edges); j++) {
			bytes[0] = edges[i / COUNT(edges)];
			bytes[1] = edges[i % COUNT(edges)];
			bytes[2] = edges[j / COUNT(edges)];
			bytes[3] = edges[j % COUNT(edges)];
			for (size_t size = j == 0 ? 0 : 3; size <= 4; size++)
				if (!agrees(bytes, size))
					ck_abort_msg(
					    "%02x %02x %02x %02x (%zu)",
					    bytes[0], bytes[1], bytes[2],
					    bytes[3], size);
		}
}
END_TEST

START_TEST(texts)
{
	static const char *const good[] = {"", "abc", "\xc3\xbc",
	    "a\xe2\x82\xac z", "\xf0\x9f\x93\xa7", "\xf4\x8f\xbf\xbf"};

	for (int i = 0; i < COUNT(good); i++) {
		struct utf8 utf8 = {0};

		utf8_take(&utf8, good[i], strlen(good[i]));
		ck_assert(utf8_is_valid(&utf8));
		ck_assert_int_eq(utf8_is_ascii(&utf8), i < 2);
		utf8_take(&utf8, "\xc3", 1);
		ck_assert(!utf8_is_valid(&utf8) && !utf8_is_ascii(&utf8));
		utf8_take(&utf8, "x", 1);
		utf8_take(&utf8, "\xbc", 1);
		ck_assert(!utf8_is_valid(&utf8) && !utf8_is_ascii(&utf8));
	}
}
END_TEST

SUITE("utf8")
{
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, texts);
}
