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
#include "tlsa-text.h"

enum { ADDRESSES = 8 };

static _Noreturn void usage(const char *name)
{
	fprintf(stderr,
	    "usage: %s [-a ADDRESS]... [-e EXTENSION]... "
	    "[-c CERT -k KEY | -t DIRECTORY] [-i]\n"
	    "       [-u USER -p SECRET]\n"
	    "ADDRESS: of the loopback (default 127.0.0.1)\n"
	    "EXTENSION: as in the reply to EHLO\n"
	    "CERT, KEY: PEM files, for STARTTLS\n"
	    "DIRECTORY: gets a certificate for 127.0.0.1, its anchor, ca.pem, "
	    "and the data\n"
	    "of its TLSA record, tlsa\n"
	    "-i: TLS from the first byte, in place of STARTTLS\n"
	    "USER, SECRET: must be named before MAIL, by any AUTH mechanism; "
	    "the secret is the password or the token\n",
	    name);
	exit(2);
}

/* As in a zone. */
static void save_record(const char *directory, const struct cert *cert)
{
	char *path, *text = tlsa_text(cert, 3, 1, 1);
	FILE *file;

	if (asprintf(&path, "%s/tlsa", directory) < 0 ||
	    (file = fopen(path, "w")) == NULL ||
	    fprintf(file, "%s\n", text) < 0 || fclose(file) != 0)
		err(1, "%s", directory);
	free(path);
	free(text);
}

/* A server's certificate and key, and what those need who want to verify it. */
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
	save_record(directory, server);
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

/* What the command line asks for. */
struct wanted {
	struct peer_address addresses[ADDRESSES];
	size_t count;
	struct peer_script script;
	struct peer_tls_options tls;
	struct bytes extensions;
};

static void extend(struct wanted *wanted, const char *extension)
{
	bytes_add_text(&wanted->extensions, extension);
	bytes_add_text(&wanted->extensions, "\n");
}

/* Returns false when there is no such option. */
static bool take_option(struct wanted *wanted, int option, char *argument)
{
	switch (option) {
	case 'a':
		if (wanted->count == ADDRESSES)
			return false;
		wanted->addresses[wanted->count++].address = argument;
		return true;
	case 'c': wanted->tls.certificate = argument; return true;
	case 'e': extend(wanted, argument); return true;
	case 'i': wanted->script.implicit_tls = true; return true;
	case 'k': wanted->tls.key = argument; return true;
	case 'p': wanted->script.account.secret = argument; return true;
	case 't': make_certificate(argument, &wanted->tls); return true;
	case 'u': wanted->script.account.user = argument; return true;
	default: return false;
	}
}

static bool is_sensible(const struct wanted *wanted)
{
	const struct peer_tls_options *tls = &wanted->tls;
	const struct peer_account *account = &wanted->script.account;

	return (tls->certificate == NULL) == (tls->key == NULL) &&
	       (account->user == NULL) == (account->secret == NULL) &&
	       (!wanted->script.implicit_tls || tls->key != NULL);
}

/* What goes without saying. */
static void complete(struct wanted *wanted)
{
	struct peer_script *script = &wanted->script;

	if (wanted->count == 0)
		wanted->addresses[wanted->count++].address = "127.0.0.1";
	if (wanted->tls.key != NULL && !script->implicit_tls)
		extend(wanted, "STARTTLS");
	if (script->account.user != NULL) {
		extend(wanted, PEER_MECHANISMS);
		script->account.required = true;
	}
	script->capabilities = wanted->extensions.data;
	for (size_t i = 0; i < wanted->count; i++)
		wanted->addresses[i].script = script;
}

int main(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct peer_tls *tls = NULL;
	int option;

	while ((option = getopt(argc, argv, "a:c:e:ik:p:t:u:")) != -1)
		if (!take_option(&wanted, option, optarg))
			usage(argv[0]);
	if (optind < argc || !is_sensible(&wanted))
		usage(argv[0]);
	complete(&wanted);
	if (wanted.tls.key != NULL)
		wanted.script.tls = tls = peer_tls_new(&wanted.tls);
	serve(wanted.addresses, wanted.count);
	if (tls != NULL)
		peer_tls_free(tls);
	bytes_free(&wanted.extensions);
	return 0;
}
