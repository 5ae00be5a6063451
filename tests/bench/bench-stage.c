/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-stage.h"

#include <err.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SMALL_SIZE = 4096,
	LARGE_SIZE = 25 * 1048576,
	BUNDLE_SIZE = 140,
	PROCESSES = 100,
	RAW_PROCESSES = 2,
};

#define ME "bench.invalid\n"
/* As qmail's boot script sets it. */
#define PATH_VARIABLE "PATH=/var/qmail/bin:/usr/local/bin:/usr/bin:/bin"

static void write_message(struct stage *stage, enum stage_message message,
    const char *name, size_t size)
{
	static const char header[] = "From: a@bench.invalid\nSubject: x\n\n";
	static const char line[] = "An ordinary line of a message has about "
				   "seventy characters, as this one.\n";
	struct bytes text = {0};

	bytes_add_text(&text, header);
	while (text.length + sizeof line <= size)
		bytes_add_text(&text, line);
	home_write(&stage->files, name, text.data, text.length);
	home_path(&stage->files, name, stage->messages[message]);
	stage->message_sizes[message] = (double)text.length;
	bytes_free(&text);
}

static void make_anchors(struct stage *stage)
{
	static const char *const addresses[] = {"127.0.0.1", NULL};
	const struct home *files = &stage->files;
	char certificate[HOME_PATH], key[HOME_PATH];
	const struct cert *list[] = {NULL, NULL};
	struct cert *server;

	for (int i = 0; i < 2; i++) {
		stage->issuers[i] = certs_make_ca(i == 0 ? "Stranger" : "One");
		list[0] = stage->issuers[i];
		certs_write(
		    home_path(files, i == 0 ? "stranger.pem" : "one.pem",
			stage->anchors[STAGE_STRANGER + i]),
		    list);
	}
	certs_write_bundle(
	    home_path(files, "bundle.pem", stage->anchors[STAGE_BUNDLE]),
	    BUNDLE_SIZE, CERT_RSA, list);
	server = certs_make(&(struct cert_request){.common_name = "server",
	    .addresses = addresses,
	    .issuer = stage->issuers[1]});
	certs_save(server, files->path, "server");
	certs_free(server);
	stage->tls = peer_tls_new(&(struct peer_tls_options){
	    .certificate = home_path(files, "server.pem", certificate),
	    .key = home_path(files, "server.key", key)});
}

static void start_sinks(struct stage *stage)
{
	for (int i = 0; i < STAGE_SERVERS; i++) {
		bool smtp = i == STAGE_CLEAR || i == STAGE_TLS;
		bool tls = i == STAGE_TLS || i == STAGE_RAW_TLS;

		stage->sinks[i] =
		    sink_start(&(struct sink_options){.smtp = smtp,
			.tls = tls ? stage->tls : NULL,
			.processes = smtp ? PROCESSES : RAW_PROCESSES});
	}
}

/* Another's control files are not overwritten. */
static void enter_home(struct contender *contender)
{
	struct bytes me = {0};

	if (contender->fixed_home == NULL) {
		home_make(&contender->home);
		return;
	}
	snprintf(contender->home.path, sizeof contender->home.path, "%s",
	    contender->fixed_home);
	if (home_read(&contender->home, "control/me", &me) &&
	    strcmp(me.data, ME) != 0)
		errx(2, "%s is in use: its control/me is not \"%.*s\"",
		    contender->fixed_home, (int)strcspn(ME, "\n"), ME);
	bytes_free(&me);
}

void stage_make(struct stage *stage)
{
	home_make(&stage->files);
	write_message(stage, STAGE_SMALL, "small", SMALL_SIZE);
	write_message(stage, STAGE_LARGE, "large", LARGE_SIZE);
	make_anchors(stage);
	for (size_t i = 0; i < stage->count; i++)
		enter_home(&stage->contenders[i]);
	stage_control(stage, "me", ME);
	stage_control(stage, "timeoutremote", "30\n");
	start_sinks(stage);
}

void stage_free(struct stage *stage)
{
	for (int i = 0; i < STAGE_SERVERS; i++)
		sink_stop(stage->sinks[i]);
	peer_tls_free(stage->tls);
	for (int i = 0; i < 2; i++)
		certs_free(stage->issuers[i]);
}

void stage_control(
    const struct stage *stage, const char *name, const char *text)
{
	for (size_t i = 0; i < stage->count; i++) {
		const struct home *home = &stage->contenders[i].home;

		if (text != NULL)
			home_control(home, name, text);
		else
			home_remove_control(home, name);
	}
}

void stage_route(const struct stage *stage, unsigned port)
{
	for (size_t i = 0; i < stage->count; i++)
		home_route_all(&stage->contenders[i].home, "127.0.0.1", port);
}

void stage_serve(const struct stage *stage, enum stage_server server,
    enum stage_anchors anchors)
{
	char line[HOME_PATH + 1];
	bool strict = anchors == STAGE_ONE || anchors == STAGE_BUNDLE;

	snprintf(line, sizeof line, "%s\n", stage->anchors[anchors]);
	stage_control(
	    stage, "trustanchors", anchors == STAGE_NO_ANCHORS ? NULL : line);
	stage_control(stage, "tlsstrictness", strict ? "2\n" : NULL);
	stage_route(stage, sink_port(stage->sinks[server]));
}

static void set_environment(struct stage_delivery *delivery,
    const struct contender *contender, const struct stage_order *order)
{
	char *directory = strdup(contender->program);
	size_t size = sizeof *delivery->texts;
	size_t count = 0;

	if (directory == NULL)
		err(99, "stage");
	snprintf(delivery->texts[count++], size, "%s", PATH_VARIABLE);
	if (contender->fixed_home == NULL) {
		snprintf(delivery->texts[count++], size, "QR_TEST_HOME=%s",
		    contender->home.path);
		snprintf(delivery->texts[count++], size,
		    "QR_TEST_IO=%s/qmail-remote-io", dirname(directory));
		snprintf(delivery->texts[count++], size,
		    "QR_TEST_LOCALE=/nonexistent");
	}
	if (order->port > 0)
		snprintf(delivery->texts[count++], size, "QR_TEST_PORT=%u",
		    order->port);
	if (order->dns != NULL)
		snprintf(delivery->texts[count++], size, "DNSCACHEIP=%s",
		    order->dns);
	for (size_t i = 0; i < count; i++)
		delivery->environment[i] = delivery->texts[i];
	free(directory);
}

void stage_deliver(struct stage_delivery *delivery, const struct stage *stage,
    size_t contender, const struct stage_order *order)
{
	unsigned recipients = order->recipients > 0 ? order->recipients : 1;
	size_t count = 0;

	memset(delivery, 0, sizeof *delivery);
	for (size_t i = 0; order->before && order->before[i] != NULL; i++)
		delivery->arguments[count++] = order->before[i];
	delivery->arguments[count++] = stage->contenders[contender].program;
	delivery->arguments[count++] = "example.test";
	delivery->arguments[count++] = "sender@bench.invalid";
	for (unsigned i = 0; i < recipients && i < STAGE_RECIPIENTS; i++)
		delivery->arguments[count++] = "recipient@example.test";
	set_environment(delivery, &stage->contenders[contender], order);
	delivery->command = (struct tree_command){
	    .arguments = delivery->arguments,
	    .environment = delivery->environment,
	    .input = stage->messages[order->message],
	    .delivers = true,
	    .count = order->count,
	    .at_once = order->at_once,
	};
}

void stage_measure(const struct stage *stage, const struct stage_order *order,
    const struct tree_command *floor, enum series_quantity quantity,
    unsigned rounds, struct stage_result *result)
{
	static struct stage_delivery deliveries[2];
	struct trial *trials = result->trials;

	result->count = stage->count;
	for (size_t i = 0; i < stage->count; i++) {
		stage_deliver(&deliveries[i], stage, i, order);
		trials[i].command = &deliveries[i].command;
		trials[i].bytes = stage->message_sizes[order->message];
	}
	trials[stage->count].command = floor;
	trials[stage->count].bytes = stage->message_sizes[order->message];
	series_take(trials, stage->count + (floor != NULL), quantity, rounds);
}

void stage_row(const struct stage_result *result, const char *label,
    const struct series *floor, enum table_target target, double limit)
{
	table_row(&(struct table_row){.label = label,
	    .values = &result->trials[0].series,
	    .old = result->count > 1 ? &result->trials[1].series : NULL,
	    .floor = floor,
	    .target = target,
	    .limit = limit});
}

const struct series *stage_floor(const struct stage_result *result)
{
	return &result->trials[result->count].series;
}

char *stage_program(const char *name)
{
	char self[HOME_PATH];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	char *path;

	if (length < 0)
		err(99, "/proc/self/exe");
	self[length] = '\0';
	if (asprintf(&path, "%s/%s", dirname(self), name) == -1)
		err(99, "stage");
	return path;
}
