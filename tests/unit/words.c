/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "words.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "unit.h"

static struct home home;
static int compilations;

/* The source has lines "key value". */
static bool compile(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	char key[100], value[100];
	FILE *file = fopen(source->path, "re");

	compilations++;
	if (file == NULL)
		return true;
	while (fscanf(file, "%99s %99s", key, value) == 2) {
		if (strcmp(key, "bad") == 0) {
			failure_set(failure, FAILURE_TEMPORARY, "bad\n");
			fclose(file);
			return false;
		}
		cdbcache_add(records, key, strlen(key), value, strlen(value));
	}
	fclose(file);
	return true;
}

const struct cdbcache_source words_source = {"words", SOURCE, NULL, compile};

void words_enter(void)
{
	unit_enter_home(&home);
	compilations = 0;
}

void words_become_nobody(void)
{
	static const char *const directories[] = {
	    ".", "control", SOURCE, "run", RUN};
	enum { NOBODY = 65534 };

	for (int i = 0; i < COUNT(directories); i++)
		ck_assert_int_eq(chown(directories[i], NOBODY, NOBODY), 0);
	ck_assert_int_eq(setgid(NOBODY), 0);
	ck_assert_int_eq(setuid(NOBODY), 0);
}

struct home *words_home(void)
{
	return &home;
}

int words_compilations(void)
{
	return compilations;
}

void words_write(const char *text)
{
	home_write(&home, SOURCE, text, strlen(text));
}

const char *words_in(struct sealedcdb *cache, const char *key, char text[1000])
{
	struct sealedcdb_search search;
	const char *value;
	size_t size, length = 0;

	sealedcdb_search(&search, cache, key, strlen(key));
	text[0] = '\0';
	while (sealedcdb_next(&search, &value, &size))
		length += (size_t)snprintf(text + length, 1000 - length,
		    "%s%.*s", length > 0 ? " " : "", (int)size, value);
	return text;
}

const char *words_values(const char *key)
{
	static char text[1000];
	struct sealedcdb cache;
	struct failure failure;

	if (!cdbcache_open(&cache, RUN, &words_source, &failure))
		return "-";
	words_in(&cache, key, text);
	if (cache.damaged) {
		if (!cdbcache_replace(&cache, RUN, &words_source, &failure))
			return "-";
		words_in(&cache, key, text);
	}
	sealedcdb_close(&cache);
	return text;
}

void words_set_times(const char *file, time_t age)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - age}};

	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, file, times, 0), 0);
}
