/* SPDX-License-Identifier: ISC */
/* The package was built without jansson. */
#include "config.h"

#include "probe/show.h"

void show_json(const struct probe *probe, bool dialogue)
{
	(void)probe;
	(void)dialogue;
}

bool show_has_json(void)
{
	return false;
}
