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

void reason_put(struct parcel *parcel, const struct reason *reason)
{
	parcel_put_text(parcel, reason->english);
	parcel_put_text(parcel, reason->local);
}

void reason_take(struct parcel *parcel, struct reason *reason)
{
	parcel_take_into(parcel, reason->english, sizeof reason->english);
	parcel_take_into(parcel, reason->local, sizeof reason->local);
}
