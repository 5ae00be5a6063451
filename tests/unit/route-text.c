/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route-text.h"

#include <stdio.h>
#include <string.h>

const char *route_text(const struct route *route)
{
	static char text[400];
	const struct credentials *credentials = route->credentials;
	char ip[IP_TEXT_SIZE];

	if (route->kind == ROUTE_NONE)
		return "-";
	if (route->kind == ROUTE_NAME)
		snprintf(text, sizeof text, "%s:%d", route->name, route->port);
	else
		snprintf(text, sizeof text, "[%s]:%d",
		    ip_format(&route->ip, ip), route->port);
	if (credentials != NULL)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    " %s %s%s", credentials->user,
		    credentials->bearer ? "bearer:" : "", credentials->secret);
	return text;
}
