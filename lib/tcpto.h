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

#include "ip.h"

struct tcpto {
	const char *v4_file; /* never created here: qmail's to make */
	const char *v6_file; /* made when missing or not ours to open */
};

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

#endif
