/* SPDX-License-Identifier: ISC */
/* What the relay passes on in one piece. */
#include "config.h"

#include "tls/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* One side: what it says, piece by piece, and what it was told. */
struct side {
	const char *const *pieces; /* ended by NULL: then it closes */
	char heard[256];	   /* a bar after each write */
};

static ssize_t side_read(
    const struct transport *transport, void *bytes, size_t size, short *wait)
{
	struct side *side = transport->context;
	size_t length;

	*wait = POLLIN;
	if (side->pieces == NULL) {
		errno = EAGAIN;
		return -1;
	}
	if (*side->pieces == NULL)
		return 0;
	length = strlen(*side->pieces);
	ck_assert_uint_le(length, size);
	memcpy(bytes, *side->pieces++, length);
	return (ssize_t)length;
}

static ssize_t side_write(const struct transport *transport, const void *bytes,
    size_t size, short *wait)
{
	struct side *side = transport->context;
	size_t length = strlen(side->heard);

	*wait = POLLOUT;
	snprintf(side->heard + length, sizeof side->heard - length, "%.*s|",
	    (int)size, (const char *)bytes);
	return (ssize_t)size;
}

/* Whoever has something to say can always be read. */
static struct transport transport_of(struct side *side)
{
	int ready = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return (struct transport){
	    .read_descriptor = side->pieces != NULL ? ready : -1,
	    .write_descriptor = -1,
	    .context = side,
	    .read = side_read,
	    .write = side_write};
}

/* Records that are there together arrive together. */
START_TEST(together)
{
	static const char *const records[] = {"354 go\n", "250 ", "ok\n", NULL};
	struct side server = {.pieces = records}, local = {0};
	struct transport from = transport_of(&server);
	struct transport to = transport_of(&local);

	relay_copy(&from, &to);
	ck_assert_str_eq(local.heard, "354 go\n250 ok\n|");
	ck_assert_str_eq(server.heard, "");
}
END_TEST

/* What is said last still goes to the server. */
START_TEST(last_words)
{
	static const char *const commands[] = {"QUIT\n", NULL};
	struct side server = {0}, local = {.pieces = commands};
	struct transport from = transport_of(&server);
	struct transport to = transport_of(&local);

	relay_copy(&from, &to);
	ck_assert_str_eq(server.heard, "QUIT\n|");
}
END_TEST

SUITE("relay-copy")
{
	tcase_add_test(tcase, together);
	tcase_add_test(tcase, last_words);
}
