/* SPDX-License-Identifier: ISC */
/* The module that is loaded for the first name that is not ASCII. */
#include "config.h"

#include <idn2.h>

#include "dns/idn_module.h"
#include "report.h"
#include "xalloc.h"

static char *to_ascii(const char *name)
{
	char *ascii, *copy;
	int status = idn2_to_ascii_8z(
	    name, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);

	if (status == IDN2_MALLOC)
		report_out_of_memory();
	if (status != IDN2_OK)
		return NULL;
	copy = xstrdup(ascii);
	idn2_free(ascii);
	return copy;
}

const struct idn_module idn_module = {MODULE_START, to_ascii};
