/* SPDX-License-Identifier: ISC */
/* --help and --version, honoured only as the sole argument. */
#ifndef OPTIONS_H
#define OPTIONS_H

/*
 * When the arguments are one of the two options, prints usage or version and
 * ends the process; otherwise returns.
 */
void options_answer(int count, char **arguments, const char *usage);

#endif
