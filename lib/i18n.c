/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "i18n.h"

#include <locale.h>

void i18n_start(const char *directory)
{
#ifdef ENABLE_NLS
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain(PACKAGE, directory);
	textdomain(PACKAGE);
#else
	(void)directory;
#endif
}

void i18n_load(void)
{
#ifdef ENABLE_NLS
	gettext("");
#endif
}
