/* SPDX-License-Identifier: ISC */
/* Tasks and handshakes on their way from one process to the other. */
#include "config.h"

#include "tls/handshake.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static unsigned char octets[] = {0, 1, 2, 0xff};

static struct tls_task make_task(void)
{
	static const struct tls_name names[] = {
	    {"mx.a.test", TLS_FOR_POLICY}, {".b.test", TLS_FOR_TLSA}};
	static const unsigned char pins[2][TLS_PIN_SIZE] = {{1}, {2, 3}};
	static const struct tlsa_record records[] = {
	    {3, 1, 1, octets, sizeof octets}, {2, 0, 0, octets, 0}};

	return (struct tls_task){.server = "192.0.2.1",
	    .names = names,
	    .name_count = 2,
	    .anchors = "/etc/ssl/",
	    .records = records,
	    .record_count = 2,
	    .pins = pins,
	    .pin_count = 2,
	    .run_directory = "run",
	    .lenient = true,
	    .certificates = true};
}

static void expect_task(const struct tls_task *task)
{
	ck_assert_str_eq(task->server, "192.0.2.1");
	ck_assert_ptr_null(task->sni);
	ck_assert_uint_eq(task->name_count, 2);
	ck_assert_str_eq(task->names[1].pattern, ".b.test");
	ck_assert_uint_eq(task->names[1].uses, TLS_FOR_TLSA);
	ck_assert_str_eq(task->anchors, "/etc/ssl/");
	ck_assert_uint_eq(task->record_count, 2);
	ck_assert_uint_eq(task->records[0].usage, 3);
	ck_assert_uint_eq(task->records[0].size, sizeof octets);
	ck_assert_mem_eq(task->records[0].data, octets, sizeof octets);
	ck_assert_uint_eq(task->pin_count, 2);
	ck_assert_uint_eq(task->pins[1][1], 3);
	ck_assert_ptr_null(task->clientcert);
	ck_assert(task->lenient && !task->binding && task->certificates);
}

/* What goes in comes out; a part of it is none, nor is anything behind it. */
START_TEST(tasks)
{
	struct tls_task in = make_task(), out;
	struct parcel whole = {0};

	tls_task_put(&whole, &in);
	ck_assert(tls_task_take(&whole, &out));
	expect_task(&out);
	for (size_t size = 0; size < whole.size; size++) {
		struct parcel part = {
		    .bytes = malloc(size + 1), .size = size, .room = size};

		memcpy(part.bytes, whole.bytes, size);
		ck_assert(!tls_task_take(&part, &out));
		parcel_free(&part);
	}
	whole.next = 0;
	parcel_put_number(&whole, 0);
	ck_assert(!tls_task_take(&whole, &out));
	parcel_free(&whole);
}
END_TEST

static struct handshake make_handshake(void)
{
	static const char *names[] = {"mx.a.test", "192.0.2.1"};
	static struct tls_certificate certificates[] = {{.subject = "CN=a",
							    .issuer = "CN=b",
							    .name_count = 2,
							    .names = names,
							    .from = 1,
							    .until = 2,
							    .sha256 = {7}},
	    {.subject = "CN=b", .issuer = "CN=b"}};
	struct handshake handshake = {.done = true,
	    .chain_trusted = true,
	    .named = TLS_FOR_POLICY | TLS_FOR_TLSA,
	    .named_by_san = TLS_FOR_POLICY,
	    .tlsa = TLSA_MATCH_TA,
	    .pinned = true,
	    .protocol = "TLS1.3",
	    .cipher = "AES-256-GCM",
	    .owner = "mx.a.test",
	    .bound = true,
	    .binding = {9},
	    .certificate_count = 2,
	    .certificates = certificates};

	reason_set(&handshake.tlsa_reason, "because of %d", 1);
	return handshake;
}

START_TEST(handshakes)
{
	struct handshake in = make_handshake(), out;
	struct parcel whole = {0};

	handshake_put(&whole, &in);
	ck_assert(handshake_take(&whole, &out));
	ck_assert(out.done && !out.misconfigured && out.chain_trusted);
	ck_assert_uint_eq(out.named, in.named);
	ck_assert_uint_eq(out.named_by_san, in.named_by_san);
	ck_assert_int_eq(out.tlsa, TLSA_MATCH_TA);
	ck_assert(out.pinned && out.bound);
	ck_assert_str_eq(out.reason.english, "");
	ck_assert_str_eq(out.tlsa_reason.english, "because of 1");
	ck_assert_str_eq(out.cipher, "AES-256-GCM");
	ck_assert_str_eq(out.owner, "mx.a.test");
	ck_assert_mem_eq(out.binding, in.binding, sizeof in.binding);
	ck_assert_uint_eq(out.certificate_count, 2);
	ck_assert_str_eq(out.certificates[0].names[1], "192.0.2.1");
	ck_assert_int_eq(out.certificates[0].until, 2);
	ck_assert_uint_eq(out.certificates[0].sha256[0], 7);
	ck_assert_str_eq(out.certificates[1].subject, "CN=b");
	for (size_t size = 0; size < whole.size; size++) {
		struct parcel part = {
		    .bytes = malloc(size + 1), .size = size, .room = size};

		memcpy(part.bytes, whole.bytes, size);
		ck_assert(!handshake_take(&part, &out));
		ck_assert(!out.done && !out.chain_trusted);
		parcel_free(&part);
	}
	parcel_free(&whole);
}
END_TEST

/* Whatever a relay says that has come to harm, nothing is read beyond. */
START_TEST(damaged)
{
	struct handshake in = make_handshake(), out;
	struct parcel whole = {0};

	handshake_put(&whole, &in);
	for (size_t at = 0; at < whole.size; at++) {
		whole.bytes[at] = (char)~whole.bytes[at];
		whole.next = 0;
		whole.torn = false;
		handshake_take(&whole, &out);
		whole.bytes[at] = (char)~whole.bytes[at];
	}
	parcel_free(&whole);
}
END_TEST

START_TEST(names)
{
	struct handshake handshake = make_handshake();
	struct reason reason;

	handshake_explain_names(&handshake, "mx.b.test", &reason);
	ck_assert_str_eq(reason.english,
	    "certificate is not for mx.b.test but for mx.a.test");
	handshake.owner[0] = '\0';
	handshake_explain_names(&handshake, "mx.b.test", &reason);
	ck_assert_str_eq(reason.english, "certificate is not for mx.b.test");
}
END_TEST

SUITE("handshake")
{
	tcase_add_test(tcase, tasks);
	tcase_add_test(tcase, handshakes);
	tcase_add_test(tcase, damaged);
	tcase_add_test(tcase, names);
}
