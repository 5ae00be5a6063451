/* SPDX-License-Identifier: ISC */
/*
 * The administrator's files of trust anchors: a PEM bundle, or, for a path that
 * ends in '/', the files of a directory.  What stands in them is trusted, and
 * nothing else is.  The relay knows in which place of which file a certificate
 * stands, but may open none; it asks qmail-remote, which answers without a look
 * at what it reads.
 */
#ifndef TLS_ANCHOR_FILES_H
#define TLS_ANCHOR_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parcel.h"

/* The largest text of a certificate, and of all together. */
enum { ANCHOR_SIZE_MAX = 1 << 20, ANCHORS_SIZE_MAX = 1 << 28 };

bool anchors_is_directory(const char *path);

/*
 * The names of the files, sorted; "" alone for a bundle.  The caller frees them
 * and the list.  Returns false with errno.
 */
struct anchor_files {
	char **names;
	size_t count;
};
bool anchors_list(struct anchor_files *files, const char *path);
void anchors_free(struct anchor_files *files);

/* The file of that name; the caller frees it. */
char *anchors_file(const char *path, const char *name);

/* The bytes of a file, as they are; the caller frees them. */
struct anchor_text {
	char *bytes;
	size_t size;
};

/* Reads a regular file.  Returns false with errno. */
bool anchors_read(struct anchor_text *text, const char *file);

/* Where a certificate stands. */
struct anchor_place {
	const char *name; /* of the file, among those of the path */
	uint64_t offset, size;
};

/* Asks for what stands in a place, or for all texts. */
void anchors_ask(struct parcel *question, const struct anchor_place *place);
void anchors_ask_all(struct parcel *question);

/*
 * Answers a question about the anchors at path: a count, and as many texts;
 * none where it cannot be answered.  Who asks for all has found the compiled
 * anchors in run_directory damaged: they are removed.
 */
void anchors_answer(struct parcel *answer, struct parcel *question,
    const char *path, const char *run_directory);

#endif
