/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/compiled.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "i18n.h"
#include "tls/anchor_files.h"
#include "tls/pem.h"
#include "xalloc.h"

static void stamp(const struct cdbcache_source *source, struct stamp *stamp)
{
	struct anchor_files files;

	stamp_add_file(stamp, source->path);
	if (!anchors_is_directory(source->path) ||
	    !anchors_list(&files, source->path))
		return;
	for (size_t i = 0; i < files.count; i++) {
		char *file = anchors_file(source->path, files.names[i]);

		stamp_add_file(stamp, file);
		free(file);
	}
	anchors_free(&files);
}

/* Adds where each certificate of a text stands. */
static void add_text(struct cdbcache_records *records, const char *name,
    const struct anchor_text *text)
{
	size_t length = strlen(name), size;
	unsigned char *value =
	    xcalloc(1, sizeof(struct compiled_record) + length);
	const char *from = text->bytes, *limit = from + text->size, *start;
	struct anchor anchor;

	memcpy(value + sizeof(struct compiled_record), name, length);
	while (pem_next(&from, limit, &start, &size)) {
		struct compiled_record record = {
		    .offset = (uint64_t)(start - text->bytes), .size = size};

		if (!anchor_read(&anchor, start, size))
			continue;
		memcpy(record.digest, anchor.digest, sizeof record.digest);
		memcpy(value, &record, sizeof record);
		cdbcache_add(records, anchor.subject.data, anchor.subject.size,
		    value, sizeof(struct compiled_record) + length);
		anchor_free(&anchor);
	}
	free(value);
}

/*
 * A file that is not there (any more) adds nothing, and of a directory only the
 * files count.  Returns false with the failure.
 */
static bool add_file(struct cdbcache_records *records, const char *path,
    const char *name, struct failure *failure)
{
	char *file = anchors_file(path, name);
	struct anchor_text text;
	bool good = true;

	if (anchors_read(&text, file)) {
		add_text(records, name, &text);
		free(text.bytes);
	} else if (errno != ENOENT &&
		   (*name == '\0' || (errno != EINVAL && errno != EISDIR))) {
		control_fail(failure, file, strerror(errno));
		good = false;
	}
	free(file);
	return good;
}

static bool compile(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	struct anchor_files files;
	bool good = true;

	if (!anchors_list(&files, source->path)) {
		control_fail(failure, source->path, strerror(errno));
		return false;
	}
	for (size_t i = 0; good && i < files.count; i++)
		good = add_file(records, source->path, files.names[i], failure);
	anchors_free(&files);
	if (good && records->size == 0) {
		control_fail(
		    failure, source->path, _("there is no certificate in it"));
		good = false;
	}
	return good;
}

struct cdbcache_source compiled_source(const char *path)
{
	return (struct cdbcache_source){"trustanchors", path, stamp, compile};
}
