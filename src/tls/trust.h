/* SPDX-License-Identifier: ISC */
/*
 * The trust anchors that a chain may lead to.  A database, compiled from the
 * administrator's files (anchor_files.h) and keyed by subject, says where each
 * certificate stands; the certificate is read from there.  Who can write the
 * database can hide anchors, but add none.
 */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "failure.h"
#include "parcel.h"
#include "tls/anchor.h"

enum { ANCHORS_MAX = 256 };

struct trust;

/* Puts a question (anchor_files.h) to whoever may open files; false: no answer.
 */
struct trust_oracle {
	void *context;
	bool (*ask)(void *context, const struct parcel *question,
	    struct parcel *answer);
};

/*
 * Opens the anchors at path; the compiled ones are kept in run_directory.
 * Returns NULL with a temporary failure when they cannot be read or when there
 * is no certificate among them.  From then on no file is opened.
 */
struct trust *trust_open(
    const char *path, const char *run_directory, struct failure *failure);

/* Anchors, each of them once; more than ANCHORS_MAX are left out. */
struct anchors {
	struct anchor *list;
	size_t count;
	bool namesakes; /* some have the same subject */
};

/*
 * Finds those that are named as subject or issuer in the chain, count
 * certificates in DER.  Where the database is damaged, or does not fit the
 * files, all files are gone through.  Returns false when they became
 * unreadable.
 */
bool trust_find(struct trust *trust, const struct trust_oracle *oracle,
    const gnutls_datum_t *chain, unsigned count, struct anchors *anchors);

void trust_free_anchors(struct anchors *anchors);

#endif
