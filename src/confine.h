/* SPDX-License-Identifier: ISC */
/* Giving up what a process does not need for copying bytes. */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>

/*
 * Puts /dev/null on 0, 1 and 2, which qmail-rspawn may wait for, and closes
 * all other descriptors but these two.  Returns false when it cannot.
 */
bool confine_descriptors(int one, int other);

/*
 * From here on the process can read, write, wait and end: it can open and
 * create nothing, start nothing, and its memory is closed to others.  What
 * the platform lacks is left out.
 */
void confine_rights(void);

#endif
