/* SPDX-License-Identifier: ISC */
/*
 * The control files with one value each, and ipme, read once.  Names of files
 * are relative to the qmail home, where the process is.
 */
#ifndef ROUTE_SETTINGS_H
#define ROUTE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "faults.h"
#include "reason.h"
#include "route/ipme.h"

/* What fits into a command line after EHLO (RFC 5321 section 4.5.3.1.4). */
enum { HELOHOST_MAX = 505 };

/* Seconds, where stock's files say nothing. */
enum { TIMEOUT_CONNECT = 60, TIMEOUT_REMOTE = 1200 };

enum tls_strictness {
	TLS_OPPORTUNISTIC = 0, /* take what can be had */
	TLS_PREFERRED = 1,     /* prefer servers with TLS, then give in */
	TLS_VERIFIED = 2       /* nothing without a verified certificate */
};

enum address_family {
	FAMILY_ANY,	  /* both, IPv6 first */
	FAMILY_IPV4,	  /* both, IPv4 first */
	FAMILY_IPV6,	  /* both, IPv6 first */
	FAMILY_IPV4_ONLY, /* as if there were no IPv6 addresses */
	FAMILY_IPV6_ONLY
};

struct settings {
	char *me;	/* as the file has it, or NULL */
	char *helohost; /* ASCII */
	/* Seconds; 0: no limit. */
	unsigned long timeout_connect, timeout_remote, timeout_dns;
	unsigned long timeout_delivery; /* until a server has been found */
	unsigned long minrate;		/* bytes a second; 0: no limit */
	enum address_family address_family;
	struct ipme ipme;
	/* A PEM bundle, or a directory when it ends in '/'; NULL: no TLS. */
	char *trustanchors;
	char *clientcert, *clientkey; /* NULL when there is none */
	enum tls_strictness strictness;
	bool dane, mtasts; /* whether TLSA records and MTA-STS count */
};

/*
 * Returns false with a temporary failure that names the file, the line and what
 * is wrong there.  The settings live as long as the process.
 */
bool settings_read(struct settings *settings, struct failure *failure);

/*
 * The same, but what is wrong is added to the faults and leaves the default,
 * and reading goes on.
 */
void settings_check(struct settings *settings, struct faults *faults);

/* What to say where trust anchors are needed and there are none. */
void settings_explain_no_anchors(struct reason *reason);

/*
 * For mail that needs trust anchors: whether there are any.  Returns false
 * with a temporary failure that names tlsstrictness.
 */
bool settings_have_anchors(
    const struct settings *settings, struct failure *failure);

#endif
