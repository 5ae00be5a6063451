/* SPDX-License-Identifier: ISC */
/*
 * A scripted DNS server for tests: a child process on the loopback, UDP and
 * TCP on one ephemeral port.  It ends with the process that started it.
 *
 * The zone is a text, one line each; empty lines and lines that begin with
 * '#' are skipped:
 *
 *     OWNER TYPE [DATA...] [!WORD[=VALUE]...]
 *
 *     example.test      MX     10 mx1.example.test
 *     null.test         MX     0 .
 *     mx1.example.test  A      127.0.0.2
 *     mx1.example.test  AAAA   ::1 !ttl=0
 *     alias.test        CNAME  mx1.example.test
 *     slow.test         A      127.0.0.1 !delay=200
 *     broken.test       *      !servfail
 *     cut.test          A      hex:7f0000
 *     any.test          TYPE65280 hex:00ff
 *     retry.test        A      127.0.0.1 !drop=2
 *     *                 AAAA   !nodata
 *
 * Names are absolute, with or without the final dot; \DDD is the byte of
 * that decimal value and \X the character X (\. is a dot inside a label).
 * DATA is that of A, AAAA, MX, CNAME, NS, PTR, TLSA ("3 1 1 DIGITS") or TXT
 * (text:WORD for each string), or hex:DIGITS for any type.
 *
 * Answers follow from the records as a resolver would give them: CNAMEs are
 * followed (at most 16 links, so that loops end), a name that has no record
 * of the type gets NODATA, a name that no line has and that is not above one
 * gets NXDOMAIN; names are compressed; what exceeds the payload size of the
 * query's EDNS (512 without) is cut over UDP, with TC set.
 *
 * Words about the record of their line:
 *     !ttl=SECONDS        default 60
 *     !section=NAME       answer, authority or additional
 *     !in=OWNER/TYPE      goes into the answer to this question, instead
 *                         of its own
 * Words about the answer to questions for OWNER ("*": all names) and TYPE
 * ("*": all types); of those that contradict each other the last line counts:
 *     !nodata !nxdomain !servfail !refused !notimp !formerr !yxdomain
 *     !notauth
 *     !delay=MS           waits before the answer; comes on top of
 *                         dns_options.delay
 *     !drop, !drop=N      no answer; only for the first N such questions
 *     !truncate           UDP: TC and only the first record; TCP: everything
 *     !truncate-always    that over TCP as well
 *     !no-edns            FORMERR to a query with EDNS, answered without
 *     !tcp-close          a query over TCP closes the connection
 *     !tcp-cut            half of the answer, then the connection is closed
 *     !raw=HEX            these bytes, but for the ID, which is put right
 *     !signed, !unsigned  AD is set when the question has it and all names
 *                         that aliases lead to are signed too
 * and words that damage the finished answer:
 *     !garbage            random bytes, ID included
 *     !garbage-records    header and question, then random bytes
 *     !wrong-id  !wrong-question
 *     !short              the header alone
 *     !cut                the second half of its records is missing
 *     !bad-count          3 more answers promised than there are
 *     !big-count          65535 answers promised
 *     !pointer-loop       a compressed name that points to itself
 *     !no-response        QR is clear
 *     !opt-first          OPT comes before the records, and counts as one
 *     !edns-only          such damage, !raw, and codes, only with EDNS
 */
#ifndef DNS_H
#define DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct dns_options {
	bool ipv6;	/* on ::1 instead of 127.0.0.1 */
	bool no_tcp;	/* TCP connections are refused */
	unsigned delay; /* milliseconds before each answer */
	/*
	 * Answers to A and AAAA questions are held back until so many
	 * different ones have arrived.  A client that asks them all at once
	 * does not notice; one that waits for an answer in between gets none.
	 */
	unsigned hold;
};

enum dns_kind { DNS_QUERY = 1, DNS_ANSWER };
enum dns_transport { DNS_UDP = 1, DNS_TCP };
enum { DNS_NAME_TEXT = 1024, DNS_TYPE_TEXT = 16, DNS_NO_EDNS = -1 };

/* Sent answers are logged before they are handed to the kernel. */
struct dns_event {
	int64_t at; /* microseconds of the monotonic clock */
	enum dns_kind kind;
	enum dns_transport transport;
	int edns;	    /* payload size in the query, or DNS_NO_EDNS */
	bool ad, dnssec_ok; /* bits of the query */
	size_t length;	    /* bytes of the message */
	char name[DNS_NAME_TEXT]; /* lower case, no final dot but for "." */
	char type[DNS_TYPE_TEXT]; /* "MX"; "TYPE99" when it has no name here */
};

/* Members that are 0 or NULL match everything; names without case. */
struct dns_match {
	enum dns_kind kind;
	enum dns_transport transport;
	const char *name;
	const char *type;
};

struct dns;

/*
 * Starts a server; options may be NULL.  Returns NULL only when options ask
 * for IPv6 and there is none.  Any other failure, such as a mistake in the
 * zone, ends the process with a message.
 */
struct dns *dns_start(const char *zone, const struct dns_options *options);

/*
 * "127.0.0.1:PORT" or "[::1]:PORT", as DNSCACHEIP takes it; lives as long as
 * the server.
 */
const char *dns_address(const struct dns *dns);

uint16_t dns_port(const struct dns *dns);

/*
 * Ends the server and frees everything, the log as well.  Ends the process
 * with a message if the server had died by itself.
 */
void dns_stop(struct dns *dns);

/* The log can be read while the server runs.  It only grows. */
size_t dns_log_count(const struct dns *dns);
const struct dns_event *dns_log_event(const struct dns *dns, size_t index);
void dns_log_print(const struct dns *dns, FILE *stream);

/* How many events match. */
size_t dns_count(const struct dns *dns, const struct dns_match *match);

/* How many queries, repetitions included; name and type may be NULL. */
size_t dns_queries(const struct dns *dns, const char *name, const char *type);

/*
 * True when each A and AAAA question had arrived, for the first time, before
 * the first answer to any of them left.  Meaningful with a delay or hold.
 */
bool dns_asked_at_once(const struct dns *dns);

#endif
