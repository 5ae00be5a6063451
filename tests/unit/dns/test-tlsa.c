/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/tlsa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { ROOM = 8192, RECORDS = 2000 };

/* Records as octets, made from "USAGE SELECTOR MATCHING SIZE; ..." */
struct set {
	unsigned char octets[ROOM];
	struct rdata records[RECORDS];
	size_t count;
};

static void read_set(struct set *set, const char *text)
{
	unsigned char *at = set->octets;
	unsigned usage, selector, matching, size;
	int used;

	set->count = 0;
	while (sscanf(text, "%u %u %u %u%n", &usage, &selector, &matching,
		   &size, &used) == 4) {
		struct rdata *record = &set->records[set->count];

		ck_assert(at + 3 + size <= set->octets + ROOM);
		record->octets = at;
		record->size = 3 + (size_t)size;
		at[0] = (unsigned char)usage;
		at[1] = (unsigned char)selector;
		at[2] = (unsigned char)matching;
		memset(at + 3, 0x40 + (int)set->count, size);
		at += record->size;
		set->count++;
		text += used;
		text += strspn(text, "; ");
	}
	ck_assert_str_eq(text, "");
}

/* "USAGE SELECTOR MATCHING INDEX;", INDEX being that in the set. */
static const char *show(const struct tlsa *tlsa)
{
	static char text[4000];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < tlsa->count; i++) {
		const struct tlsa_record *record = &tlsa->records[i];

		length += (size_t)snprintf(text + length, sizeof text - length,
		    "%u %u %u %u;", record->usage, record->selector,
		    record->matching, record->data[0] - 0x40U);
	}
	return text;
}

static const struct form {
	const char *records;
	enum tlsa_status status;
	const char *shown;
} forms[] = {
    {"3 1 1 32", TLSA_RECORDS, "3 1 1 0;"},
    {"2 0 1 32; 3 1 2 64; 3 0 0 500", TLSA_RECORDS, "2 0 1 0;3 1 2 1;3 0 0 2;"},
    {"0 1 1 32; 1 1 1 32; 4 1 1 32; 255 1 1 32", TLSA_UNUSABLE, ""},
    {"3 2 1 32; 3 255 1 32; 2 2 0 10", TLSA_UNUSABLE, ""},
    {"3 1 3 32; 3 1 255 64", TLSA_UNUSABLE, ""},
    {"0 0 0 1; 3 1 1 32", TLSA_RECORDS, "3 1 1 1;"},
    {"3 1 0 1", TLSA_RECORDS, "3 1 0 0;"},
    /* Agility, for each usage and selector by itself. */
    {"3 1 1 32; 3 1 2 64", TLSA_RECORDS, "3 1 2 1;"},
    {"3 1 2 64; 3 1 1 32; 3 1 1 32", TLSA_RECORDS, "3 1 2 0;"},
    {"3 1 1 32; 3 0 2 64; 2 1 2 64; 2 0 1 32", TLSA_RECORDS,
	"3 1 1 0;3 0 2 1;2 1 2 2;2 0 1 3;"},
    {"3 1 1 32; 3 1 0 77; 3 1 2 64", TLSA_RECORDS, "3 1 0 1;3 1 2 2;"},
    /* An SHA-512 that is not usable takes nothing away. */
    {"3 1 1 32; 3 1 2 63", TLSA_RECORDS, "3 1 1 0;"},
    {"3 1 1 32; 1 1 2 64", TLSA_RECORDS, "3 1 1 0;"},
    {"3 1 1 32; 3 2 2 64", TLSA_RECORDS, "3 1 1 0;"},
    /* Cut. */
    {"3 1 1 0", TLSA_FAILED, ""},
    {"3 1 1 32; 3 1 1 0", TLSA_FAILED, ""},
    {"3 1 1 32; 0 0 0 0; 3 1 1 32", TLSA_FAILED, ""},
};

START_TEST(usable)
{
	const struct form *form = &forms[_i];
	struct tlsa tlsa;
	struct set set;

	read_set(&set, form->records);
	tlsa_read(&tlsa, "mx.a.test", set.records, set.count);
	ck_assert_int_eq(tlsa.status, form->status);
	ck_assert_str_eq(show(&tlsa), form->shown);
	if (form->status == TLSA_FAILED)
		ck_assert_ptr_null(tlsa.base);
	else
		ck_assert_str_eq(tlsa.base, "mx.a.test");
	tlsa_free(&tlsa);
	ck_assert_int_eq(tlsa.status, TLSA_NONE);
}
END_TEST

/* Every usage, selector, matching type and size up to a little over 64. */
START_TEST(matrix)
{
	struct set set;

	for (unsigned usage = 0; usage < 6; usage++)
		for (unsigned selector = 0; selector < 4; selector++)
			for (unsigned matching = 0; matching < 5; matching++)
				for (unsigned size = 1; size < 70; size++) {
					bool good =
					    (usage == 2 || usage == 3) &&
					    selector < 2 &&
					    (matching == 0 ||
						(matching == 1 && size == 32) ||
						(matching == 2 && size == 64));
					struct tlsa tlsa;
					char text[40];

					snprintf(text, sizeof text,
					    "%u %u %u %u", usage, selector,
					    matching, size);
					read_set(&set, text);
					tlsa_read(
					    &tlsa, "a", set.records, set.count);
					ck_assert_int_eq(
					    tlsa.status, good ? TLSA_RECORDS
							      : TLSA_UNUSABLE);
					tlsa_free(&tlsa);
				}
}
END_TEST

/* What was read does not depend on where it came from. */
START_TEST(copied)
{
	struct tlsa tlsa;
	struct set set;

	read_set(&set, "3 1 1 32");
	tlsa_read(&tlsa, "a", set.records, set.count);
	memset(set.octets, 0, sizeof set.octets);
	ck_assert_uint_eq(tlsa.records[0].size, 32);
	for (int i = 0; i < 32; i++)
		ck_assert_uint_eq(tlsa.records[0].data[i], 0x40);
	tlsa_free(&tlsa);
}
END_TEST

START_TEST(many)
{
	struct tlsa tlsa;
	struct set set = {.count = RECORDS};

	for (size_t i = 0; i < RECORDS; i++)
		set.records[i] = (struct rdata){
		    .octets = (const unsigned char *)"\3\1\0x", .size = 4};
	tlsa_read(&tlsa, "a", set.records, set.count);
	ck_assert_uint_eq(tlsa.count, RECORDS);
	tlsa_free(&tlsa);
}
END_TEST

SUITE("tlsa")
{
	tcase_add_loop_test(tcase, usable, 0, COUNT(forms));
	tcase_add_test(tcase, matrix);
	tcase_add_test(tcase, copied);
	tcase_add_test(tcase, many);
}
