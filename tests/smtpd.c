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
#include "peer.h"

enum { ADDRESSES = 8 };

static _Noreturn void usage(const char *name)
{
	fprintf(stderr,
	    "usage: %s [-a ADDRESS]... [-e EXTENSION]... [-c CERT -k KEY]\n"
	    "ADDRESS: of the loopback (default 127.0.0.1)\n"
	    "EXTENSION: as in the reply to EHLO\n"
	    "CERT, KEY: PEM files, for STARTTLS\n",
	    name);
	exit(2);
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

	while ((option = getopt(argc, argv, "a:e:c:k:")) != -1) {
		if (option == 'a' && count < ADDRESSES) {
			addresses[count++].address = optarg;
		} else if (option == 'e') {
			bytes_add_text(&extensions, optarg);
			bytes_add_text(&extensions, "\n");
		} else if (option == 'c') {
			tls.certificate = optarg;
		} else if (option == 'k') {
			tls.key = optarg;
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
