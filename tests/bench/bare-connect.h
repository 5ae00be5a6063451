/* SPDX-License-Identifier: ISC */
/* What the bare clients share: PORT and BYTES, and the connection. */
#ifndef BARE_CONNECT_H
#define BARE_CONNECT_H

#include <stddef.h>

/*
 * Connects to 127.0.0.1 at the port that the first argument is.  *bytes is
 * what the second one says: how many to send.
 */
int bare_connect(int argc, char **argv, size_t *bytes);

#endif
