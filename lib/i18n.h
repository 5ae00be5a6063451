/* SPDX-License-Identifier: ISC */
/* Translation of whole sentences through gettext. */
#ifndef I18N_H
#define I18N_H

#ifdef ENABLE_NLS
#include <libintl.h>
#define _(text) gettext(text)
#else
#define _(text) (text)
#endif
#define N_(text) text

/*
 * Takes the locale from the environment and binds the message catalogues in
 * directory.  qmail-send's environment normally sets no locale: then every
 * text is stock's English.
 */
void i18n_start(const char *directory);

/* Reads the catalogue now, for a process that soon can open no file. */
void i18n_load(void);

#endif
