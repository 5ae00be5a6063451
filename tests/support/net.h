/* SPDX-License-Identifier: ISC */
/*
 * A network of its own for a test: what is no loopback address elsewhere can
 * have servers there.
 */
#ifndef NET_H
#define NET_H

#include <stdbool.h>

/*
 * Leaves the network of the machine.  From then on there are the loopback
 * addresses, and 192.0.2.1 to 192.0.2.4.  Returns false where that is not
 * allowed, and then nothing has changed.
 */
bool net_make_private(void);

#endif
