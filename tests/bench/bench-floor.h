/* SPDX-License-Identifier: ISC */
/* The commands of the small programs that do only what cannot be avoided. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "bench-stage.h"

enum { FLOOR_ARGUMENTS = 12 };

/* Not to be moved; ended by floor_free. */
struct floor {
	struct tree_command command;
	const char *arguments[FLOOR_ARGUMENTS];
	char *programs[2];
	char port[8], bytes[24];
};

/* Starts a program linked as qmail-remote is, which runs the other one. */
void floor_start(struct floor *floor);

/* The same under these arguments, such as strace and its own. */
void floor_traced(struct floor *floor, const char *const *before);

/* A program linked as qmail-remote is, which comes to a halt. */
void floor_wait(struct floor *floor);

/* A client of the server at that port, to which it sends so many bytes. */
void floor_bare(
    struct floor *floor, const char *name, unsigned port, double bytes);

/* A client that delivers one small message to the server at that port. */
void floor_deliver(struct floor *floor, bool tls, unsigned port);

void floor_free(struct floor *floor);

#endif
