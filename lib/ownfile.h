/* SPDX-License-Identifier: ISC */
/*
 * Files of the run directory that stay: locks and tables.  One that cannot be
 * opened, as after a run by hand as root has left it to root, is replaced,
 * which takes no more than the right to write the directory.
 */
#ifndef OWNFILE_H
#define OWNFILE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Opens the file at path, which has a slash in it, for reading and writing;
 * makes it, with that mode, where there is none.  Links are not followed.
 * Returns the descriptor, or -1 when it can be neither opened nor replaced.
 */
int ownfile_open(const char *path, mode_t mode);

/*
 * Makes a directory for such files, for this user alone; one that he may not
 * use is put aside, with a number behind its name.  Returns whether there is
 * one that can be used.
 */
bool ownfile_make_directory(const char *path);

#endif
