/* SPDX-License-Identifier: ISC */
/* Giving up what a process does not need for copying bytes. */
#ifndef CONFINE_H
#define CONFINE_H

/*
 * Keeps the memory of the process from other processes (ptrace) and out of
 * core files.  To be called before there is a secret in it.
 */
void confine_memory(void);

/*
 * From here on the process can read, write, wait and end: it can open and
 * create nothing, start nothing.  What the platform lacks is left out.
 */
void confine_rights(void);

#endif
