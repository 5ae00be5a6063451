/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_TEXT_H
#define ROUTE_TEXT_H

#include "route/routes.h"

/*
 * A route as text, in static memory: "-" for MX, "name:port" or
 * "[address]:port", and behind it credentials: "user secret" or
 * "user bearer:token".
 */
const char *route_text(const struct route *route);

#endif
