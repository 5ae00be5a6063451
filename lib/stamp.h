/* SPDX-License-Identifier: ISC */
/* What stat(2) shows of files, by which one sees that they have changed. */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Starts as zeros; who owns it frees the text. */
struct stamp {
	char *text;
	size_t length;
	struct timespec latest; /* change of any of the files */
};

/* Adds a file; a missing one is shown as missing. */
void stamp_add_file(struct stamp *stamp, const char *path);

bool stamp_equal(const struct stamp *a, const struct stamp *b);

/* Milliseconds until a further change of the files would show. */
int64_t stamp_unsettled_ms(const struct stamp *stamp);

#endif
