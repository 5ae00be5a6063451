/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "rig.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certs.h"
#include "dns.h"
#include "peer-tls.h"
#include "tlsa-text.h"

/* bücher.test, so that names have to be converted. */
#define HOST                                                                   \
	"b\xc3\xbc"                                                            \
	"cher.test"
#define EXCHANGER "mx.a.test"
#define ZONE                                                                   \
	"xn--bcher-kva.test MX 10 " EXCHANGER "\n" EXCHANGER " A " RIG_ADDRESS \
	"\n"
#define PIN "@PIN@"

const char *const rig_no_words[] = {NULL};
const char *const rig_loud_words[] = {"-v", NULL};
const char *const rig_host_words[] = {HOST, NULL};
const char *const rig_json_words[] = {"-j", NULL};
const char *const rig_json_host_words[] = {"-jv", HOST, NULL};

static const char message[] = "Subject: test\n\nline\n.\n.dots\n";
static const char message_text[] =
    "Subject: test\r\n\r\nline\r\n.\r\n.dots\r\n";

enum { SECONDS_MAX = 25 };

static struct cert *save(const struct home *home, const char *name,
    const struct cert_request *request)
{
	struct cert *cert = certs_make(request);

	certs_save(cert, home->path, name);
	return cert;
}

/* RSA, so that the length of a handshake is always the same. */
static void make_tls(struct rig_shared *shared)
{
	static const char *const server[] = {EXCHANGER, NULL};
	static const char *const client[] = {"client.test", NULL};
	const struct home *home = &shared->home;
	struct cert *ca = certs_make_ca("Test CA");
	struct cert *cert;
	char certificate[HOME_PATH], key[HOME_PATH], anchors[HOME_PATH];

	certs_free(save(home, "client",
	    &(struct cert_request){
		.names = client, .use = CERT_CLIENT, .issuer = ca}));
	cert = save(home, "server",
	    &(struct cert_request){
		.names = server, .key = CERT_RSA, .issuer = ca});
	shared->tlsa = tlsa_text(cert, 3, 1, 1);
	shared->pin = tlsa_text_pin(cert);
	certs_free(cert);
	certs_save(ca, home->path, "ca");
	shared->tls = peer_tls_new(&(struct peer_tls_options){
	    .certificate = home_path(home, "server.pem", certificate),
	    .key = home_path(home, "server.key", key),
	    .priority = shared->kind->priority,
	    .client = PEER_TLS_REQUEST,
	    .client_ca = home_path(home, "ca.pem", anchors)});
	certs_free(ca);
}

void rig_share(struct rig_shared *shared, const struct rig_kind *kind)
{
	shared->kind = kind;
	shared->tls = NULL;
	shared->tlsa = shared->pin = NULL;
	home_make(&shared->home);
	if (kind->strictness != NULL)
		make_tls(shared);
}

void rig_unshare(struct rig_shared *shared)
{
	if (shared->tls != NULL)
		peer_tls_free(shared->tls);
	free(shared->tlsa);
	free(shared->pin);
	home_remove(&shared->home);
}

static void point(const struct rig *rig, const char *control, const char *file)
{
	char path[HOME_PATH];

	home_control(
	    &rig->home, control, home_path(&rig->shared->home, file, path));
}

static const char *routes_of(const struct rig_kind *kind)
{
	if (kind->script.account.user != NULL)
		return ":" EXCHANGER "|" RIG_USER "|" RIG_SECRET "\n";
	return kind->dns ? "other.test:[192.0.2.1]\n" : ":[" RIG_ADDRESS "]\n";
}

static void write_policy(const struct rig *rig)
{
	const char *policy = rig->shared->kind->policy;
	const char *hole = strstr(policy, PIN);
	size_t before = hole != NULL ? (size_t)(hole - policy) : strlen(policy);
	char *line;

	if (asprintf(&line, ":%.*s%s%s\n", (int)before, policy,
		hole != NULL ? rig->shared->pin : "",
		hole != NULL ? hole + strlen(PIN) : "") == -1)
		err(99, "rig");
	home_control(&rig->home, "tlspolicy", line);
	free(line);
}

static void write_controls(const struct rig *rig, unsigned timeout)
{
	const struct rig_kind *kind = rig->shared->kind;
	char seconds[16];

	snprintf(seconds, sizeof seconds, "%u\n", timeout);
	home_control(&rig->home, "me", "client.test\n");
	home_control(&rig->home, "ipme", "192.0.2.9\n");
	home_control(&rig->home, "timeoutconnect", seconds);
	home_control(&rig->home, "timeoutremote", seconds);
	home_control(&rig->home, "timeoutdns", "10\n");
	home_control(&rig->home, "smtproutes", routes_of(kind));
	if (kind->strictness == NULL)
		return;
	home_control(&rig->home, "tlsstrictness", kind->strictness);
	home_control(&rig->home, "dane", kind->dane ? "1\n" : "0\n");
	if (kind->policy != NULL)
		write_policy(rig);
	point(rig, "trustanchors", "ca.pem");
	point(rig, "clientcert", "client.pem");
	point(rig, "clientkey", "client.key");
}

static void make_page(struct rig *rig)
{
	static const struct fault_page empty;
	char path[HOME_PATH];
	int fd;

	home_write(&rig->home, "page", &empty, sizeof empty);
	snprintf(rig->page_variable, sizeof rig->page_variable, "FAULT_PAGE=%s",
	    home_path(&rig->home, "page", path));
	fd = open(path, O_RDWR | O_CLOEXEC);
	rig->page = mmap(
	    NULL, sizeof *rig->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd == -1 || rig->page == MAP_FAILED)
		err(99, "%s", path);
	close(fd);
}

void rig_make(
    struct rig *rig, const struct rig_shared *shared, unsigned timeout)
{
	*rig = (struct rig){.shared = shared};
	home_make(&rig->home);
	write_controls(rig, timeout);
	make_page(rig);
}

void rig_free(struct rig *rig)
{
	rig_stop(rig);
	if (rig->transcript != NULL)
		transcript_free(rig->transcript);
	outcome_free(&rig->outcome);
	munmap(rig->page, sizeof *rig->page);
	home_remove(&rig->home);
}

uint16_t rig_serve(struct rig *rig, const char *address)
{
	struct peer_script script = rig->shared->kind->script;
	struct peer_address at = {.address = address, .script = &script};
	static const char empty[HOME_TCPTO];
	char path[HOME_PATH];

	/* What the last delivery has learnt is not to matter. */
	home_write(&rig->home, "queue/lock/tcpto", empty, sizeof empty);
	unlink(home_path(&rig->home, "run/qmail-remote/refusals", path));
	script.tls = rig->shared->tls;
	rig->peer = peer_start(&at, 1);
	return peer_port(rig->peer);
}

static void start_dns(struct rig *rig, uint16_t port)
{
	const struct rig_shared *shared = rig->shared;
	char *zone;

	if (asprintf(&zone, ZONE "_%u._tcp." EXCHANGER " TLSA %s\n* * !%s\n",
		(unsigned)port,
		shared->tlsa != NULL ? shared->tlsa : "3 1 1 00",
		shared->kind->dane ? "signed" : "unsigned") == -1)
		err(99, "rig");
	rig->dns = dns_start(zone, NULL);
	free(zone);
}

void rig_deliver(struct rig *rig, uint16_t port, const char *shim)
{
	static const char *const recipients[] = {
	    "b@" HOST, "c d@example.org", NULL};
	char preload[HOME_PATH + 16], dns[64], path[HOME_PATH];
	const char *environment[4] = {NULL};
	size_t count = 0;

	if (rig->shared->kind->dns) {
		start_dns(rig, port);
		snprintf(
		    dns, sizeof dns, "DNSCACHEIP=%s", dns_address(rig->dns));
		environment[count++] = dns;
	}
	if (shim != NULL) {
		/* The loader takes a blank for the end of a name. */
		home_path(&rig->home, "shim.so", path);
		if (symlink(shim, path) == -1 && errno != EEXIST)
			err(99, "%s", path);
		snprintf(preload, sizeof preload, "LD_PRELOAD=%s", path);
		environment[count++] = preload;
		environment[count++] = rig->page_variable;
	}
	outcome_free(&rig->outcome);
	rig->outcome = (struct outcome){0};
	deliver(&(struct delivery){.home = &rig->home,
		    .host = HOST,
		    .sender = "a@example.net",
		    .recipients = recipients,
		    .input = rig->shared->kind->input,
		    .message = message,
		    .tool = rig->shared->kind->tool,
		    .arguments = rig->shared->kind->arguments,
		    .port = port,
		    .environment = environment,
		    .seconds = SECONDS_MAX},
	    &rig->outcome);
}

void rig_stop(struct rig *rig)
{
	if (rig->peer == NULL)
		return;
	if (rig->transcript != NULL)
		transcript_free(rig->transcript);
	rig->transcript = peer_stop(rig->peer);
	rig->peer = NULL;
	if (rig->dns != NULL)
		dns_stop(rig->dns);
	rig->dns = NULL;
}

static bool is_accepted(const struct transcript_connection *connection)
{
	static const char words[] = "queued as TEST\r\n";
	const struct transcript_message *last;

	if (connection->message_count == 0 ||
	    !bytes_contain(&connection->sent, words))
		return false;
	last = &connection->messages[connection->message_count - 1];
	return last->complete;
}

size_t rig_accepted(const struct rig *rig)
{
	size_t count = 0;

	for (size_t i = 0; i < rig->transcript->count; i++)
		count += is_accepted(&rig->transcript->connections[i]);
	return count;
}

/* Whatever is complete is the message, the whole message. */
static bool is_intact(const struct rig *rig)
{
	for (size_t i = 0; i < rig->transcript->count; i++) {
		const struct transcript_connection *connection =
		    &rig->transcript->connections[i];

		for (size_t j = 0; j < connection->message_count; j++) {
			const struct transcript_message *it =
			    &connection->messages[j];

			if (it->complete &&
			    !bytes_equal(&it->text, message_text,
				sizeof message_text - 1))
				return false;
		}
	}
	return true;
}

/* Nothing of envelope or message was said in clear. */
static bool is_private(const struct rig *rig)
{
	static const char *const words[] = {
	    "MAIL", "RCPT", "DATA", "example", "Subject"};

	for (size_t i = 0; i < rig->transcript->count; i++) {
		const struct transcript_connection *connection =
		    &rig->transcript->connections[i];
		struct bytes clear = connection->received;

		if (connection->tls)
			clear.length = connection->tls_at;
		for (size_t j = 0; j < sizeof words / sizeof *words; j++)
			if (clear.length > 0 &&
			    memmem(clear.data, clear.length, words[j],
				strlen(words[j])) != NULL)
				return false;
	}
	return true;
}

bool rig_tool_works(const struct rig *rig)
{
	return rig->outcome.status == 0 &&
	       bytes_contain(&rig->outcome.output, rig->shared->kind->says);
}

/* What is told is true, or it is an error, with words. */
static const char *judge_tool(const struct rig *rig, bool silent)
{
	const struct outcome *outcome = &rig->outcome;

	if (!WIFEXITED(outcome->status))
		return "it crashes";
	if (silent || rig_tool_works(rig))
		return NULL;
	if (outcome->status == 0)
		return "it claims that all is well";
	return outcome->output.length > 0 ? NULL : "it does not say why";
}

const char *rig_judge(const struct rig *rig, size_t accepted, bool silent)
{
	const struct outcome *outcome = &rig->outcome;
	struct bytes result;
	char verdict;

	if (outcome->timed_out)
		return "it does not end";
	if (outcome->strays > 0)
		return "it left a process behind";
	if (rig->shared->kind->tool != NULL)
		return judge_tool(rig, silent);
	if (outcome->status != 0)
		return "its exit status is not 0";
	if (!outcome_well_formed(outcome) && !silent)
		return "its report is not well formed";
	outcome_rspawn(outcome, &result);
	verdict = *result.data;
	bytes_free(&result);
	if ((verdict == 'D' && !silent) ||
	    strchr(outcome->letters, 'h') != NULL)
		return "it bounces the message";
	if (verdict == 'K' && accepted == 0)
		return "it claims what is not so";
	if (rig_accepted(rig) > 1)
		return "it has delivered twice";
	if (!is_intact(rig))
		return "the message is another one";
	if (rig->shared->kind->private && !is_private(rig))
		return "it says in clear what it must not";
	return NULL;
}

char *rig_describe(const struct rig *rig, const char *format, ...)
{
	const struct outcome *outcome = &rig->outcome;
	const char *text =
	    outcome->count > 0 ? outcome->chunks[outcome->count - 1].text : "";
	va_list arguments;
	char *what, *line;

	va_start(arguments, format);
	if (vasprintf(&what, format, arguments) == -1)
		err(99, "rig");
	va_end(arguments);
	if (asprintf(&line, "%s: %s (status %#x, %.1f s, %zu bytes, %s%s)",
		rig->shared->kind->name, what, (unsigned)outcome->status,
		(double)outcome->elapsed / 1e6, outcome->output.length,
		outcome->letters, text) == -1)
		err(99, "rig");
	free(what);
	return line;
}
