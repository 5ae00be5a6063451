/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "home.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where home_begin tells home_make, also across a fork. */
#define PARENT "QR_TEST_HOMES"

static const char *temporary(void)
{
	const char *directory = getenv("TMPDIR");

	return directory != NULL && *directory != '\0' ? directory : "/tmp";
}

static void make_directory(char path[HOME_PATH], const char *parent)
{
	char *absolute = realpath(parent, NULL);

	if (absolute == NULL)
		err(99, "%s", parent);
	if (snprintf(path, HOME_PATH, "%s/home-XXXXXX", absolute) >=
		HOME_PATH - 256 ||
	    mkdtemp(path) == NULL)
		err(99, "%s", path);
	free(absolute);
}

void home_begin(void)
{
	char path[HOME_PATH];

	make_directory(path, temporary());
	if (setenv(PARENT, path, 1) == -1)
		err(99, "home");
}

void home_end(void)
{
	const char *path = getenv(PARENT);

	if (path != NULL)
		home_remove_tree(path);
	unsetenv(PARENT);
}

void home_make(struct home *home)
{
	static const char *const directories[] = {"control", "queue",
	    "queue/lock", "queue/mess", "run", "run/qmail-remote"};
	static const char zeros[HOME_TCPTO];
	const char *parent = getenv(PARENT);
	char path[HOME_PATH];

	make_directory(home->path, parent != NULL ? parent : temporary());
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (mkdir(home_path(home, directories[i], path), 0700) == -1)
			err(99, "%s", path);
	home_write(home, "queue/lock/tcpto", zeros, sizeof zeros);
}

void home_remove(struct home *home)
{
	home_remove_tree(home->path);
}

const char *home_path(
    const struct home *home, const char *name, char path[HOME_PATH])
{
	if (snprintf(path, HOME_PATH, "%s/%s", home->path, name) >= HOME_PATH)
		errx(99, "home: path too long");
	return path;
}

void home_control(const struct home *home, const char *name, const char *text)
{
	home_control_bytes(home, name, text, strlen(text));
}

void home_control_bytes(
    const struct home *home, const char *name, const void *data, size_t length)
{
	char file[256];

	snprintf(file, sizeof file, "control/%s", name);
	home_write(home, file, data, length);
}

void home_remove_control(const struct home *home, const char *name)
{
	char file[256], path[HOME_PATH];

	snprintf(file, sizeof file, "control/%s", name);
	if (unlink(home_path(home, file, path)) != 0 && errno != ENOENT)
		err(99, "%s", path);
}

void home_route_all(const struct home *home, const char *address, unsigned port)
{
	char text[256];

	snprintf(text, sizeof text, ":[%s]:%u\n", address, port);
	home_control(home, "smtproutes", text);
}

void home_write(
    const struct home *home, const char *name, const void *data, size_t length)
{
	char path[HOME_PATH];
	FILE *file = fopen(home_path(home, name, path), "we");

	if (file == NULL ||
	    (length > 0 && fwrite(data, 1, length, file) != length) ||
	    fclose(file) != 0)
		err(99, "%s", path);
}

bool home_read(const struct home *home, const char *name, struct bytes *bytes)
{
	char path[HOME_PATH];
	char buffer[4096];
	FILE *file = fopen(home_path(home, name, path), "re");
	size_t got;

	*bytes = (struct bytes){0};
	if (file == NULL && errno == ENOENT)
		return false;
	if (file == NULL)
		err(99, "%s", path);
	while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
		bytes_add(bytes, buffer, got);
	if (ferror(file))
		err(99, "%s", path);
	fclose(file);
	return true;
}

void home_tcpto(const struct home *home, struct bytes *bytes)
{
	home_read(home, "queue/lock/tcpto", bytes);
}

void home_tcpto6(const struct home *home, struct bytes *bytes)
{
	home_read(home, "run/qmail-remote/tcpto6", bytes);
}

/* A test may have taken permissions away. */
static int unlock_directory(
    const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)ftw;
	if (type == FTW_D || type == FTW_DNR)
		chmod(path, 0700);
	return 0;
}

static int remove_one(
    const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	if (remove(path) == -1 && errno != ENOENT)
		warn("%s", path);
	return 0;
}

void home_remove_tree(const char *path)
{
	enum { DESCRIPTORS = 16 };

	nftw(path, unlock_directory, DESCRIPTORS, FTW_PHYS);
	nftw(path, remove_one, DESCRIPTORS, FTW_PHYS | FTW_DEPTH);
}
