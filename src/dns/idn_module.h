/* SPDX-License-Identifier: ISC */
/* What qmail-remote and the module of libidn2 have to agree upon. */
#ifndef DNS_IDN_MODULE_H
#define DNS_IDN_MODULE_H

#include "module.h"

/*
 * What the module offers, by the name idn_module.  to_ascii gives the A-label
 * form (IDNA2008, UTS 46 non-transitional) of a name in UTF-8, for which the
 * caller is to call free, or NULL when there is none.
 */
struct idn_module {
	struct module module;
	char *(*to_ascii)(const char *name);
};
extern const struct idn_module idn_module MODULE_EXPORT;

#endif
