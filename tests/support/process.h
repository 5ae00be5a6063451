/* SPDX-License-Identifier: ISC */
/* Processes as /proc shows them, to tests that look on. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PROCESS_CHILDREN = 16 };

/* Reads a file of /proc/PID, up to size - 1 bytes; "" when it cannot. */
void process_read(pid_t pid, const char *file, char *text, size_t size);

/* By its command, as the system cuts it. */
bool process_is_called(pid_t pid, const char *name);

/* Returns how many there are; those beyond the room are not. */
size_t process_children(pid_t pid, pid_t children[PROCESS_CHILDREN]);

/* Whether it waits for something. */
bool process_sleeps(pid_t pid);

#endif
