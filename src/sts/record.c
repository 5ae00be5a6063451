/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/record.h"

#include <string.h>

#include "sts/piece.h"

static const char version[] = "v=STSv1;";
static const char key[] = "id=";

static bool begins(struct piece text, const char *word)
{
	size_t length = strlen(word);

	return text.size >= length && memcmp(text.bytes, word, length) == 0;
}

bool sts_record_is_id(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!piece_is_letter_or_digit(text[i]))
			return false;
	return size >= 1 && size <= STS_ID_MAX;
}

/* The first id of a record counts. */
static bool take_id(char id[STS_ID_MAX + 1], struct piece text)
{
	while (text.size > 0) {
		struct piece field = piece_strip(piece_next(&text, ';'));
		size_t size = field.size - strlen(key);

		if (!begins(field, key))
			continue;
		if (!sts_record_is_id(field.bytes + strlen(key), size))
			return false;
		memcpy(id, field.bytes + strlen(key), size);
		id[size] = '\0';
		return true;
	}
	return false;
}

bool sts_record_id(
    char id[STS_ID_MAX + 1], const struct text *texts, size_t count)
{
	struct piece found = {NULL, 0};

	for (size_t i = 0; i < count; i++) {
		struct piece text = {texts[i].bytes, texts[i].size};

		if (!begins(text, version))
			continue;
		if (found.bytes != NULL)
			return false;
		found = text;
	}
	return found.bytes != NULL && take_id(id, found);
}
