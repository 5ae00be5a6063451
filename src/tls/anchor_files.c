/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/anchor_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xalloc.h"

enum question { ASK_PLACE, ASK_ALL };

bool anchors_is_directory(const char *path)
{
	size_t length = strlen(path);

	return length > 0 && path[length - 1] == '/';
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

bool anchors_list(struct anchor_files *files, const char *path)
{
	struct dirent **entries;
	int count;

	*files = (struct anchor_files){0};
	if (!anchors_is_directory(path)) {
		files->names = xcalloc(1, sizeof *files->names);
		files->names[files->count++] = xstrdup("");
		return true;
	}
	count = scandir(path, &entries, is_visible, alphasort);
	if (count < 0)
		return false;
	files->names = xcalloc((size_t)count, sizeof *files->names);
	for (int i = 0; i < count; i++) {
		files->names[files->count++] = xstrdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}

void anchors_free(struct anchor_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->names[i]);
	free(files->names);
}

char *anchors_file(const char *path, const char *name)
{
	return xasprintf("%s%s", path, name);
}

/* Opens a file if it is a regular one.  Returns a descriptor, or -1 with errno.
 */
static int open_regular(const char *file, size_t *size)
{
	int descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (descriptor < 0)
		return -1;
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size <= ANCHORS_SIZE_MAX) {
		*size = (size_t)status.st_size;
		return descriptor;
	}
	close(descriptor);
	errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	return -1;
}

/* As many bytes as there are, up to size.  Returns false with errno. */
static bool read_part(
    struct anchor_text *text, int descriptor, size_t offset, size_t size)
{
	*text = (struct anchor_text){.bytes = xcalloc(1, size + 1)};
	while (text->size < size) {
		ssize_t got = pread(descriptor, text->bytes + text->size,
		    size - text->size, (off_t)(offset + text->size));

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			break;
		if (got < 0) {
			free(text->bytes);
			return false;
		}
		text->size += (size_t)got;
	}
	return true;
}

bool anchors_read(struct anchor_text *text, const char *file)
{
	size_t size;
	int descriptor = open_regular(file, &size);
	bool good;
	int error;

	if (descriptor < 0)
		return false;
	good = read_part(text, descriptor, 0, size);
	error = errno;
	close(descriptor);
	errno = error;
	return good;
}

void anchors_ask(struct parcel *question, const struct anchor_place *place)
{
	parcel_put_number(question, ASK_PLACE);
	parcel_put_text(question, place->name);
	parcel_put_number(question, place->offset);
	parcel_put_number(question, place->size);
}

void anchors_ask_all(struct parcel *question)
{
	parcel_put_number(question, ASK_ALL);
}

/* Whether that is a file of the path, and not of another directory. */
static bool is_among(const char *path, const char *name)
{
	if (!anchors_is_directory(path))
		return *name == '\0';
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

static bool read_place(struct anchor_text *text, const char *path,
    const struct anchor_place *place)
{
	char *file = anchors_file(path, place->name);
	size_t size;
	int descriptor = open_regular(file, &size);
	bool good;

	free(file);
	if (descriptor < 0)
		return false;
	good = place->size <= ANCHOR_SIZE_MAX && place->offset <= size &&
	       read_part(text, descriptor, (size_t)place->offset,
		   (size_t)place->size);
	close(descriptor);
	return good;
}

static void answer_place(
    struct parcel *answer, struct parcel *question, const char *path)
{
	const char *name = parcel_take_text(question);
	struct anchor_place place = {
	    .name = name != NULL ? name : "",
	    .offset = parcel_take_number(question),
	};
	struct anchor_text text;

	place.size = parcel_take_number(question);
	if (!parcel_is_empty(question) || !is_among(path, place.name) ||
	    !read_place(&text, path, &place)) {
		parcel_put_number(answer, 0);
		return;
	}
	parcel_put_number(answer, 1);
	parcel_put_bytes(answer, text.bytes, text.size);
	free(text.bytes);
}

/* Returns false for one that cannot be read. */
static bool put_file(struct parcel *texts, const char *path, const char *name)
{
	char *file = anchors_file(path, name);
	struct anchor_text text;
	bool good = texts->size < ANCHORS_SIZE_MAX && anchors_read(&text, file);

	free(file);
	if (!good)
		return false;
	parcel_put_bytes(texts, text.bytes, text.size);
	free(text.bytes);
	return true;
}

static void remove_compiled(const char *run_directory)
{
	char *file = xasprintf("%s/trustanchors.cdb", run_directory);

	unlink(file);
	free(file);
}

static void answer_all(
    struct parcel *answer, const char *path, const char *run_directory)
{
	struct anchor_files files;
	struct parcel texts = {0};
	size_t count = 0;

	remove_compiled(run_directory);
	if (anchors_list(&files, path)) {
		for (size_t i = 0; i < files.count; i++)
			count += put_file(&texts, path, files.names[i]);
		anchors_free(&files);
	}
	parcel_put_number(answer, count);
	parcel_put_parcel(answer, &texts);
	parcel_free(&texts);
}

void anchors_answer(struct parcel *answer, struct parcel *question,
    const char *path, const char *run_directory)
{
	if (parcel_take_number(question) == ASK_PLACE)
		answer_place(answer, question, path);
	else
		answer_all(answer, path, run_directory);
}
