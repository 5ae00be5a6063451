/* SPDX-License-Identifier: ISC */
/* Giving up what a process does not need any more. */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>

#include "failure.h"

/*
 * Keeps the memory of the process from other processes (ptrace) and out of
 * core files.  To be called before there is a secret in it.
 */
void confine_memory(void);

enum confine_output {
	CONFINE_TO_SOCKETS, /* and pipes */
	CONFINE_TO_FILES    /* what is open may be a file, and may grow */
};

/*
 * From here on the process can read, write, wait and end, and has memory to
 * work with: it can open and create nothing, start nothing, connect to nothing,
 * send no signal, and run no code that is not there yet.  Our texts are read
 * before.  What the platform lacks is left out; what it has and refuses is a
 * temporary failure.
 */
bool confine_rights(enum confine_output output, struct failure *failure);

/*
 * The same for a process that calls others by a library that is not ours: it
 * can connect as well, by IPv4 and IPv6, and read files.  It can still start
 * nothing, write to no file, and send no signal.
 */
bool confine_to_calls(struct failure *failure);

#endif
