/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "page.h"

#include <stdlib.h>

#include <check.h>

FILE *page_open(const char *name)
{
	const char *directory = getenv("srcdir");
	char path[4096];
	FILE *page;

	snprintf(path, sizeof path, "%s/man/%s.in",
	    directory != NULL ? directory : ".", name);
	page = fopen(path, "r");
	ck_assert_msg(page != NULL, "%s cannot be read", path);
	return page;
}
