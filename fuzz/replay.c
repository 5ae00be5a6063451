/* SPDX-License-Identifier: ISC */
/*
 * Goes through corpora, one TAP test for each file:
 *	replay                 all of $srcdir/fuzz/corpus
 *	replay TARGET FILE...  these files
 */
#include "config.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "xalloc.h"

static const struct target {
	const char *name;
	int (*run)(const uint8_t *bytes, size_t size);
} targets[] = {
#define ENTRY(name) {#name, fuzz_##name},
    FUZZ_TARGETS(ENTRY)};

enum { TARGET_COUNT = sizeof targets / sizeof targets[0] };

static unsigned tests;

/* As it stands in names of files; the caller frees it. */
static char *file_name(const struct target *target)
{
	char *name = xstrdup(target->name);

	for (char *at = name; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
	return name;
}

static void pass(const struct target *target, const char *name)
{
	printf("ok %u - %s %s\n", ++tests, target->name, name);
	fflush(stdout);
}

/* A failure aborts; the name is then the last one on standard error. */
static bool run_file(
    const struct target *target, const char *path, const char *name)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t size = 0, got;

	if (file == NULL) {
		printf("Bail out! %s cannot be opened\n", path);
		return false;
	}
	fprintf(stderr, "%s\n", path);
	do {
		bytes = xrealloc(bytes, size + BUFSIZ, 1);
		got = fread(bytes + size, 1, BUFSIZ, file);
		size += got;
	} while (got > 0);
	fclose(file);
	/* No room behind the input, so that sanitizers see its end. */
	bytes = xrealloc(bytes, size, 1);
	target->run(bytes, size);
	free(bytes);
	pass(target, name);
	return true;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool run_corpus(const struct target *target, const char *top)
{
	struct dirent **entries;
	char *name = file_name(target);
	char *directory = xasprintf("%s/fuzz/corpus/%s", top, name);
	int count = scandir(directory, &entries, is_visible, alphasort);
	bool good = count > 0;

	if (count <= 0)
		printf("Bail out! nothing in %s\n", directory);
	target->run((const uint8_t *)"", 0);
	for (int i = 0; i < count; i++) {
		char *path = xasprintf("%s/%s", directory, entries[i]->d_name);

		good = good && run_file(target, path, entries[i]->d_name);
		free(path);
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
	free(directory);
	free(name);
	return good;
}

static bool run_all(void)
{
	const char *top = getenv("srcdir");
	bool good = true;

	for (size_t i = 0; i < TARGET_COUNT && good; i++)
		good = run_corpus(&targets[i], top != NULL ? top : ".");
	return good;
}

static bool run_files(const char *name, char **paths)
{
	for (size_t i = 0; i < TARGET_COUNT; i++) {
		char *own = file_name(&targets[i]);
		bool found = strcmp(own, name) == 0, good = true;

		free(own);
		if (!found)
			continue;
		for (; good && *paths != NULL; paths++)
			good = run_file(&targets[i], *paths, *paths);
		return good;
	}
	printf("Bail out! there is no target %s\n", name);
	return false;
}

int main(int count, char **arguments)
{
	bool good =
	    count > 1 ? run_files(arguments[1], arguments + 2) : run_all();

	printf("1..%u\n", tests);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
