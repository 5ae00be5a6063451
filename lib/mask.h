/* SPDX-License-Identifier: ISC */
/*
 * Keeping secrets out of texts that others have written: what a server says
 * may repeat what it was told.
 */
#ifndef MASK_H
#define MASK_H

#include <stdbool.h>
#include <stddef.h>

enum {
	MASK_WORDS = 24,
	MASK_TEXT_MAX = 8192, /* of a longer text nothing is left */
	MASK_PIECE = 12	      /* of a long word so much is enough */
};

/* What is not to be seen.  Starts as zeros; owns its words. */
struct mask {
	size_t count;
	char *words[MASK_WORDS];
};

/* Hides this word; one too many takes the place of the last one. */
void mask_add(struct mask *mask, const char *word);

/* Hides a secret, and any base64 text of something that contains it. */
void mask_add_secret(struct mask *mask, const char *secret);

/*
 * Puts one '*' in place of each stretch of the text that belongs to a word:
 * all of a word, or MASK_PIECE characters of one twice as long, or, at the end
 * of a text that was cut, its beginning.  The code before a line of a reply
 * stays.  Returns the length that is left.
 */
size_t mask_apply(const struct mask *mask, char *text, size_t length);

/*
 * A pipe that holds the secret, for a program that this process becomes: its
 * end for reading, which stays open then; -1 with errno.
 */
int mask_hand_over(const char *secret);

/*
 * Reads such a pipe to its end, closes it and hides the secret.  Returns false
 * when it cannot be read; that it holds none is no secret.
 */
bool mask_take_over(struct mask *mask, int descriptor);

/* Overwrites and frees the words. */
void mask_wipe(struct mask *mask);

#endif
