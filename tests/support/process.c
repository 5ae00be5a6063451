/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 64, NAME = 15 };

void process_read(pid_t pid, const char *file, char *text, size_t size)
{
	char path[PATH];
	ssize_t got;
	int descriptor;

	*text = '\0';
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor == -1)
		return;
	got = read(descriptor, text, size - 1);
	text[got > 0 ? got : 0] = '\0';
	close(descriptor);
}

bool process_is_called(pid_t pid, const char *name)
{
	char text[PATH];

	process_read(pid, "comm", text, sizeof text);
	text[strcspn(text, "\n")] = '\0';
	return *text != '\0' && strncmp(text, name, NAME) == 0 &&
	       strlen(text) == strnlen(name, NAME);
}

size_t process_children(pid_t pid, pid_t children[PROCESS_CHILDREN])
{
	char file[PATH], text[512];
	char *at = text, *end;
	size_t count = 0;

	snprintf(file, sizeof file, "task/%d/children", (int)pid);
	process_read(pid, file, text, sizeof text);
	for (; count < PROCESS_CHILDREN; at = end) {
		long child = strtol(at, &end, 10);

		if (end == at)
			break;
		children[count++] = (pid_t)child;
	}
	return count;
}

bool process_sleeps(pid_t pid)
{
	char text[512];
	const char *after;

	process_read(pid, "stat", text, sizeof text);
	after = strrchr(text, ')');
	return after != NULL && strncmp(after, ") S", 3) == 0;
}
