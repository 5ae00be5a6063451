/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "home.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "xalloc.h"

static char *home;
static int back = -1;

static void remove_home(void)
{
	static const char *const files[] = {"control/smtproutes",
	    "control/tlspolicy", "run/smtproutes.cdb", "run/smtproutes.lock",
	    "run/tlspolicy.cdb", "run/tlspolicy.lock", "control", "run", ""};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char *path = xasprintf("%s/%s", home, files[i]);

		remove(path);
		free(path);
	}
	free(home);
}

static void make_home(void)
{
	const char *directory = getenv("TMPDIR");
	char *path = xasprintf(
	    "%s/fuzz-home-XXXXXX", directory != NULL ? directory : "/tmp");

	FUZZ_CHECK(mkdtemp(path) != NULL);
	home = realpath(path, NULL);
	FUZZ_CHECK(home != NULL);
	free(path);
	FUZZ_CHECK(atexit(remove_home) == 0);
	FUZZ_CHECK(chdir(home) == 0);
	FUZZ_CHECK(mkdir("control", 0700) == 0 && mkdir("run", 0700) == 0);
}

const char *fuzz_home_enter(void)
{
	back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	FUZZ_CHECK(back >= 0);
	if (home == NULL)
		make_home();
	FUZZ_CHECK(chdir(home) == 0);
	return home;
}

void fuzz_home_leave(void)
{
	FUZZ_CHECK(fchdir(back) == 0);
	close(back);
}

void fuzz_home_control(const char *name, const char *bytes, size_t size)
{
	char *path = xasprintf("control/%s", name);
	FILE *file = fopen(path, "wb");

	FUZZ_CHECK(file != NULL);
	FUZZ_CHECK(fwrite(bytes, 1, size, file) == size);
	FUZZ_CHECK(fclose(file) == 0);
	free(path);
}
