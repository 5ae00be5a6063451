/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/pem.h"

#include <string.h>

static const struct marks {
	const char *begin, *end;
} marks[] = {
    {"-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"},
    {"-----BEGIN X509 CERTIFICATE-----", "-----END X509 CERTIFICATE-----"},
};

/* Where the mark stands first, or NULL. */
static const char *find_mark(
    const char *from, const char *limit, const char *mark)
{
	return memmem(from, (size_t)(limit - from), mark, strlen(mark));
}

/* The last such mark between the two, from on being one. */
static const char *last_mark(
    const char *from, const char *limit, const char *mark)
{
	const char *next = from;

	while (next != NULL) {
		from = next;
		next = find_mark(from + 1, limit, mark);
	}
	return from;
}

/* Whose mark of beginning stands there, or NULL. */
static const struct marks *find_kind(const char *at, const char *limit)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t length = strlen(marks[i].begin);

		if ((size_t)(limit - at) >= length &&
		    memcmp(at, marks[i].begin, length) == 0)
			return &marks[i];
	}
	return NULL;
}

bool pem_next(
    const char **from, const char *limit, const char **start, size_t *size)
{
	const char *begin = *from, *end;

	while ((begin = find_mark(begin, limit, "-----BEGIN ")) != NULL) {
		const struct marks *kind = find_kind(begin, limit);

		if (kind != NULL &&
		    (end = find_mark(begin, limit, kind->end)) != NULL) {
			*start = last_mark(begin, end, kind->begin);
			*from = end + strlen(kind->end);
			*size = (size_t)(*from - *start);
			return true;
		}
		begin++;
	}
	return false;
}

bool pem_is_one(const char *text, size_t size)
{
	const char *from = text, *start;
	size_t length;

	return pem_next(&from, text + size, &start, &length) && start == text &&
	       length == size;
}
