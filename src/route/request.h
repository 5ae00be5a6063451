/* SPDX-License-Identifier: ISC */
/* What qmail-rspawn asks for, as its arguments say it. */
#ifndef ROUTE_REQUEST_H
#define ROUTE_REQUEST_H

#include <stddef.h>

struct request {
	const char *host;
	char *sender;
	char **recipients;
	size_t recipient_count;
};

#endif
