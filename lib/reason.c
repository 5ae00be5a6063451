/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "reason.h"

#include <stdarg.h>
#include <stdio.h>

#include "i18n.h"

void reason_set(struct reason *reason, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	/* It is filled here. */
	/* cppcheck-suppress ctuuninitvar */
	vsnprintf(reason->english, sizeof reason->english, format, arguments);
	va_end(arguments);
	va_start(arguments, format);
	vsnprintf(reason->local, sizeof reason->local, _(format), arguments);
	va_end(arguments);
}
