/* SPDX-License-Identifier: ISC */
/*
 * The log of the test DNS server, in memory that it shares with the test: it
 * has one writer, and events do not change once they are counted.
 */
#ifndef DNS_LOG_H
#define DNS_LOG_H

#include <stdatomic.h>
#include <stddef.h>

#include "dns.h"

enum { DNS_LOG_MAX = 4096 };

struct dns_log {
	atomic_size_t count;
	struct dns_event events[DNS_LOG_MAX];
};

/* Ends the process with a message when there is no memory. */
struct dns_log *dns_log_new(void);
void dns_log_free(struct dns_log *log);

/* Appends the event with the present time; false when the log is full. */
bool dns_log_add(struct dns_log *log, const struct dns_event *event);

bool dns_event_matches(
    const struct dns_event *event, const struct dns_match *match);

/* How many different A and AAAA questions there are. */
size_t dns_log_addresses(const struct dns_log *log);

/* True unless an answer to any of these left before one of them arrived. */
bool dns_log_asked_at_once(const struct dns_log *log);

/* Microseconds of the monotonic clock. */
int64_t dns_now(void);

#endif
