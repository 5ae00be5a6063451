/* SPDX-License-Identifier: ISC */
/*
 * A control file of our own that is a list: its lines one after the other, as
 * control_next_strict finds them.
 *
 *     if (control_list_open(&list, "control/x", &failure))
 *             while (control_list_next(&list))
 *                     ... list.line, list.number ...
 *     control_list_close(&list);
 */
#ifndef CONTROL_LIST_H
#define CONTROL_LIST_H

#include <stdbool.h>

#include "control.h"
#include "failure.h"

struct control_list {
	char *line; /* ended by a NUL; who reads it may change it */
	unsigned long number;
	/* Its own. */
	struct control_text text;
	struct control_cursor cursor;
};

/*
 * Reads the file; a missing one has no lines.  Returns false with a temporary
 * failure when it cannot be read: then it has none, either.
 */
bool control_list_open(
    struct control_list *list, const char *file, struct failure *failure);

/* Goes on to the next line; the one before is gone.  False at the end. */
bool control_list_next(struct control_list *list);

void control_list_close(struct control_list *list);

#endif
