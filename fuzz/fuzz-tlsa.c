/* SPDX-License-Identifier: ISC */
/*
 * TLSA records: each is a byte for its length and so many bytes of data.  Those
 * that are kept are usable, in their order, and the strongest.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "dns/tlsa.h"

enum { RECORDS_MAX = 64 };

static size_t split(
    struct rdata records[RECORDS_MAX], const uint8_t *bytes, size_t size)
{
	size_t count = 0, at = 0;

	while (at < size && count < RECORDS_MAX) {
		size_t length = bytes[at++];

		if (length > size - at)
			length = size - at;
		records[count++] =
		    (struct rdata){.octets = bytes + at, .size = length};
		at += length;
	}
	return count;
}

static bool is_usable(const struct rdata *record)
{
	const uint8_t *octets = record->octets;
	static const size_t sizes[] = {[1] = 3 + 32, [2] = 3 + 64};

	return (octets[0] == 2 || octets[0] == 3) && octets[1] < 2 &&
	       octets[2] < 3 &&
	       (octets[2] == 0 || record->size == sizes[octets[2]]);
}

/* Whether another one takes its place (RFC 7671, section 9). */
static bool is_weak(
    const struct rdata *record, const struct rdata *records, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_usable(&records[i]) && records[i].octets[2] == 2 &&
		    record->octets[2] == 1 &&
		    memcmp(records[i].octets, record->octets, 2) == 0)
			return true;
	return false;
}

static void check_kept(
    const struct tlsa *tlsa, const struct rdata *records, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct tlsa_record *record;

		if (!is_usable(&records[i]) ||
		    is_weak(&records[i], records, count))
			continue;
		FUZZ_CHECK(kept < tlsa->count);
		record = &tlsa->records[kept++];
		FUZZ_CHECK(record->usage == records[i].octets[0]);
		FUZZ_CHECK(record->selector == records[i].octets[1]);
		FUZZ_CHECK(record->matching == records[i].octets[2]);
		FUZZ_CHECK(record->size == records[i].size - 3);
		FUZZ_CHECK(memcmp(record->data, records[i].octets + 3,
			       record->size) == 0);
	}
	FUZZ_CHECK(kept == tlsa->count);
	FUZZ_CHECK(tlsa->status == (kept > 0 ? TLSA_RECORDS : TLSA_UNUSABLE));
}

int FUZZ_TARGET(tlsa)(const uint8_t *bytes, size_t size)
{
	struct rdata records[RECORDS_MAX] = {{0}};
	size_t count = split(records, bytes, size);
	bool whole = true;
	struct tlsa tlsa;

	for (size_t i = 0; i < count; i++)
		whole = whole && records[i].size > 3;
	tlsa_read(&tlsa, "mx.test", records, count);
	if (whole)
		check_kept(&tlsa, records, count);
	else
		FUZZ_CHECK(tlsa.status == TLSA_FAILED && tlsa.count == 0);
	tlsa_free(&tlsa);
	return 0;
}
