/* SPDX-License-Identifier: ISC */
/*
 * The tables of servers whose connections timed out of late: stock's
 * queue/lock/tcpto for IPv4, which qmail-tcpto and qmail-tcpok read and
 * write as well, and one of ours with longer addresses for IPv6.
 *
 * A record is the address, a count byte, three zero bytes, the time in four
 * bytes, lowest first, and four zero bytes; there are 64 of them.  The table
 * is a help only: whatever is wrong with it, no server is skipped.
 */
#ifndef TCPTO_H
#define TCPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip.h"

enum { TCPTO_RECORDS = 64 };

struct tcpto {
	const char *v4_file; /* never created here: qmail's to make */
	/* Created when missing; one that somebody else has left, as after a run
	   by hand as root, is replaced when there is something to write. */
	const char *v6_file;
};

/* Those of the qmail home, where the process is, and of our run directory. */
struct tcpto tcpto_in(const char *run_directory);

enum tcpto_status {
	TCPTO_UNKNOWN, /* not in the table */
	TCPTO_KNOWN,
	TCPTO_SKIP /* two or more timeouts in a row, the last one recent */
};

enum tcpto_status tcpto_look(const struct tcpto *tcpto, const struct ip *ip);

/*
 * Counts a timeout, unless one was counted within the last two minutes, or
 * clears the count.
 */
void tcpto_note(const struct tcpto *tcpto, const struct ip *ip, bool timed_out);

/* A server of a table. */
struct tcpto_entry {
	struct ip ip;
	unsigned count; /* of timeouts in a row, up to 10 */
	int64_t when;	/* the last one that counted, in seconds of the epoch */
	/* When the last delivery calls it again, for those that are skipped:
	   others do so up to half an hour earlier.  0: it is not skipped. */
	int64_t until;
};

/*
 * What the table of a family has, version being 4 or 6, in its order, and how
 * many that are.  Returns false with errno when it cannot be read; one of ours
 * that does not exist is empty.
 */
bool tcpto_list(const struct tcpto *tcpto, int version,
    struct tcpto_entry list[TCPTO_RECORDS], size_t *listed);

/* Empties that table.  Returns false with errno. */
bool tcpto_clear(const struct tcpto *tcpto, int version);

#endif
