/* SPDX-License-Identifier: ISC */
/* The certificate by which servers know us, and its key. */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "failure.h"
#include "tls/task.h"

/*
 * Loads those that the task names, if any; the key may stand in the file of the
 * certificate.  Returns false with a temporary failure that names the file that
 * cannot be used.
 */
bool client_load(gnutls_certificate_credentials_t to,
    const struct tls_task *task, struct failure *failure);

/* Whether the PEM file holds certificates that can be read. */
bool client_has_certificate(const char *file);

#endif
