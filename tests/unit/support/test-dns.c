/* SPDX-License-Identifier: ISC */
/*
 * The scripted DNS server, seen through plain sockets and through c-ares.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ares.h>
#include <check.h>

#include "dns-client.h"
#include "dns-type.h"
#include "dns.h"
#include "suite.h"

enum { TYPE_MX = 15 };

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

/* An MX answer, byte for byte. */
START_TEST(bytes)
{
	static const uint8_t expected[] =
	    "\x12\x34\x81\x80\0\1\0\2\0\0\0\1"
	    "\7example\4test\0\0\x0f\0\1"
	    "\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0\7\0\x0a\2mx\xc0\x0c"
	    "\xc0\x0c\0\x0f\0\1\0\0\0\0\0\3\xff\xff\0"
	    "\0\0\x29\x10\0\0\0\0\0\0\0";
	struct dns *dns = dns_start("EXAMPLE.test\tMX 10 mx.example.test.\n"
				    "# comment\n\n"
				    "example.test MX 65535 . !ttl=0\n",
	    NULL);
	struct dns_client_answer answer;

	dns_client_ask(
	    &answer, dns_port(dns), SOCK_DGRAM, "example.test", TYPE_MX, 1232);
	ck_assert_uint_eq(answer.length, sizeof expected - 1);
	ck_assert_mem_eq(answer.bytes, expected, answer.length);
	dns_stop(dns);
}
END_TEST

/*
 * Questions for "x.test A" with one record: header 12, question 12, record
 * 16 bytes.
 */
static const struct form {
	const char *zone;
	int socket_type;
	size_t length;
	size_t at; /* where these bytes are */
	size_t size;
	const char *bytes;
} forms[] = {
    {"x.test A 127.0.0.1", SOCK_DGRAM, 40, 2, 2, "\x81\x80"},
    {"x.test A 127.0.0.1", SOCK_STREAM, 40, 36, 4, "\x7f\0\0\1"},
    {"x.test * !nodata", SOCK_DGRAM, 24, 2, 2, "\x81\x80"},
    {"x.test A !formerr", SOCK_DGRAM, 24, 2, 2, "\x81\x81"},
    {"* A !servfail", SOCK_DGRAM, 24, 2, 2, "\x81\x82"},
    {"* * !nxdomain", SOCK_DGRAM, 24, 2, 2, "\x81\x83"},
    {"x.test A !notimp", SOCK_DGRAM, 24, 2, 2, "\x81\x84"},
    {"x.test A !servfail !refused", SOCK_DGRAM, 24, 2, 2, "\x81\x85"},
    {"a.x.test A 127.0.0.1", SOCK_DGRAM, 57, 2, 2, "\x81\x80"},
    {"y.test A 127.0.0.1", SOCK_DGRAM, 57, 2, 2, "\x81\x83"},
    {"x.test A 127.0.0.1 !truncate", SOCK_DGRAM, 40, 2, 2, "\x83\x80"},
    {"x.test A 127.0.0.1 !truncate", SOCK_STREAM, 40, 2, 2, "\x81\x80"},
    {"x.test A 127.0.0.1 !truncate-always", SOCK_STREAM, 40, 2, 2, "\x83\x80"},
    {"x.test A 127.0.0.1 !tcp-close", SOCK_DGRAM, 40, 2, 2, "\x81\x80"},
    {"x.test A 127.0.0.1 !tcp-close", SOCK_STREAM, 0, 0, 0, ""},
    {"x.test A 127.0.0.1 !tcp-cut", SOCK_STREAM, 20, 0, 2, "\x12\x34"},
    {"x.test A !raw=000001020304", SOCK_DGRAM, 6, 0, 6, "\x12\x34\1\2\3\4"},
    {"x.test A hex:7f", SOCK_DGRAM, 37, 34, 3, "\0\1\x7f"},
    {"x.test A hex:", SOCK_DGRAM, 36, 34, 2, "\0\0"},
    {"x.test A 1.2.3.4 !section=authority", SOCK_DGRAM, 40, 6, 6,
	"\0\0\0\1\0\0"},
    {"x.test TYPE65280 hex:ab !in=x.test/A !section=additional", SOCK_DGRAM, 37,
	6, 6, "\0\0\0\0\0\1"},
    {"x.test A 127.0.0.1 !garbage", SOCK_DGRAM, 100, 0, 0, ""},
    {"x.test A 127.0.0.1 !garbage-records", SOCK_DGRAM, 124, 4, 4, "\0\1\0\1"},
    {"x.test A 127.0.0.1 !wrong-id", SOCK_DGRAM, 40, 0, 2, "\x52\x34"},
    {"x.test A 127.0.0.1 !wrong-question", SOCK_DGRAM, 40, 20, 2, "\0\x41"},
    {"x.test A 127.0.0.1 !short", SOCK_DGRAM, 12, 0, 2, "\x12\x34"},
    {"x.test A 127.0.0.1 !cut", SOCK_DGRAM, 32, 6, 2, "\0\1"},
    {"x.test A 127.0.0.1 !bad-count", SOCK_DGRAM, 40, 6, 2, "\0\4"},
    {"x.test A 127.0.0.1 !big-count", SOCK_DGRAM, 40, 6, 2, "\xff\xff"},
    {"x.test A 127.0.0.1 !pointer-loop", SOCK_DGRAM, 40, 24, 2, "\xc0\x18"},
    {"x.test A !servfail !pointer-loop", SOCK_DGRAM, 26, 24, 2, "\xc0\x18"},
    {"x.test A 127.0.0.1 !no-response", SOCK_DGRAM, 40, 2, 2, "\x01\x80"},
    {"x.test A 127.0.0.1 !no-response !edns-only", SOCK_DGRAM, 40, 2, 2,
	"\x81\x80"},
    {"x.test A 127.0.0.1 !servfail !edns-only", SOCK_DGRAM, 40, 2, 2,
	"\x81\x80"},
    {"x.test A 127.0.0.1 !signed", SOCK_DGRAM, 40, 2, 2, "\x81\x80"},
    {"x.test TLSA 3 1 1 abcd !in=x.test/A", SOCK_DGRAM, 41, 34, 7,
	"\0\5\3\1\1\xab\xcd"},
    {"x.test TXT text:a\\032b text:\\\\c !in=x.test/A", SOCK_DGRAM, 43, 34, 9,
	"\0\7\3a b\2\\c"},
    {"x.test TXT hex:0161 !in=x.test/A", SOCK_DGRAM, 38, 34, 4, "\0\2\1a"},
};

START_TEST(answer_form)
{
	const struct form *form = &forms[_i];
	struct dns *dns = dns_start(form->zone, NULL);
	struct dns_client_answer answer;

	dns_client_ask(
	    &answer, dns_port(dns), form->socket_type, "x.test", DNS_A, 0);
	ck_assert_msg(answer.length == form->length, "%s: %zu bytes",
	    form->zone, answer.length);
	ck_assert_msg(
	    memcmp(answer.bytes + form->at, form->bytes, form->size) == 0,
	    "%s: other bytes", form->zone);
	dns_stop(dns);
}
END_TEST

/* OPT in front of the answer, which the additional section then has. */
START_TEST(opt_first)
{
	static const uint8_t expected[] = "\0\0\x29\x10\0\0\0\0\0\0\0\xc0\x0c";
	struct dns *dns = dns_start("x.test A 127.0.0.1 !opt-first", NULL);
	struct dns_client_answer answer;

	dns_client_ask(
	    &answer, dns_port(dns), SOCK_DGRAM, "x.test", DNS_A, 1232);
	ck_assert_uint_eq(answer.length, 51);
	ck_assert_mem_eq(answer.bytes + 4, "\0\1\0\1\0\0\0\1", 8);
	ck_assert_mem_eq(answer.bytes + 24, expected, sizeof expected - 1);
	dns_stop(dns);
}
END_TEST

/* Questions for "x.test" through c-ares. */
static const struct outcome {
	const char *zone;
	int type;
	int status;
	int records;
	size_t queries;
} outcomes[] = {
    {"x.test MX 10 a.test\nx.test MX 0 b.test", TYPE_MX, ARES_SUCCESS, 2, 1},
    {"x.test AAAA ::1", DNS_AAAA, ARES_SUCCESS, 1, 1},
    {"x.test AAAA ::1", DNS_A, ARES_ENODATA, 0, 1},
    {"y.test AAAA ::1", DNS_A, ARES_ENOTFOUND, 0, 1},
    {"x.test A 1.2.3.4 !refused", DNS_A, ARES_EREFUSED, 0, 1},
    {"x.test A 1.2.3.4 !servfail", DNS_A, ARES_ESERVFAIL, 0, 1},
    {"x.test A 1.2.3.4 !notimp", DNS_A, ARES_ENOTIMP, 0, 1},
    {"x.test CNAME Y.test\ny.TEST CNAME z.test\nz.test A 1.2.3.4", DNS_A,
	ARES_SUCCESS, 3, 1},
    {"x.test CNAME y.test", DNS_A, ARES_ENOTFOUND, 1, 1},
    {"x.test CNAME y.test\ny.test CNAME x.test", DNS_A, ARES_SUCCESS, 17, 1},
    {"x.test A 1.2.3.4\nx.test A 1.2.3.5\nx.test A !truncate", DNS_A,
	ARES_SUCCESS, 2, 2},
    {"x.test A 1.2.3.4 !no-edns", DNS_A, ARES_SUCCESS, 1, 2},
    {"x.test A 1.2.3.4 !drop", DNS_A, ARES_ETIMEOUT, 0, 3},
    {"x.test A 1.2.3.4 !wrong-id", DNS_A, ARES_ETIMEOUT, 0, 3},
    {"x.test A 1.2.3.4 !wrong-question", DNS_A, ARES_ETIMEOUT, 0, 3},
};

START_TEST(resolution)
{
	const struct outcome *outcome = &outcomes[_i];
	struct dns *dns = dns_start(outcome->zone, NULL);
	struct dns_client_result result = dns_client_resolve(dns_address(dns),
	    "x.test", outcome->type, outcome->status == ARES_ETIMEOUT);

	ck_assert_msg(result.status == outcome->status &&
			  result.records == outcome->records,
	    "%s: %s, %d records", outcome->zone, ares_strerror(result.status),
	    result.records);
	ck_assert_msg(dns_queries(dns, "X.test", NULL) == outcome->queries,
	    "%s: %zu queries", outcome->zone, dns_queries(dns, NULL, NULL));
	dns_stop(dns);
}
END_TEST

/* Of three questions the last is answered. */
START_TEST(drop)
{
	struct dns *dns = dns_start("x.test A 1.2.3.4 !drop=2", NULL);
	int descriptor = dns_client_open(dns_port(dns), SOCK_DGRAM);
	struct dns_client_answer answer;
	const struct dns_event *event;

	for (int i = 0; i < 3; i++)
		dns_client_send(descriptor, SOCK_DGRAM, "x.test", DNS_A, 0);
	dns_client_receive(&answer, descriptor, SOCK_DGRAM);
	ck_assert_uint_eq(answer.length, 40);
	ck_assert_uint_eq(dns_log_count(dns), 4);
	event = dns_log_event(dns, 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(event[i].kind, DNS_QUERY);
	ck_assert_int_eq(event[3].kind, DNS_ANSWER);
	close(descriptor);
	dns_stop(dns);
}
END_TEST

/* A hundred exchangers: more than UDP can take, with EDNS or without. */
START_TEST(large)
{
	char *zone = NULL;
	size_t size;
	FILE *stream = open_memstream(&zone, &size);
	struct dns_client_answer answer;
	struct dns_client_result result;
	struct dns *dns;

	for (int i = 0; i < 100; i++)
		fprintf(stream, "x.test MX %d mx-%040d.test%d\n", i, i, i);
	fclose(stream);
	dns = dns_start(zone, NULL);
	dns_client_ask(
	    &answer, dns_port(dns), SOCK_DGRAM, "x.test", TYPE_MX, 0);
	ck_assert_uint_eq(answer.bytes[2], 0x83);
	ck_assert_uint_le(answer.length, 512);
	ck_assert_uint_ge(answer.length, 400);
	dns_client_ask(
	    &answer, dns_port(dns), SOCK_DGRAM, "x.test", TYPE_MX, 4096);
	ck_assert_uint_eq(answer.bytes[2], 0x83);
	ck_assert_uint_le(answer.length, 4096);
	ck_assert_uint_ge(answer.length, 4000);
	result = dns_client_resolve(dns_address(dns), "x.test", TYPE_MX, false);
	ck_assert_int_eq(result.status, ARES_SUCCESS);
	ck_assert_int_eq(result.records, 100);
	ck_assert_uint_gt(result.length, 4096);
	ck_assert_uint_eq(dns_count(dns, &(struct dns_match){.kind = DNS_QUERY,
					     .transport = DNS_TCP}),
	    1);
	dns_stop(dns);
	free(zone);
}
END_TEST

/* What the log says of an answer that waits. */
START_TEST(log_of_delay)
{
	const struct dns_options options = {.delay = 20};
	struct dns *dns =
	    dns_start("\\065b\\.\\255.test A 127.0.0.1 !delay=30", &options);
	const struct dns_event *event;
	struct dns_client_answer answer;

	dns_client_ask(&answer, dns_port(dns), SOCK_DGRAM, "ab\\046\\255.TEST",
	    DNS_A, 700);
	ck_assert_uint_eq(dns_log_count(dns), 2);
	event = dns_log_event(dns, 0);
	ck_assert_str_eq(event->name, "ab\\.\\255.test");
	ck_assert_str_eq(event->type, "A");
	ck_assert_int_eq(event->edns, 700);
	ck_assert_int_eq(event->kind, DNS_QUERY);
	ck_assert_int_eq(event[1].kind, DNS_ANSWER);
	ck_assert_uint_eq(event[1].length, answer.length);
	ck_assert_int_ge(event[1].at - event[0].at, 50000);
	dns_stop(dns);
}
END_TEST

START_TEST(hold)
{
	const struct dns_options options = {.hold = 2};
	struct dns *dns = dns_start("* * !nodata", &options);
	int descriptor = dns_client_open(dns_port(dns), SOCK_DGRAM);
	struct dns_client_answer answer;

	dns_client_send(descriptor, SOCK_DGRAM, "x.test", DNS_A, 0);
	dns_client_send(descriptor, SOCK_DGRAM, "x.test", DNS_A, 0);
	dns_client_ask(
	    &answer, dns_port(dns), SOCK_DGRAM, "x.test", TYPE_MX, 0);
	ck_assert_uint_eq(dns_log_count(dns), 4);
	dns_client_send(descriptor, SOCK_DGRAM, "x.test", DNS_AAAA, 0);
	for (int i = 0; i < 3; i++)
		dns_client_receive(&answer, descriptor, SOCK_DGRAM);
	ck_assert(dns_asked_at_once(dns));
	dns_client_ask(&answer, dns_port(dns), SOCK_DGRAM, "x.test", DNS_A, 0);
	ck_assert(dns_asked_at_once(dns));
	dns_client_ask(&answer, dns_port(dns), SOCK_DGRAM, "y.test", DNS_A, 0);
	ck_assert(!dns_asked_at_once(dns));
	close(descriptor);
	dns_stop(dns);
}
END_TEST

START_TEST(ipv6)
{
	const struct dns_options options = {.ipv6 = true};
	struct dns *dns = dns_start("x.test A 127.0.0.1", &options);

	if (dns == NULL)
		return;
	ck_assert_int_eq(
	    dns_client_resolve(dns_address(dns), "x.test", DNS_A, false).status,
	    ARES_SUCCESS);
	dns_stop(dns);
}
END_TEST

START_TEST(no_tcp)
{
	const struct dns_options options = {.no_tcp = true};
	struct dns *dns = dns_start("x.test A 127.0.0.1 !truncate", &options);

	ck_assert_int_eq(
	    dns_client_resolve(dns_address(dns), "x.test", DNS_A, false).status,
	    ARES_ECONNREFUSED);
	dns_stop(dns);
}
END_TEST

static const char *const mistakes[] = {
    "x.test",
    "x.test A",
    "x..test A 127.0.0.1",
    "x.test A 127.0.0.1.1",
    "x.test A 127.0.0.1 127.0.0.2",
    "x.test B 127.0.0.1",
    "x.test MX 65536 y.test",
    "x.test MX 10",
    "x.test TXT text",
    "x.test TXT text:a b",
    "x.test TLSA 3 1 1",
    "x.test TLSA 3 1 1 hex:ab",
    "x.test TLSA 256 1 1 ab",
    "x.test A !signed=1",
    "x.test A hex:123",
    "* A 127.0.0.1",
    "x.test * 127.0.0.1",
    "x.test A !ttl=60",
    "x.test A !delay",
    "x.test A !servfail=2",
    "x.test A !unheard-of",
    "x.test A 127.0.0.1 !section=question",
    "x.test A 127.0.0.1 !in=x.test",
};

START_TEST(mistake)
{
	dns_start(mistakes[_i], NULL);
}
END_TEST

/* Connections end when the process that started the server is killed. */
START_TEST(orphan)
{
	uint16_t port = 0;
	char byte;
	int ends[2];
	int descriptor;
	pid_t child;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		port = dns_port(dns_start("x.test A 127.0.0.1", NULL));
		if (write(ends[1], &port, sizeof port) == sizeof port)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ends[0], &port, sizeof port), sizeof port);
	descriptor = dns_client_open(port, SOCK_STREAM);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert(recv(descriptor, &byte, 1, 0) == 0 || errno == ECONNRESET);
	close(descriptor);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

LOOPBACK_SUITE("dns")
{
	tcase_add_test(tcase, bytes);
	tcase_add_loop_test(tcase, answer_form, 0, COUNT(forms));
	tcase_add_test(tcase, opt_first);
	tcase_add_loop_test(tcase, resolution, 0, COUNT(outcomes));
	tcase_add_test(tcase, drop);
	tcase_add_test(tcase, large);
	tcase_add_test(tcase, log_of_delay);
	tcase_add_test(tcase, hold);
	tcase_add_test(tcase, ipv6);
	tcase_add_test(tcase, no_tcp);
	tcase_add_loop_exit_test(tcase, mistake, 99, 0, COUNT(mistakes));
	tcase_add_test(tcase, orphan);
}
