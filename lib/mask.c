/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base64.h"
#include "xalloc.h"

enum { SECRET_MAX = 65536 }; /* what a pipe takes */

static void discard(char *word)
{
	explicit_bzero(word, strlen(word));
	free(word);
}

void mask_add(struct mask *mask, const char *word)
{
	if (*word == '\0')
		return;
	for (size_t i = 0; i < mask->count; i++)
		if (strcmp(mask->words[i], word) == 0)
			return;
	if (mask->count == MASK_WORDS)
		discard(mask->words[--mask->count]);
	mask->words[mask->count++] = xstrdup(word);
}

/*
 * The characters of base64 that come from the secret alone when so many bytes
 * stand before it in its group of three.
 */
static void add_inner_base64(
    struct mask *mask, const char *secret, size_t before)
{
	size_t length = strlen(secret);
	size_t first = (before * 8 + 5) / 6, end = (before + length) * 8 / 6;
	char *plain = xcalloc(before + length + 1, 1);
	char *text;

	memcpy(plain + before, secret, length);
	text = base64_encode(plain, before + length);
	text[end] = '\0';
	mask_add(mask, text + first);
	discard(text);
	explicit_bzero(plain, before + length);
	free(plain);
}

void mask_add_secret(struct mask *mask, const char *secret)
{
	enum { SHORTEST = 4 }; /* below it every text has such characters */
	char *text = base64_encode(secret, strlen(secret));

	mask_add(mask, secret);
	mask_add(mask, text);
	discard(text);
	if (strlen(secret) < SHORTEST)
		return;
	for (size_t before = 0; before < 3; before++)
		add_inner_base64(mask, secret, before);
}

/* How many bytes text and the word, from this place, have in common. */
static size_t common(const char *text, size_t length, const char *word)
{
	size_t i = 0;

	while (i < length && word[i] != '\0' && text[i] == word[i])
		i++;
	return i;
}

/* How much of the text's beginning belongs to the word. */
static size_t match(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);
	size_t piece = size < 2 * MASK_PIECE ? size : MASK_PIECE;
	size_t longest = 0, found = common(text, length, word);

	if (found == length)
		return length; /* the text ends here, perhaps cut */
	for (size_t from = 0; from + piece <= size; from++) {
		found = common(text, length, word + from);
		if (found >= piece && found > longest)
			longest = found;
	}
	return longest;
}

/* How many bytes at the beginning of a line are a code. */
static size_t code_length(const char *line, size_t length)
{
	size_t digits = 0;

	while (digits < 3 && digits < length && line[digits] >= '0' &&
	       line[digits] <= '9')
		digits++;
	if (digits < 3 || (length > 3 && strchr("- \n", line[3]) == NULL))
		return 0;
	return length > 3 && line[3] != '\n' ? 4 : 3;
}

/* Sets hidden for each byte that belongs to a word. */
static void find_words(
    const struct mask *mask, const char *text, size_t length, bool *hidden)
{
	bool begins = true;

	for (size_t at = 0; at < length; at++) {
		if (begins)
			at += code_length(text + at, length - at);
		if (at == length)
			break;
		for (size_t i = 0; i < mask->count; i++) {
			size_t size =
			    match(text + at, length - at, mask->words[i]);

			memset(hidden + at, true, size);
		}
		begins = text[at] == '\n';
	}
}

size_t mask_apply(const struct mask *mask, char *text, size_t length)
{
	bool hidden[MASK_TEXT_MAX] = {false};
	size_t left = 0;

	if (mask->count == 0)
		return length;
	if (length > MASK_TEXT_MAX)
		return 0;
	find_words(mask, text, length, hidden);
	for (size_t at = 0; at < length; at++) {
		if (!hidden[at])
			text[left++] = text[at];
		else if (at == 0 || !hidden[at - 1])
			text[left++] = '*';
	}
	return left;
}

int mask_hand_over(const char *secret)
{
	size_t length = strlen(secret);
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	if (write(ends[1], secret, length) != (ssize_t)length ||
	    fcntl(ends[0], F_SETFD, 0) != 0) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

bool mask_take_over(struct mask *mask, int descriptor)
{
	char *secret = xcalloc(SECRET_MAX + 1, 1);
	size_t length = 0;
	ssize_t got = 1;

	while (got > 0 && length < SECRET_MAX) {
		got = read(descriptor, secret + length, SECRET_MAX - length);
		length += got > 0 ? (size_t)got : 0;
	}
	close(descriptor);
	if (got == 0)
		mask_add_secret(mask, secret);
	explicit_bzero(secret, length);
	free(secret);
	return got == 0;
}

void mask_wipe(struct mask *mask)
{
	while (mask->count > 0)
		discard(mask->words[--mask->count]);
}
