/* SPDX-License-Identifier: ISC */
/*
 * A program that decides on system calls (seccomp), as it is written: what is
 * not allowed fails with ENOSYS.  For Linux alone.
 */
#ifndef CONFINE_PROGRAM_H
#define CONFINE_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	PROGRAM_CODE_MAX = 512,
	PROGRAM_CALLS_MAX = 128 /* a search jumps no further than BPF can */
};

struct program {
	struct sock_filter code[PROGRAM_CODE_MAX];
	unsigned short size;
};

/*
 * Begins it.  Calls by another architecture's numbers, which one machine can
 * have beside its own, fail as do all that are not allowed.  The session may be
 * lost, but not the process in the middle of something.
 */
void program_start(struct program *program);

/* Allows a call where the argument at that place has none of the bits. */
void program_allow_without(
    struct program *program, unsigned call, unsigned argument, unsigned bits);

/* Allows a call where the argument at that place is one of these values. */
void program_allow_among(struct program *program, unsigned call,
    unsigned argument, const unsigned *values, size_t count);

/*
 * Ends it with the calls, PROGRAM_CALLS_MAX at most, that are allowed whatever
 * they ask for; sorts them.  They are searched by halves, as the kernel runs
 * the program for each call that it knows when it is set, which takes longer
 * than all that comes later.
 */
void program_end(struct program *program, unsigned *calls, size_t count);

/*
 * Sets it, for good.  Returns false with errno where the kernel has such
 * programs and refuses this one, or when it is too long.
 */
bool program_set(const struct program *program);

#endif
