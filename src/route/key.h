/* SPDX-License-Identifier: ISC */
/*
 * The forms in which hosts and senders, and the keys of the files about them,
 * are compared: A-labels in lower case; an address in brackets, in its shortest
 * form; what is neither as it is, but in lower case.
 *
 * The caller frees what these return.  It is NULL with a temporary failure when
 * a name cannot be converted now.
 */
#ifndef ROUTE_KEY_H
#define ROUTE_KEY_H

#include <stdbool.h>

#include "failure.h"

/*
 * A host, or ".suffix", for smtproutes.  As in stock an address without
 * brackets stays without, and a dot at the end counts.
 */
char *key_of_host(const char *text, struct failure *failure);

/*
 * A next hop, or ".suffix", for tlspolicy.  An address has its brackets, and a
 * dot at the end goes: that way nobody gets round a policy.
 */
char *key_of_next_hop(const char *text, struct failure *failure);

/*
 * An address, "@domain" or ".suffix", for files about senders; the domain is
 * what key_of_next_hop makes of it.
 */
char *key_of_sender(const char *text, struct failure *failure);

/*
 * Whether any host, or any sender, can have a key, which is in such a form: a
 * line whose key has an asterisk, a blank or quotes in it means nothing.
 */
bool key_fits_hosts(const char *key);
bool key_fits_senders(const char *key);

#endif
