/* SPDX-License-Identifier: ISC */
/* TXT records of MTA-STS: the parts of the input are those of one answer. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "sts/record.h"

enum { RECORDS_MAX = 16 };

/* A record is found whatever stands around it, and only where it begins so. */
static void check_alone(const char *id, const struct text *texts, size_t count)
{
	char alone[STS_ID_MAX + 1];
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (!sts_record_id(alone, &texts[i], 1))
			continue;
		found++;
		FUZZ_CHECK(strcmp(alone, id) == 0);
		FUZZ_CHECK(memcmp(texts[i].bytes, "v=STSv1;", 8) == 0);
		FUZZ_CHECK(memmem(texts[i].bytes, texts[i].size, id,
			       strlen(id)) != NULL);
	}
	FUZZ_CHECK(found == 1);
}

int FUZZ_TARGET(sts_record)(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	struct text texts[RECORDS_MAX];
	char id[STS_ID_MAX + 1];
	const char *part;
	size_t count = 0;

	while (
	    count < RECORDS_MAX && fuzz_part(&input, &part, &texts[count].size))
		texts[count++].bytes = (char *)(uintptr_t)part;
	if (!sts_record_id(id, texts, count))
		return 0;
	FUZZ_CHECK(sts_record_is_id(id, strlen(id)));
	check_alone(id, texts, count);
	return 0;
}
