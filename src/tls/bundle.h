/* SPDX-License-Identifier: ISC */
/*
 * Trust anchors and names for a program that leaves TLS itself to another
 * library.
 */
#ifndef TLS_BUNDLE_H
#define TLS_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A file without a name that has each certificate in the files of path
 * (anchor_files.h) that can be read, in PEM.  Returns a descriptor,
 * close-on-exec, or -1 when there is none.
 */
int bundle_open(const char *path);

/*
 * Whether the first certificate of a text in PEM bears this host's name among
 * its subject alternative names; its common name does not count (RFC 9525).
 */
bool bundle_bears(const char *pem, const char *host);

/* Whether its purpose, if it states one, is that of a server, or any: not
   every TLS library asks. */
bool bundle_is_for_servers(const char *pem);

#endif
