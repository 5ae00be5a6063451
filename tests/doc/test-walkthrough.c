/* SPDX-License-Identifier: ISC */
/*
 * The walk-through of qmail-remote-control(5): its commands are carried out
 * one after the other, and what is reported is what it says.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "bytes.h"
#include "certs.h"
#include "deliver.h"
#include "home.h"
#include "outcome.h"
#include "page.h"
#include "peer.h"
#include "suite.h"

#define SERVER "127.0.0.1"
enum { LINE_SIZE = 512 };

/* The manual page, read line by line, and where its steps take effect. */
struct walk {
	FILE *page;
	struct home home;
	struct peer *peer;
	unsigned steps, reports;
};

/* Certificates for the server, whose CA is the platform's only one. */
static struct peer_tls *make_tls(const struct home *home)
{
	static const char *const addresses[] = {SERVER, NULL};
	struct cert *ca = certs_make_ca("Authority");
	struct cert *server = certs_make(&(struct cert_request){
	    .common_name = SERVER, .addresses = addresses, .issuer = ca});
	const struct cert *anchors[] = {ca, NULL};
	struct peer_tls_options options = {0};
	char bundle[HOME_PATH], certificate[HOME_PATH], key[HOME_PATH];
	struct peer_tls *tls;

	certs_write(home_path(home, "bundle.pem", bundle), anchors);
	certs_save(server, home->path, "server");
	options.certificate = home_path(home, "server.pem", certificate);
	options.key = home_path(home, "server.key", key);
	tls = peer_tls_new(&options);
	certs_free(server);
	certs_free(ca);
	return tls;
}

/* The first line of the display that follows. */
static void read_display(struct walk *walk, char line[LINE_SIZE])
{
	ck_assert(fgets(line, LINE_SIZE, walk->page) != NULL);
	ck_assert(strncmp(line, ".Bd", 3) == 0);
	ck_assert(fgets(line, LINE_SIZE, walk->page) != NULL);
	line[strcspn(line, "\n")] = '\0';
}

/* Does what "echo VALUE >HOME/control/NAME" does, but for the line end. */
static void take_step(struct walk *walk)
{
	char line[LINE_SIZE], value[LINE_SIZE], name[LINE_SIZE];

	read_display(walk, line);
	ck_assert_msg(sscanf(line, "echo %100s >@QMAILHOME@/control/%100s",
			  value, name) == 2,
	    "not a step: %s", line);
	home_control(&walk->home, name, value);
	walk->steps++;
}

static void check_report(struct walk *walk, const char *kind)
{
	static const char *const recipients[] = {"b@example.org", NULL};
	char line[LINE_SIZE];
	char trust[HOME_PATH + 32] = "QR_TEST_SYSTEM_TRUST=";
	const char *const environment[] = {trust, NULL};
	struct outcome outcome;
	bool clear = strcmp(kind, "clear") == 0;

	read_display(walk, line);
	ck_assert(strstr(line, clear ? "accepted" : "TLS1.3,_") != NULL);
	home_path(&walk->home, "bundle.pem", trust + strlen(trust));
	deliver(&(struct delivery){.home = &walk->home,
		    .host = "example.org",
		    .sender = "a@example.net",
		    .recipients = recipients,
		    .message = "Subject: x\n\nx\n",
		    .environment = environment},
	    &outcome);
	ck_assert(outcome_well_formed(&outcome));
	ck_assert(
	    outcome_says(&outcome, "accepted message.\nRemote host said: 250"));
	ck_assert_int_eq(outcome_verdict(&outcome), 'K');
	ck_assert(
	    outcome_says(&outcome, "accepted message.\nRemote host said: 250"));
	ck_assert(bytes_contain(&outcome.output, "TLS1.3, ") == !clear);
	ck_assert(bytes_contain(&outcome.output, ", verified " SERVER "\n") ==
		  !clear);
	outcome_free(&outcome);
	walk->reports++;
}

START_TEST(walk_through)
{
	struct walk walk = {.page = page_open("qmail-remote-control.5")};
	struct peer_script script = {.capabilities = "STARTTLS"};
	char line[LINE_SIZE], kind[LINE_SIZE];

	home_make(&walk.home);
	script.tls = make_tls(&walk.home);
	walk.peer = peer_start_one(&script);
	home_control(&walk.home, "me", "mail.example.net\n");
	home_route_all(&walk.home, SERVER, peer_port(walk.peer));
	while (fgets(line, sizeof line, walk.page) != NULL) {
		if (strcmp(line, ".\\\" step\n") == 0)
			take_step(&walk);
		else if (sscanf(line, ".\\\" report %100s", kind) == 1)
			check_report(&walk, kind);
	}
	fclose(walk.page);
	transcript_free(peer_stop(walk.peer));
	ck_assert_uint_eq(walk.steps, 3);
	ck_assert_uint_eq(walk.reports, 3);
}
END_TEST

LOOPBACK_SUITE("walkthrough")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, walk_through);
}
