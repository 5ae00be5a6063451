/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "failure.h"

#include <stdarg.h>
#include <stdlib.h>

#include "i18n.h"
#include "reply.h"
#include "xalloc.h"

void failure_set(
    struct failure *failure, enum failure_class class, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*failure = (struct failure){
	    .class = class, .text = xvasprintf(format, arguments)};
	va_end(arguments);
}

void failure_add(struct failure *failure, const char *format, ...)
{
	va_list arguments;
	char *added;

	va_start(arguments, format);
	added = xvasprintf(format, arguments);
	va_end(arguments);
	failure->text = xasprintf("%s%s", failure->text, added);
	free(added);
}

void failure_add_remote(
    struct failure *failure, const char *text, size_t length)
{
	char said[REPLY_SAID_SIZE];

	failure_add(failure, "%s", reply_said(said, text, length));
}

void failure_set_system(struct failure *failure)
{
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("System resources temporarily unavailable. (#4.3.0)\n"));
}

void failure_set_unreadable_message(struct failure *failure)
{
	failure_set(failure, FAILURE_TEMPORARY, "%s",
	    _("Unable to read message. (#4.3.0)\n"));
}

void failure_keep(struct failure *kept, const struct failure *latest)
{
	if (latest->rank < kept->rank)
		return;
	if (latest->rank == kept->rank && kept->unmet && !latest->unmet)
		return;
	*kept = *latest;
}
