/* SPDX-License-Identifier: ISC */
/* Giving up what a process does not need for copying bytes. */
#ifndef CONFINE_H
#define CONFINE_H

/*
 * From here on the process can read, write, wait and end: it can open and
 * create nothing, start nothing, and its memory is closed to others.  What
 * the platform lacks is left out.
 */
void confine_rights(void);

#endif
