/* SPDX-License-Identifier: ISC */
/* The variables that a process starts with. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>

/*
 * Leaves PATH, LANG, LANGUAGE, LC_*, TZ, DNSCACHEIP and RES_OPTIONS in the
 * environment, and the variables ("NAME=VALUE") of which kept says so.
 * Libraries take orders from others: to write down session keys, to ask a
 * proxy, to load code.  The memory of those that go is wiped, so that what is
 * seen of a process from outside is what it has.  To be called before a
 * library looks.
 */
void environment_clean(bool (*kept)(const char *variable));

#endif
