/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "parcel.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "channel.h"
#include "suite.h"
#include "unit.h"

static void fill(struct parcel *parcel)
{
	parcel_put_version(parcel);
	parcel_put_number(parcel, UINT64_MAX);
	parcel_put_text(parcel, "text");
	parcel_put_text(parcel, NULL);
	parcel_put_text(parcel, "");
	parcel_put_bytes(parcel, "a\0b", 3);
	parcel_put_number(parcel, 2);
}

/* Takes what fill has put.  Returns whether it was that, and nothing else. */
static bool empty(struct parcel *parcel)
{
	char three[3], text[3];
	size_t size;

	parcel_take_version(parcel);
	if (parcel_take_number(parcel) != UINT64_MAX)
		return false;
	parcel_take_into(parcel, text, sizeof text);
	if (strcmp(text, "te") != 0 || parcel_take_text(parcel) != NULL ||
	    parcel_take_bytes(parcel, &size)[0] != '\0' || size != 0)
		return false;
	parcel_take_copy(parcel, three, sizeof three);
	return memcmp(three, "a\0b", 3) == 0 &&
	       parcel_take_count(parcel, 2) == 2 && parcel_is_empty(parcel);
}

START_TEST(round_trip)
{
	struct parcel in = {0}, out;
	int ends[2];

	fill(&in);
	ck_assert(channel_open(ends));
	ck_assert(parcel_say(&in, ends[0]));
	ck_assert(parcel_hear(&out, ends[1], in.size, deadline_in(20)));
	ck_assert(empty(&out));
	ck_assert(parcel_say(&in, ends[0]));
	ck_assert(!parcel_hear(&out, ends[1], in.size - 1, deadline_in(20)));
	parcel_free(&in);
}
END_TEST

/* Cut anywhere, or with a byte more, it is torn; nothing is read beyond. */
START_TEST(torn)
{
	struct parcel whole = {0};

	fill(&whole);
	for (size_t size = 0; size < whole.size; size++) {
		struct parcel part = {
		    .bytes = malloc(size + 1), .size = size, .room = size};

		memcpy(part.bytes, whole.bytes, size);
		ck_assert(!empty(&part));
		parcel_free(&part);
	}
	parcel_put_number(&whole, 0);
	ck_assert(!empty(&whole));
	parcel_free(&whole);
}
END_TEST

/* Whatever a byte is changed to, nothing is read beyond. */
START_TEST(changed)
{
	struct parcel whole = {0};

	fill(&whole);
	for (size_t at = 0; at < whole.size; at++) {
		whole.bytes[at] = (char)~whole.bytes[at];
		whole.next = 0;
		whole.torn = false;
		empty(&whole);
		whole.bytes[at] = (char)~whole.bytes[at];
	}
	whole.next = 0;
	whole.torn = false;
	ck_assert(empty(&whole));
	parcel_free(&whole);
}
END_TEST

START_TEST(refused)
{
	struct parcel parcel = {0};

	parcel_put_text(&parcel, "another version");
	parcel_take_version(&parcel);
	ck_assert(!parcel_is_empty(&parcel));
	parcel_free(&parcel);

	parcel_put_bytes(&parcel, "a\0b", 3);
	ck_assert_str_eq(parcel_take_text(&parcel), "");
	ck_assert(!parcel_is_empty(&parcel));
	parcel_free(&parcel);

	parcel_put_number(&parcel, 3);
	ck_assert_uint_eq(parcel_take_count(&parcel, 2), 0);
	ck_assert(!parcel_is_empty(&parcel));
	parcel_free(&parcel);
}
END_TEST

SUITE("parcel")
{
	tcase_add_test(tcase, round_trip);
	tcase_add_test(tcase, torn);
	tcase_add_test(tcase, changed);
	tcase_add_test(tcase, refused);
}
