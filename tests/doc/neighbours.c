/* SPDX-License-Identifier: ISC */
/*
 * usage: neighbours DIRECTORY COMMAND [ARGUMENT ...]
 *
 * Runs a command while there are a DNS and some mail servers, for which the
 * environment then has DNSCACHEIP and QR_TEST_PORT.  DIRECTORY gets the anchor
 * that most of them can be verified with, ca.pem.  Where the loopback has no
 * IPv4 the status is 77.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certs.h"
#include "dns.h"
#include "peer.h"

static const char zone[] = "example.org MX 10 mx.example.org\n"
			   "mx.example.org A 127.0.0.2\n"
			   "stranger.example MX 10 mx.stranger.example\n"
			   "mx.stranger.example A 127.0.0.3\n"
			   "relay.example.net A 127.0.0.4\n"
			   "silent.example MX 10 mx.silent.example\n"
			   "mx.silent.example A 127.0.0.5\n";

/* In the order of their addresses. */
static const char *const names[] = {"mx.example.org", "mx.stranger.example",
    "relay.example.net", "mx.silent.example"};
static const char *const addresses[] = {
    "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"};
enum { SERVERS = sizeof names / sizeof names[0], STRANGER = 1, RELAY = 2 };
enum { SKIPPED = 77 };

static char *join(const char *start, const char *middle, const char *end)
{
	char *text;

	if (asprintf(&text, "%s%s%s", start, middle, end) == -1)
		err(99, "neighbours");
	return text;
}

static char *in(const char *directory, const char *name, const char *end)
{
	return join(join(directory, "/", name), end, "");
}

static struct peer_tls *make_tls(
    const char *directory, const struct cert *issuer, const char *name)
{
	struct cert *cert = certs_make_server(issuer, name);
	struct peer_tls *tls;

	certs_save(cert, directory, name);
	certs_free(cert);
	tls = peer_tls_new(&(struct peer_tls_options){
	    .certificate = in(directory, name, ".pem"),
	    .key = in(directory, name, ".key")});
	return tls;
}

static struct peer *serve(const char *directory)
{
	static struct peer_script scripts[SERVERS];
	struct peer_address servers[SERVERS];
	struct cert *ours = certs_make_ca("Example CA");
	struct cert *theirs = certs_make_ca("Stranger's own CA");
	const struct cert *anchors[] = {ours, NULL};

	certs_write(in(directory, "ca", ".pem"), anchors);
	for (int i = 0; i < SERVERS; i++) {
		scripts[i].capabilities = "PIPELINING\nSTARTTLS";
		scripts[i].overrides[0] =
		    (struct peer_override){.at = PEER_GREETING,
			.bytes = join("220 ", names[i], " ESMTP\r\n")};
		scripts[i].tls = make_tls(
		    directory, i == STRANGER ? theirs : ours, names[i]);
		servers[i] = (struct peer_address){
		    .address = addresses[i], .script = &scripts[i]};
	}
	scripts[RELAY].capabilities_tls = "PIPELINING\nAUTH PLAIN";
	scripts[RELAY].account = (struct peer_account){
	    .user = "office", .secret = "secret", .required = true};
	return peer_start(servers, SERVERS);
}

static int run(char **arguments)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execvp(arguments[0], arguments);
		err(99, "%s", arguments[0]);
	}
	if (child == -1 || waitpid(child, &status, 0) != child)
		err(99, "neighbours");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int main(int argc, char **argv)
{
	struct peer *peer;
	struct dns *dns;
	char port[16];
	int status;

	if (argc < 3)
		errx(2, "usage: neighbours DIRECTORY COMMAND [ARGUMENT ...]");
	if (!peer_has_ipv4())
		return SKIPPED;
	dns = dns_start(zone, NULL);
	peer = serve(argv[1]);
	snprintf(port, sizeof port, "%u", (unsigned)peer_port(peer));
	if (setenv("DNSCACHEIP", dns_address(dns), 1) == -1 ||
	    setenv("QR_TEST_PORT", port, 1) == -1)
		err(99, "neighbours");
	status = run(argv + 2);
	transcript_free(peer_stop(peer));
	dns_stop(dns);
	return status;
}
