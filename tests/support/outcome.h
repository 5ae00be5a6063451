/* SPDX-License-Identifier: ISC */
/* What became of one run of qmail-remote. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

struct outcome_chunk {
	char letter;	  /* 0 for an empty chunk */
	const char *text; /* ends in NUL */
	size_t length;
};

struct outcome {
	struct bytes output;
	/* The output cut at its NULs; what follows the last NUL is none. */
	struct outcome_chunk *chunks;
	size_t count;
	char *letters; /* of the chunks: "rhK" */
	bool cut;      /* something follows the last NUL */

	int status;	  /* as wait(2) gives it */
	bool timed_out;	  /* it was killed for that reason */
	unsigned strays;  /* processes left long after its end */
	int64_t elapsed;  /* microseconds from exec to its end */
	int64_t lingered; /* microseconds until its last child ended, too */
	int64_t cpu;	  /* microseconds, its children included */
	long memory; /* the largest resident set in KiB, of any one process */
	long memory_before; /* in KiB: of the test itself, below it no figure */
};

/* Cuts the output into chunks; deliver has done it. */
void outcome_parse(struct outcome *outcome);
void outcome_free(struct outcome *outcome);

/*
 * True when it exited with status 0 in time, left no process and said r, h or
 * s any number of times and then K, Z or D once, each ended by NUL, each
 * with a text that ends in LF, but for a bare r and the words of a server
 * that had to be cut.
 */
bool outcome_well_formed(const struct outcome *outcome);

/* True for exactly these bytes; otherwise prints both to standard error. */
bool outcome_is(
    const struct outcome *outcome, const char *bytes, size_t length);

/*
 * The same for a literal, whose closing NUL stands for that of the last
 * report: OUTCOME_IS(&outcome, "r\0K127.0.0.1 accepted message.\n").
 */
#define OUTCOME_IS(outcome, literal)                                           \
	outcome_is(outcome, literal, sizeof(literal))

/* True when the text of the last chunk contains this. */
bool outcome_says(const struct outcome *outcome, const char *text);

/* The letter of the last chunk; 0 when there is none. */
char outcome_verdict(const struct outcome *outcome);

/* What qmail-send would receive; the caller frees it. */
void outcome_rspawn(const struct outcome *outcome, struct bytes *result);

#endif
