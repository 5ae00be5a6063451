/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "patience.h"

#include <stdlib.h>

unsigned patience(unsigned seconds)
{
	const char *text = getenv("CK_TIMEOUT_MULTIPLIER");
	double factor = text != NULL ? strtod(text, NULL) : 1;

	return factor > 1 && factor < 1000 ? (unsigned)(seconds * factor)
					   : seconds;
}
