/* SPDX-License-Identifier: ISC */
/* Giving up what a process does not need for copying bytes. */
#ifndef CONFINE_H
#define CONFINE_H

/*
 * Closes the memory of the process to others, and to core files: before there
 * is a secret in it.
 */
void confine_memory(void);

/*
 * From here on the process can read, write, wait and end: it can open and
 * create nothing, start nothing.  What the platform lacks is left out.
 */
void confine_rights(void);

#endif
