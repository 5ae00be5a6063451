/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns/tlsa.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

/* Usage, selector, matching type, and one octet of data. */
enum { DATA_AT = 3, RECORD_MIN = 4 };

enum { USAGES = 4, SELECTORS = 2, SHA256_SIZE = 32, SHA512_SIZE = 64 };

static bool is_usable(const struct rdata *record)
{
	unsigned usage = record->octets[0], selector = record->octets[1];
	size_t size = record->size - DATA_AT;

	if ((usage != TLSA_TRUST_ANCHOR && usage != TLSA_END_ENTITY) ||
	    (selector != TLSA_CERTIFICATE && selector != TLSA_PUBLIC_KEY))
		return false;
	switch (record->octets[2]) {
	case TLSA_EXACT: return size > 0;
	case TLSA_SHA256: return size == SHA256_SIZE;
	case TLSA_SHA512: return size == SHA512_SIZE;
	default: return false;
	}
}

static void add(struct tlsa *tlsa, const struct rdata *record)
{
	size_t size = record->size - DATA_AT;
	struct tlsa_record *added;

	tlsa->records =
	    xrealloc(tlsa->records, tlsa->count + 1, sizeof *tlsa->records);
	added = &tlsa->records[tlsa->count++];
	*added = (struct tlsa_record){.usage = record->octets[0],
	    .selector = record->octets[1],
	    .matching = record->octets[2],
	    .data = xcalloc(size, 1),
	    .size = size};
	memcpy(added->data, record->octets + DATA_AT, size);
}

/* Drops SHA-256 where there is SHA-512. */
static void keep_strongest(struct tlsa *tlsa)
{
	bool strong[USAGES][SELECTORS] = {{false}};
	size_t kept = 0;

	for (size_t i = 0; i < tlsa->count; i++) {
		const struct tlsa_record *record = &tlsa->records[i];

		if (record->matching == TLSA_SHA512)
			strong[record->usage][record->selector] = true;
	}
	for (size_t i = 0; i < tlsa->count; i++) {
		struct tlsa_record *record = &tlsa->records[i];

		if (record->matching == TLSA_SHA256 &&
		    strong[record->usage][record->selector])
			free(record->data);
		else
			tlsa->records[kept++] = *record;
	}
	tlsa->count = kept;
}

void tlsa_read(struct tlsa *tlsa, const char *base, const struct rdata *records,
    size_t count)
{
	*tlsa = (struct tlsa){.base = xstrdup(base)};
	for (size_t i = 0; i < count; i++) {
		if (records[i].size < RECORD_MIN) {
			tlsa_free(tlsa);
			tlsa->status = TLSA_FAILED;
			return;
		}
		if (is_usable(&records[i]))
			add(tlsa, &records[i]);
	}
	keep_strongest(tlsa);
	tlsa->status = tlsa->count > 0 ? TLSA_RECORDS : TLSA_UNUSABLE;
}

void tlsa_free(struct tlsa *tlsa)
{
	for (size_t i = 0; i < tlsa->count; i++)
		free(tlsa->records[i].data);
	free(tlsa->records);
	free(tlsa->base);
	*tlsa = (struct tlsa){.status = TLSA_NONE};
}
