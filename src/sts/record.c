/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/record.h"

#include <string.h>

static const char version[] = "v=STSv1;";
static const char key[] = "id=";

/* A part of a record. */
struct piece {
	const char *bytes;
	size_t size;
};

static bool begins(struct piece text, const char *word)
{
	size_t length = strlen(word);

	return text.size >= length && memcmp(text.bytes, word, length) == 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct piece strip(struct piece text)
{
	while (text.size > 0 && is_blank(text.bytes[0])) {
		text.bytes++;
		text.size--;
	}
	while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
		text.size--;
	return text;
}

/* Takes the field up to the next semicolon off the text. */
static struct piece next_field(struct piece *text)
{
	const char *end = memchr(text->bytes, ';', text->size);
	size_t size = end != NULL ? (size_t)(end - text->bytes) : text->size;
	struct piece field = {text->bytes, size};

	if (end != NULL)
		size++;
	text->bytes += size;
	text->size -= size;
	return strip(field);
}

bool sts_record_is_id(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		bool upper = text[i] >= 'A' && text[i] <= 'Z';
		bool lower = text[i] >= 'a' && text[i] <= 'z';

		if (!digit && !upper && !lower)
			return false;
	}
	return size >= 1 && size <= STS_ID_MAX;
}

/* The first id of a record counts. */
static bool take_id(char id[STS_ID_MAX + 1], struct piece text)
{
	while (text.size > 0) {
		struct piece field = next_field(&text);
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
