/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

START_TEST(order)
{
	struct outbox *outbox = calloc(1, sizeof *outbox);
	char got[16] = "";
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(outbox_put(outbox, "abc", 3));
	ck_assert(outbox_put(outbox, "de", 2));
	ck_assert(outbox_flush(outbox, ends[1]));
	ck_assert(outbox_flush(outbox, ends[1]));
	ck_assert_int_eq(read(ends[0], got, sizeof got), 5);
	ck_assert_str_eq(got, "abcde");
	free(outbox);
}
END_TEST

/* What a pipe does not take stays, and room is what has not been put yet. */
START_TEST(full)
{
	static char bytes[OUTBOX_SIZE];
	struct outbox *outbox = calloc(1, sizeof *outbox);
	size_t put = 0, got = 0;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	ck_assert(!outbox_put(outbox, bytes, OUTBOX_SIZE + 1));
	do {
		ck_assert(outbox_put(outbox, bytes, OUTBOX_SIZE));
		put += OUTBOX_SIZE;
	} while (outbox_flush(outbox, ends[1]));
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert(!outbox_put(outbox, bytes, OUTBOX_SIZE));
	while (got < put) {
		ssize_t size = read(ends[0], bytes, sizeof bytes);

		ck_assert_int_gt(size, 0);
		got += (size_t)size;
		outbox_flush(outbox, ends[1]);
	}
	ck_assert_uint_eq(got, put);
	ck_assert(outbox_put(outbox, bytes, OUTBOX_SIZE));
	close(ends[0]);
	free(outbox);
}
END_TEST

SUITE("outbox")
{
	tcase_add_test(tcase, order);
	tcase_add_test(tcase, full);
}
