/* SPDX-License-Identifier: ISC */
/*
 * The tests' SMTP server by itself, to try clients by hand: accepts
 * everything, and prints the dialogues when its standard input ends.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bytes.h"
#include "certs.h"
#include "peer.h"

enum { ADDRESSES = 8 };

static _Noreturn void usage(const char *name)
{
	fprintf(stderr,
	    "usage: %s [-a ADDRESS]... [-e EXTENSION]... "
	    "[-c CERT -k KEY | -t DIRECTORY]\n"
	    "ADDRESS: of the loopback (default 127.0.0.1)\n"
	    "EXTENSION: as in the reply to EHLO\n"
	    "CERT, KEY: PEM files, for STARTTLS\n"
	    "DIRECTORY: gets a certificate for 127.0.0.1, and its anchor, "
	    "ca.pem\n",
	    name);
	exit(2);
}

/* A server's certificate and key, and the anchor that they need. */
static void make_certificate(
    const char *directory, struct peer_tls_options *options)
{
	const char *const addresses[] = {"127.0.0.1", NULL};
	struct cert *ca = certs_make_ca("The CA of smtpd");
	struct cert *server = certs_make(&(struct cert_request){
	    .common_name = "smtpd", .addresses = addresses, .issuer = ca});
	char *certificate, *key;

	certs_save(ca, directory, "ca");
	certs_save(server, directory, "server");
	if (asprintf(&certificate, "%s/server.pem", directory) < 0 ||
	    asprintf(&key, "%s/server.key", directory) < 0)
		err(1, "%s", directory);
	options->certificate = certificate;
	options->key = key;
	certs_free(server);
	certs_free(ca);
}

static void report(struct transcript *transcript)
{
	for (size_t i = 0; i < transcript->count; i++) {
		if (i > 0)
			putchar('\n');
		transcript_print(&transcript->connections[i], stdout);
	}
	transcript_free(transcript);
}

static void serve(const struct peer_address *addresses, size_t count)
{
	struct peer *peer = peer_start(addresses, count);

	for (size_t i = 0; i < count; i++)
		printf("%s port %u\n", addresses[i].address, peer_port(peer));
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	report(peer_stop(peer));
}

int main(int argc, char **argv)
{
	struct peer_address addresses[ADDRESSES] = {{.address = "127.0.0.1"}};
	struct peer_script script = {0};
	struct peer_tls_options tls = {0};
	struct peer_tls *server_tls = NULL;
	struct bytes extensions = {0};
	size_t count = 0;
	int option;

	while ((option = getopt(argc, argv, "a:e:c:k:t:")) != -1) {
		if (option == 'a' && count < ADDRESSES) {
			addresses[count++].address = optarg;
		} else if (option == 'e') {
			bytes_add_text(&extensions, optarg);
			bytes_add_text(&extensions, "\n");
		} else if (option == 'c') {
			tls.certificate = optarg;
		} else if (option == 'k') {
			tls.key = optarg;
		} else if (option == 't') {
			make_certificate(optarg, &tls);
		} else {
			usage(argv[0]);
		}
	}
	if (optind < argc || (tls.certificate == NULL) != (tls.key == NULL))
		usage(argv[0]);
	if (tls.key != NULL) {
		server_tls = peer_tls_new(&tls);
		script.tls = server_tls;
		bytes_add_text(&extensions, "STARTTLS\n");
	}
	script.capabilities = extensions.data;
	for (size_t i = 0; i < ADDRESSES; i++)
		addresses[i].script = &script;
	serve(addresses, count > 0 ? count : 1);
	if (server_tls != NULL)
		peer_tls_free(server_tls);
	bytes_free(&extensions);
	return 0;
}
