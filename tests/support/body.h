/* SPDX-License-Identifier: ISC */
/*
 * The data of one message as a strict receiver takes it (RFC 5321 4.1.1.4,
 * 4.5.2): only CRLF ends a line, only CRLF "." CRLF ends the data.
 */
#ifndef BODY_H
#define BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

enum body_at { BODY_LINE_START, BODY_DOT, BODY_DOT_CR, BODY_TEXT, BODY_CR };

struct body {
	enum body_at at;
	bool complete;	 /* the final dot has come */
	uint64_t raw;	 /* bytes taken, the line of the final dot included */
	uint64_t length; /* bytes without that line and without dot-stuffing */
	uint64_t hash;	 /* body_hash of them */
	uint64_t strays; /* CRs without LF and LFs without CR */
};

void body_start(struct body *body);

/*
 * Takes bytes up to the final dot.  Returns how many it took.  Appends them
 * without dot-stuffing and final line to plain, unless that is NULL.
 */
size_t body_take(
    struct body *body, const char *bytes, size_t length, struct bytes *plain);

/*
 * FNV-1a of 64 bits.  Goes on from hash, so that data can come in pieces;
 * the first piece takes BODY_HASH_START.
 */
#define BODY_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t body_hash(uint64_t hash, const void *data, size_t length);

#endif
