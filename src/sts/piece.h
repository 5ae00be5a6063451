/* SPDX-License-Identifier: ISC */
/* Pieces of texts, for those who read what domains say of MTA-STS. */
#ifndef STS_PIECE_H
#define STS_PIECE_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a text that somebody else owns; any octets. */
struct piece {
	const char *bytes;
	size_t size;
};

bool piece_equals(struct piece piece, const char *word);

/* Without the blanks and tabs on either side. */
struct piece piece_strip(struct piece piece);

/* Takes off the text what stands before the next such byte, and that too. */
struct piece piece_next(struct piece *text, char end);

bool piece_is_letter_or_digit(char byte);

#endif
