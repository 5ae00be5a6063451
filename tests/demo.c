/* SPDX-License-Identifier: ISC */
/*
 * Delivers one message to the tests' SMTP server with the programs of this
 * build, and shows what happens.  With the argument "clear": without TLS.
 * Exits with 0 only if the message was accepted.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "deliver.h"
#include "home.h"
#include "peer.h"

#define SERVER "127.0.0.1"

static const char message[] = "From: Alice <alice@example.net>\n"
			      "To: Bob <bob@example.org>\n"
			      "Subject: a demonstration\n"
			      "\n"
			      "This line is plain.\n"
			      ".This one begins with a dot.\n";

static void heading(const char *text)
{
	printf("\n%s\n\n", text);
}

/* Makes a CA and the server's certificate, and has the former trusted. */
static struct peer_tls *prepare_tls(const struct home *home)
{
	static const char *const addresses[] = {SERVER, NULL};
	struct cert *ca = certs_make_ca("Demonstration CA");
	struct cert *server = certs_make(&(struct cert_request){
	    .common_name = SERVER, .addresses = addresses, .issuer = ca});
	const struct cert *anchors[] = {ca, NULL};
	struct peer_tls_options options = {0};
	char anchor[HOME_PATH], certificate[HOME_PATH], key[HOME_PATH];
	char control[HOME_PATH + 1];
	struct peer_tls *tls;

	certs_write(home_path(home, "ca.pem", anchor), anchors);
	certs_save(server, home->path, "server");
	options.certificate = home_path(home, "server.pem", certificate);
	options.key = home_path(home, "server.key", key);
	tls = peer_tls_new(&options);
	snprintf(control, sizeof control, "%s\n", anchor);
	home_control(home, "trustanchors", control);
	home_control(home, "tlsstrictness", "2\n");
	certs_free(server);
	certs_free(ca);
	return tls;
}

static void show_report(const struct outcome *outcome)
{
	heading("Report on standard output");
	for (size_t i = 0; i < outcome->count; i++) {
		const struct outcome_chunk *chunk = &outcome->chunks[i];
		const char *line = chunk->text;

		printf("  %c ", chunk->letter);
		for (; strchr(line, '\n') != NULL;
		     line = strchr(line, '\n') + 1)
			printf("%.*s\n    ", (int)strcspn(line, "\n"), line);
		printf("%s\\0\n", line);
	}
	printf("\n  exit status %d after %.1f ms, %.1f ms of CPU, %ld KiB\n",
	    outcome->status, (double)outcome->elapsed / 1000,
	    (double)outcome->cpu / 1000, outcome->memory);
}

static void show_transcript(const struct transcript *transcript)
{
	heading("Dialogue, in milliseconds since the connection");
	for (size_t i = 0; i < transcript->count; i++)
		transcript_print(&transcript->connections[i], stdout);
	for (size_t i = 0; i < transcript->count; i++) {
		const struct transcript_connection *connection =
		    &transcript->connections[i];

		heading("Message as received");
		for (size_t j = 0; j < connection->message_count; j++)
			fwrite(connection->messages[j].text.data, 1,
			    connection->messages[j].text.length, stdout);
	}
}

static void run(const struct home *home, unsigned port, struct outcome *outcome)
{
	static const char *const arguments[] = {"example.org",
	    "alice@example.net", "bob@example.org", "carol@example.org", NULL};
	struct delivery delivery = {
	    .home = home, .arguments = arguments, .message = message};
	char *program = deliver_program();

	heading("Command");
	printf("  %s", program);
	for (size_t i = 0; arguments[i] != NULL; i++)
		printf(" %s", arguments[i]);
	printf("\n\n  with smtproutes :[" SERVER "]:%u\n", port);
	home_control(home, "me", "mail.example.net\n");
	home_route_all(home, SERVER, port);
	deliver(&delivery, outcome);
	free(program);
}

int main(int argc, char **argv)
{
	bool clear = argc > 1 && strcmp(argv[1], "clear") == 0;
	struct peer_script script = {
	    .capabilities = "PIPELINING\nSIZE 10485760\n8BITMIME\nSTARTTLS"};
	struct peer_tls *tls = NULL;
	struct outcome outcome;
	struct home home;
	struct peer *peer;
	struct transcript *transcript;
	bool accepted;

	home_begin();
	home_make(&home);
	if (clear)
		script.capabilities = "PIPELINING\nSIZE 10485760\n8BITMIME";
	else
		tls = prepare_tls(&home);
	script.tls = tls;
	peer = peer_start_one(&script);
	run(&home, peer_port(peer), &outcome);
	transcript = peer_stop(peer);
	show_report(&outcome);
	show_transcript(transcript);
	accepted =
	    outcome_well_formed(&outcome) && outcome_verdict(&outcome) == 'K';
	transcript_free(transcript);
	outcome_free(&outcome);
	if (tls != NULL)
		peer_tls_free(tls);
	home_end();
	return accepted ? EXIT_SUCCESS : EXIT_FAILURE;
}
