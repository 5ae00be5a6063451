/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/ipme.h"

#include <stdlib.h>

#include "control.h"
#include "i18n.h"
#include "xalloc.h"

static const char file[] = "control/ipme";

static bool add_line(struct ipme *ipme, unsigned long number, const char *line,
    size_t length, struct failure *failure)
{
	char *text = xstrndup(line, length);
	bool good;

	ipme->list = xrealloc(ipme->list, ipme->count + 1, sizeof *ipme->list);
	good = ip_parse(&ipme->list[ipme->count], text);
	if (good)
		ipme->count++;
	else
		control_fail_line(
		    failure, file, number, text, _("not an IP address"));
	free(text);
	return good;
}

bool ipme_read(
    struct ipme *ipme, struct faults *faults, struct failure *failure)
{
	struct control_text text;
	struct control_cursor cursor;
	const char *line;
	size_t length;
	bool good = true;

	*ipme = (struct ipme){0};
	switch (control_text(file, &text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	cursor = control_lines(&text);
	while (good && control_next_strict(&cursor, &line, &length)) {
		good = add_line(ipme, cursor.line, line, length, failure);
		if (!good && faults != NULL) {
			faults_take(faults, file, failure);
			good = true;
		}
	}
	free(text.bytes);
	return good;
}
