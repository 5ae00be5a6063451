/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "reports.h"

#include "xalloc.h"

void reports_add(struct reports *reports, const struct report *report)
{
	size_t needed = reports->size + 2 * REPORT_SIZE_MAX;

	if (reports->room < needed) {
		reports->room = 2 * needed;
		reports->bytes = xrealloc(reports->bytes, reports->room, 1);
	}
	reports->size += report_encode(report, reports->bytes + reports->size);
}

_Noreturn void reports_end(
    struct reports *reports, const struct report *message)
{
	if (reports->bytes == NULL)
		report_end(message);
	reports->size += report_encode(message, reports->bytes + reports->size);
	report_send(reports->bytes, reports->size);
}
