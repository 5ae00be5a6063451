/* SPDX-License-Identifier: ISC */
/* The database of trust anchors, as it is compiled (cdbcache.h). */
#ifndef TLS_COMPILED_H
#define TLS_COMPILED_H

#include <stdint.h>

#include "cdbcache.h"
#include "tls/anchor.h"

/*
 * What it has of a certificate, by its subject: where it stands, and what it
 * has to be.  The name of its file follows, without a NUL.
 */
struct compiled_record {
	uint64_t offset, size;
	unsigned char digest[ANCHOR_DIGEST_SIZE];
};

/* The anchors at path, which must live as long as the source. */
struct cdbcache_source compiled_source(const char *path);

#endif
