/* SPDX-License-Identifier: ISC */
/* What qmail-remote-relay does: one session, from the task to the goodbye. */
#ifndef TLS_SERVE_H
#define TLS_SERVE_H

/*
 * Serves the session whose descriptors protocol.h names, all others being
 * closed; returns when it is over, or when nobody wants it any more.  Before
 * the server has said a byte the process gives up its rights.
 */
void relay_serve(void);

#endif
