/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/record.h"

#include <string.h>

static const char version[] = "v=STSv1;";
static const char key[] = "id=";

static bool begins(const struct sts_text *text, const char *word)
{
	size_t length = strlen(word);

	return text->size >= length && memcmp(text->bytes, word, length) == 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct sts_text strip(struct sts_text text)
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
static struct sts_text next_field(struct sts_text *text)
{
	const char *end = memchr(text->bytes, ';', text->size);
	size_t size = end != NULL ? (size_t)(end - text->bytes) : text->size;
	struct sts_text field = {text->bytes, size};

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
static bool take_id(char id[STS_ID_MAX + 1], struct sts_text text)
{
	while (text.size > 0) {
		struct sts_text field = next_field(&text);
		size_t size = field.size - strlen(key);

		if (!begins(&field, key))
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
    char id[STS_ID_MAX + 1], const struct sts_text *texts, size_t count)
{
	const struct sts_text *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!begins(&texts[i], version))
			continue;
		if (found != NULL)
			return false;
		found = &texts[i];
	}
	return found != NULL && take_id(id, *found);
}
