/* SPDX-License-Identifier: ISC */
/* Settings of GnuTLS that cannot be used are our own fault, not the server's.
 */
#include "config.h"

#include "tls/relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static struct home home;

static void enter(void)
{
	unit_enter_home(&home);
}

static const char *const settings[] = {
    "[overrides]\ndefault-priority-string = NONSENSE\n",
    "[overrides]\ndefault-priority-string = NORMAL:-VERS-ALL\n",
    "[overrides]\ndefault-priority-string = NONE\n",
    "[overrides]\ndisabled-version = tls1.3\ndisabled-version = tls1.2\n"
    "disabled-version = tls1.1\ndisabled-version = tls1.0\n"
    "disabled-version = dtls1.2\ndisabled-version = dtls1.0\n",
};

/* Starts a relay whose GnuTLS has these settings; nobody is at the other end.
 */
static void start(struct relay *relay, const char *text, int connection[2])
{
	static const struct tls_task task = {
	    .server = "mx.a.test", .run_directory = "run/qmail-remote"};
	struct failure failure;

	home_write(&home, "gnutls", text, strlen(text));
	ck_assert_int_eq(setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "gnutls", 1), 0);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		connection),
	    0);
	ck_assert(relay_start(relay, &task, connection[0], &failure));
}

/* Whether the fault lies with us, and nothing was said to the server. */
static bool is_refused(const char *text)
{
	struct relay relay;
	struct handshake handshake = {.misconfigured = true};
	struct failure failure = {.class = FAILURE_PERMANENT};
	int connection[2];
	char byte;

	start(&relay, text, connection);
	if (relay_await(&relay, &failure)) {
		relay_shake_hands(&relay, deadline_in(1), false, &handshake);
		ck_assert(!handshake.done);
	} else {
		ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
		ck_assert_ptr_nonnull(
		    strstr(failure.text, "GnuTLS could not be set up"));
	}
	relay_abandon(&relay);
	ck_assert_int_eq(recv(connection[1], &byte, 1, MSG_DONTWAIT) == 1,
	    !handshake.misconfigured);
	close(connection[0]);
	close(connection[1]);
	return handshake.misconfigured;
}

START_TEST(unusable)
{
	ck_assert(is_refused(settings[_i]));
}
END_TEST

/* A server that keeps silent is not our fault. */
START_TEST(usable)
{
	ck_assert(!is_refused("[overrides]\n"));
}
END_TEST

SUITE("relay")
{
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_loop_test(tcase, unusable, 0, COUNT(settings));
	tcase_add_test(tcase, usable);
}
