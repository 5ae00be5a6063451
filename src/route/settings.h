/* SPDX-License-Identifier: ISC */
/*
 * All control files but smtproutes, read once.  Names of files are relative
 * to the qmail home, where the process is.
 */
#ifndef ROUTE_SETTINGS_H
#define ROUTE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "ip.h"
#include "failure.h"

enum tls_strictness {
	TLS_OPPORTUNISTIC = 0, /* take what can be had */
	TLS_PREFERRED = 1,     /* prefer servers with TLS, then give in */
	TLS_VERIFIED = 2       /* nothing without a verified certificate */
};

struct settings {
	char *helohost;						    /* ASCII */
	unsigned long timeout_connect, timeout_remote, timeout_dns; /* s */
	struct ip *ipme;
	size_t ipme_count;
	/* A PEM bundle, or a directory when it ends in '/'; NULL: no TLS. */
	char *trustanchors;
	char *clientcert, *clientkey; /* NULL when there is none */
	enum tls_strictness strictness;
};

/*
 * Returns false with a temporary failure that names the file, the line and what
 * is wrong there.  The settings live as long as the process.
 */
bool settings_read(struct settings *settings, struct failure *failure);

#endif
