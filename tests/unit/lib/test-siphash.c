/* SPDX-License-Identifier: ISC */
/* The vectors that come with the paper: bytes that count from zero. */
#include "config.h"

#include "siphash.h"

#include <check.h>

#include "suite.h"
#include "unit.h"

static const struct vector {
	size_t size;
	uint64_t hash;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31},
    {1, 0x74f839c593dc67fd},
    {7, 0xab0200f58b01d137},
    {8, 0x93f5f5799a932462},
    {15, 0xa129ca6149be45e5},
    {63, 0x958a324ceb064572},
};

START_TEST(vector)
{
	unsigned char key[SIPHASH_KEY], bytes[64];

	for (unsigned i = 0; i < sizeof key; i++)
		key[i] = (unsigned char)i;
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)i;
	ck_assert_uint_eq(
	    siphash(key, bytes, vectors[_i].size), vectors[_i].hash);
}
END_TEST

SUITE("siphash")
{
	tcase_add_loop_test(tcase, vector, 0, COUNT(vectors));
}
