/* SPDX-License-Identifier: ISC */
/*
 * Trust anchors and certificates for programs that leave TLS to another
 * library.
 */
#ifndef TLS_ANCHORS_H
#define TLS_ANCHORS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A file without a name that has each certificate of path, a PEM bundle or a
 * directory of such when it ends in '/', as far as it can be read at all: one
 * that cannot is no reason to do without the others.  Returns a descriptor,
 * close-on-exec, or -1 when there is none.
 */
int tls_anchors_open(const char *path);

/*
 * Whether the first certificate in a PEM text bears this DNS name among its
 * subject alternative names; the common name does not count (RFC 9525).
 */
bool tls_anchors_bears(const char *pem, size_t size, const char *name);

#endif
