/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/object.h"

#include <stdlib.h>
#include <string.h>

#include "probe/facts.h"
#include "probe/visible.h"
#include "report.h"

json_t *object_text(const char *text)
{
	char *copy;
	json_t *string;

	if (text == NULL)
		return json_null();
	copy = visible_utf8(text, strlen(text));
	string = json_string(copy);
	free(copy);
	return string;
}

void object_put_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, object_text(text));
}

void object_put_number(json_t *object, const char *key, int64_t number)
{
	json_object_set_new(object, key, json_integer((json_int_t)number));
}

void object_put_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

void object_put_place(json_t *object, const char *file, unsigned long line)
{
	bool known = file != NULL && line > 0;

	object_put_text(object, "file", known ? file : NULL);
	json_object_set_new(object, "line",
	    known ? json_integer((json_int_t)line) : json_null());
}

json_t *object_texts(const char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, object_text(texts[i]));
	return list;
}

json_t *object_hex(const unsigned char *bytes, size_t size)
{
	char *text = facts_hex(bytes, size);
	json_t *string = object_text(text);

	free(text);
	return string;
}

void object_put_hex(
    json_t *object, const char *key, const unsigned char *bytes, size_t size)
{
	json_object_set_new(object, key, object_hex(bytes, size));
}

void object_put_report(json_t *object, const struct failure *failure)
{
	char letter[2] = "";

	if (failure->text != NULL)
		letter[0] = report_letter(failure);
	object_put_text(
	    object, "letter", failure->text != NULL ? letter : NULL);
	object_put_text(object, "text", failure->text);
}
