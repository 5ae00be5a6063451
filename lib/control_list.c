/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "control_list.h"

#include <stdlib.h>

#include "xalloc.h"

bool control_list_open(
    struct control_list *list, const char *file, struct failure *failure)
{
	enum control_status status;

	*list = (struct control_list){.line = NULL};
	status = control_text(file, &list->text, failure);
	if (status == CONTROL_FOUND)
		list->cursor = control_lines(&list->text);
	return status != CONTROL_FAILED;
}

bool control_list_next(struct control_list *list)
{
	const char *line;
	size_t length;

	free(list->line);
	list->line = NULL;
	if (!control_next_strict(&list->cursor, &line, &length))
		return false;
	list->line = xstrndup(line, length);
	list->number = list->cursor.line;
	return true;
}

void control_list_close(struct control_list *list)
{
	free(list->line);
	free(list->text.bytes);
}
