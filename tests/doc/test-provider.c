/* SPDX-License-Identifier: ISC */
/*
 * "Sending through a provider" of qmail-remote(8): the control files that stand
 * there are written, and mail goes through such a provider.  Only its ports are
 * others.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "bytes.h"
#include "certs.h"
#include "deliver.h"
#include "dns.h"
#include "home.h"
#include "outcome.h"
#include "page.h"
#include "peer.h"
#include "suite.h"

#define PROVIDER "smtp.example.com"
#define ZONE                                                                   \
	PROVIDER " A 127.0.0.2\n"                                              \
		 "elsewhere.test MX 0 mx.elsewhere.test\n"                     \
		 "mx.elsewhere.test A 127.0.0.3\n"
enum { LINE_SIZE = 512 };

/* A provider that knows one account, and the world beside it. */
struct scene {
	struct home home;
	struct dns *dns;
	struct peer *peer;
	struct peer_tls *tls;
	struct peer_script script;
	unsigned files; /* read from the page */
};

/* The provider's port is another one, and the platform has one CA. */
static void add_line(
    const struct scene *scene, struct bytes *text, const char *line)
{
	const char *port = strstr(line, PROVIDER ":");
	char number[16];

	if (port == NULL) {
		bytes_add_text(text, line);
		return;
	}
	port += strlen(PROVIDER ":");
	snprintf(number, sizeof number, "%u", peer_port(scene->peer));
	bytes_add(text, line, (size_t)(port - line));
	bytes_add_text(text, number);
	bytes_add_text(text, port + strspn(port, "0123456789"));
}

/* Writes the file in the display that follows. */
static void write_file(struct scene *scene, FILE *page, const char *name)
{
	char line[LINE_SIZE];
	struct bytes text = {0};

	ck_assert(fgets(line, sizeof line, page) != NULL);
	ck_assert(strncmp(line, ".Bd", 3) == 0);
	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".Ed\n") != 0)
		add_line(scene, &text, line);
	home_control(&scene->home, name, text.data);
	bytes_free(&text);
	scene->files++;
}

static void write_files(struct scene *scene, const char *which)
{
	FILE *page = page_open("qmail-remote.8");
	char line[LINE_SIZE], example[LINE_SIZE], name[LINE_SIZE];

	while (fgets(line, sizeof line, page) != NULL)
		if (sscanf(line, ".\\\" provider %100s %100s", example, name) ==
			2 &&
		    strcmp(example, which) == 0)
			write_file(scene, page, name);
	fclose(page);
}

static struct peer_tls *make_tls(const struct home *home)
{
	struct cert *ca = certs_make_ca("Authority");
	struct cert *server = certs_make_server(ca, PROVIDER);
	const struct cert *anchors[] = {ca, NULL};
	char bundle[HOME_PATH], certificate[HOME_PATH], key[HOME_PATH];
	struct peer_tls *tls;

	certs_write(home_path(home, "bundle.pem", bundle), anchors);
	certs_save(server, home->path, "server");
	tls = peer_tls_new(&(struct peer_tls_options){
	    .certificate = home_path(home, "server.pem", certificate),
	    .key = home_path(home, "server.key", key)});
	certs_free(server);
	certs_free(ca);
	return tls;
}

static void serve(struct scene *scene, const char *user, const char *secret)
{
	static const struct peer_script anybody;

	scene->script.account = (struct peer_account){
	    .user = user, .secret = secret, .required = true};
	scene->peer = peer_start(
	    (const struct peer_address[]){
		{.address = "127.0.0.2", .script = &scene->script},
		{.address = "127.0.0.3", .script = &anybody}},
	    2);
}

/* implicit: the provider's port is one like 465. */
static void start(
    struct scene *scene, bool implicit, const char *user, const char *secret)
{
	*scene = (struct scene){
	    .script = {.capabilities = implicit ? PEER_MECHANISMS : "STARTTLS",
		.capabilities_tls = PEER_MECHANISMS,
		.implicit_tls = implicit}};
	home_make(&scene->home);
	scene->tls = make_tls(&scene->home);
	scene->script.tls = scene->tls;
	scene->dns = dns_start(ZONE, NULL);
	home_control(&scene->home, "me", "mail.example.net\n");
	if (implicit)
		home_control(
		    &scene->home, "tlspolicy", PROVIDER ":verify implicit\n");
	serve(scene, user, secret);
}

/* Delivers one message, which has to arrive; "" is the null sender. */
static void send(struct scene *scene, const char *sender, bool provider)
{
	static const char *const recipients[] = {"b@elsewhere.test", NULL};
	char trust[HOME_PATH + 32] = "QR_TEST_SYSTEM_TRUST=";
	char resolver[64];
	const char *const environment[] = {trust, resolver, NULL};
	struct outcome outcome;

	home_path(&scene->home, "bundle.pem", trust + strlen(trust));
	snprintf(resolver, sizeof resolver, "DNSCACHEIP=%s",
	    dns_address(scene->dns));
	deliver(&(struct delivery){.home = &scene->home,
		    .host = "elsewhere.test",
		    .sender = sender,
		    .recipients = recipients,
		    .message = "Subject: x\n\nx\n",
		    .port = peer_port(scene->peer),
		    .environment = environment},
	    &outcome);
	ck_assert_msg(
	    outcome_well_formed(&outcome) && outcome_verdict(&outcome) == 'K',
	    "%s", outcome.output.data);
	ck_assert(
	    bytes_contain(&outcome.output, "127.0.0.2 accepted") == provider);
	ck_assert(bytes_contain(&outcome.output, ", verified " PROVIDER "\n") ==
		  provider);
	outcome_free(&outcome);
}

static void stop_peer(struct scene *scene, bool authenticated)
{
	struct transcript *transcript = peer_stop(scene->peer);
	bool seen = false;

	for (size_t i = 0; i < transcript->count; i++)
		seen = seen || bytes_contain(&transcript->connections[i].sent,
				   "\r\n235 ");
	ck_assert_int_eq(seen, authenticated);
	transcript_free(transcript);
}

static void finish(struct scene *scene, unsigned files)
{
	ck_assert_uint_eq(scene->files, files);
	dns_stop(scene->dns);
	peer_tls_free(scene->tls);
	home_remove(&scene->home);
}

START_TEST(password)
{
	struct scene scene;

	start(
	    &scene, true, "office@example.com", "correct horse battery staple");
	write_files(&scene, "password");
	send(&scene, "a@example.net", true);
	send(&scene, "", true);
	stop_peer(&scene, true);
	finish(&scene, 3);
}
END_TEST

/* A command of that name, for the script alone. */
static void write_command(
    const struct scene *scene, const char *name, const char *text)
{
	char path[HOME_PATH];

	home_write(&scene->home, name, text, strlen(text));
	ck_assert_int_eq(chmod(home_path(&scene->home, name, path), 0700), 0);
}

/* The script of the page, in this home, and for this user. */
static void read_script(const struct scene *scene, struct bytes *script)
{
	FILE *page = page_open("qmail-remote.8");
	char line[LINE_SIZE];

	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".\\\" job token\n") != 0)
		continue;
	ck_assert(fgets(line, sizeof line, page) != NULL);
	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".Ed\n") != 0) {
		const char *mark = strstr(line, "@QMAILHOME@");

		bytes_add(script, line,
		    mark != NULL ? (size_t)(mark - line) : strlen(line));
		if (mark == NULL)
			continue;
		bytes_add_text(script, scene->home.path);
		bytes_add_text(script, mark + strlen("@QMAILHOME@"));
	}
	fclose(page);
}

/* Whoever may run the tests, chown is not for all of them. */
static void run_job(const struct scene *scene, const char *token)
{
	char path[HOME_PATH], command[3 * HOME_PATH];
	struct bytes script = {0};
	struct stat status;

	snprintf(command, sizeof command, "#!/bin/sh\necho %s\n", token);
	write_command(scene, "get-token", command);
	write_command(scene, "chown", "#!/bin/sh\ntest -f \"$2\"\n");
	read_script(scene, &script);
	write_command(scene, "job", script.data);
	bytes_free(&script);
	snprintf(command, sizeof command, "PATH=%s:$PATH %s/job",
	    scene->home.path, scene->home.path);
	ck_assert_int_eq(system(command), 0);
	home_path(&scene->home, "control/token", path);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 077, 0);
}

/* The job of cron comes in between. */
START_TEST(token)
{
	struct scene scene;

	start(&scene, false, "office@example.com", "ya29.first");
	run_job(&scene, "ya29.first");
	write_files(&scene, "token");
	send(&scene, "a@example.net", true);
	stop_peer(&scene, true);
	serve(&scene, "office@example.com", "ya29.second");
	write_files(&scene, "token"); /* the port has changed */
	run_job(&scene, "ya29.second");
	send(&scene, "a@example.net", true);
	stop_peer(&scene, true);
	finish(&scene, 4);
}
END_TEST

static const struct account {
	const char *sender, *user, *secret; /* user NULL: by MX */
} accounts[] = {
    {"alice@example.net", "alice@example.com", "wonderland"},
    {"bob@example.net", "bob@example.com", "the builder"},
    {"BOB@Example.NET", "bob@example.com", "the builder"},
    {"carol@example.net", NULL, NULL},
    {"", NULL, NULL},
};

START_TEST(two_accounts)
{
	const struct account *account = &accounts[_i];
	bool provider = account->user != NULL;
	struct scene scene;

	start(&scene, true, provider ? account->user : "nobody",
	    provider ? account->secret : "nothing");
	write_files(&scene, "accounts");
	send(&scene, account->sender, provider);
	stop_peer(&scene, provider);
	finish(&scene, 4);
}
END_TEST

LOOPBACK_SUITE("provider")
{
	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, password);
	tcase_add_test(tcase, token);
	tcase_add_loop_test(
	    tcase, two_accounts, 0, sizeof accounts / sizeof *accounts);
}
