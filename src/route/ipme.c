/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/ipme.h"

#include "control.h"
#include "control_list.h"
#include "i18n.h"
#include "xalloc.h"

static const char file[] = "control/ipme";

static bool add(
    struct ipme *ipme, const struct control_list *list, struct failure *failure)
{
	ipme->list = xrealloc(ipme->list, ipme->count + 1, sizeof *ipme->list);
	if (ip_parse(&ipme->list[ipme->count], list->line)) {
		ipme->count++;
		return true;
	}
	control_fail_line(
	    failure, file, list->number, list->line, _("not an IP address"));
	return false;
}

bool ipme_read(
    struct ipme *ipme, struct faults *faults, struct failure *failure)
{
	struct control_list list;
	bool good = control_list_open(&list, file, failure);

	*ipme = (struct ipme){0};
	while (good && control_list_next(&list)) {
		good = add(ipme, &list, failure);
		if (!good && faults != NULL) {
			faults_take(faults, file, failure);
			good = true;
		}
	}
	control_list_close(&list);
	return good;
}
