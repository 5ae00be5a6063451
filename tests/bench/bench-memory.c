/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-memory.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* It has come to a halt when so many looks in a row see the same. */
enum { LOOKS = 150, SAME_LOOKS = 8, LOOK_MS = 20, PATH_SIZE = 64 };

/* The sum of the lines that begin with this; -1: cannot be read. */
static long read_lines(int process, const char *name, const char *begin)
{
	char path[PATH_SIZE], line[256];
	long sum = 0, size;
	bool read = false;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/%s", process, name);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		const char *colon = strchr(line, ':');

		read = true;
		if (strncmp(line, begin, strlen(begin)) == 0 && colon != NULL &&
		    sscanf(colon + 1, "%ld", &size) == 1)
			sum += size;
	}
	if (file != NULL)
		fclose(file);
	return read ? sum : -1;
}

/*
 * A process that forbids others to look at it shows its mappings to root
 * only.  Its anonymous pages are nearly all of what is private.
 */
static long size_of(int process, bool private_only)
{
	long size;

	if (!private_only)
		return read_lines(process, "status", "VmHWM:");
	size = read_lines(process, "smaps_rollup", "Private_");
	return size >= 0 ? size : read_lines(process, "status", "RssAnon:");
}

static void visit(int process, void (*each)(int process, void *), void *context)
{
	char path[PATH_SIZE];
	FILE *list;
	int child;

	snprintf(
	    path, sizeof path, "/proc/%d/task/%d/children", process, process);
	list = fopen(path, "re");
	while (list != NULL && fscanf(list, "%d", &child) == 1) {
		visit(child, each, context);
		each(child, context);
	}
	if (list != NULL)
		fclose(list);
}

struct sum {
	bool private_only;
	long size;
};

static void add(int process, void *context)
{
	struct sum *sum = context;
	long size = size_of(process, sum->private_only);

	if (size > 0)
		sum->size += size;
}

long memory_of_children(bool private_only)
{
	long last = 0;
	int same = 0;

	for (int i = 0; i < LOOKS && same < SAME_LOOKS; i++) {
		struct sum sum = {.private_only = private_only};

		visit(getpid(), add, &sum);
		same = sum.size > 0 && sum.size == last ? same + 1 : 0;
		last = sum.size;
		poll(NULL, 0, LOOK_MS);
	}
	return last;
}

static void end(int process, void *context)
{
	(void)context;
	kill(process, SIGKILL);
}

void memory_kill_children(void)
{
	visit(getpid(), end, NULL);
}
