/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route-text.h"

#include <stdio.h>

const char *route_text(const struct route *route)
{
	static char text[400];
	char ip[IP_TEXT_SIZE];

	if (route->kind == ROUTE_NONE)
		return "-";
	if (route->kind == ROUTE_NAME)
		snprintf(text, sizeof text, "%s:%d", route->name, route->port);
	else
		snprintf(text, sizeof text, "[%s]:%d",
		    ip_format(&route->ip, ip), route->port);
	return text;
}
