/* SPDX-License-Identifier: ISC */
/* The package was built without jansson. */
#include "config.h"

#include "probe/show.h"

bool show_json(const struct probe *probe, bool dialogue)
{
	(void)probe;
	(void)dialogue;
	return false;
}

bool show_has_json(void)
{
	return false;
}
