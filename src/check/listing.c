/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "i18n.h"
#include "utf8.h"
#include "xalloc.h"

size_t listing_count(const struct faults *faults, enum fault_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < faults->count; i++)
		count += faults->list[i].kind == kind;
	return count;
}

void listing_print(const struct faults *faults)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->list[i];

		printf("%s:", fault->file);
		if (fault->line > 0)
			printf("%lu:", fault->line);
		printf(" %s: %s\n",
		    fault->kind == FAULT_ERROR ? _("error") : _("warning"),
		    fault->what);
	}
}

#ifdef HAVE_JANSSON
/* JSON is UTF-8; of another text only ASCII is left. */
static json_t *make_string(const char *text)
{
	struct utf8 utf8 = {0};
	char *copy = xstrdup(text);
	json_t *string;

	utf8_take(&utf8, text, strlen(text));
	for (char *byte = copy; !utf8_is_valid(&utf8) && *byte != '\0'; byte++)
		if ((unsigned char)*byte > 126)
			*byte = '?';
	string = json_string(copy);
	free(copy);
	return string;
}

static json_t *make_fault(const struct fault *fault)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", make_string(fault->file));
	json_object_set_new(object, "line",
	    fault->line > 0 ? json_integer((json_int_t)fault->line)
			    : json_null());
	json_object_set_new(object, "severity",
	    json_string(fault->kind == FAULT_ERROR ? "error" : "warning"));
	json_object_set_new(object, "what", make_string(fault->what));
	return object;
}

bool listing_print_json(const struct faults *faults)
{
	json_t *object, *list;
	char *text;

	json_set_alloc_funcs(xmalloc, free);
	object = json_object();
	list = json_array();
	for (size_t i = 0; i < faults->count; i++)
		json_array_append_new(list, make_fault(&faults->list[i]));
	json_object_set_new(object, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(object, "errors",
	    json_integer((json_int_t)listing_count(faults, FAULT_ERROR)));
	json_object_set_new(object, "warnings",
	    json_integer((json_int_t)listing_count(faults, FAULT_WARNING)));
	json_object_set_new(object, "faults", list);
	text = json_dumps(object, 0);
	if (text != NULL)
		printf("%s\n", text);
	free(text);
	json_decref(object);
	return true;
}
#else
bool listing_print_json(const struct faults *faults)
{
	(void)faults;
	return false;
}
#endif
