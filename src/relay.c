/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "relay.h"

#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "descriptors.h"
#include "i18n.h"
#include "paths.h"

static const struct relay_module *refuse_module(
    struct report *report, const char *reason)
{
	report_set(report, 'Z', _("Unable to load %s: %s. (#4.3.0)\n"),
	    path_relay(), reason != NULL ? reason : "?");
	return NULL;
}

static const struct relay_module *load_module(struct report *report)
{
	void *object = dlopen(path_relay(), RTLD_NOW | RTLD_LOCAL);
	const struct relay_module *module =
	    object != NULL ? dlsym(object, "relay_module") : NULL;

	if (module == NULL)
		return refuse_module(report, dlerror());
	if (strcmp(module->version, PACKAGE_VERSION) != 0)
		return refuse_module(
		    report, _("it belongs to another version of qmail-remote"));
	return module;
}

static _Noreturn void become_relay(const struct relay_task *task)
{
	const int kept[] = {task->connection, task->local, task->words};
	struct relay_welcome refusal = {.ready = false};
	const struct relay_module *module;

	/* First of all: what is reported from here on goes nowhere. */
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		_exit(0);
	module = load_module(&refusal.report);
	if (module != NULL)
		module->run(task);
	else
		channel_say(task->words, &refusal, sizeof refusal);
	_exit(0);
}

bool relay_start(
    struct relay *relay, struct relay_task task, struct report *report)
{
	int local[2], words[2];

	report_system_failure(report);
	if (!channel_open(local))
		return false;
	if (!channel_open(words)) {
		close(local[0]);
		close(local[1]);
		return false;
	}
	*relay = (struct relay){.local = local[0], .words = words[0]};
	task.local = local[1];
	task.words = words[1];
	relay->process = fork();
	if (relay->process == 0)
		become_relay(&task);
	close(local[1]);
	close(words[1]);
	if (relay->process > 0)
		return true;
	close(local[0]);
	close(words[0]);
	relay->process = 0;
	return false;
}

bool relay_await(const struct relay *relay, struct report *report)
{
	struct relay_welcome welcome;

	report_system_failure(report);
	if (!channel_hear(relay->words, &welcome, sizeof welcome))
		return false;
	if (!welcome.ready)
		*report = welcome.report;
	return welcome.ready;
}

static void set_reason(struct tls_reason *reason, const char *text)
{
	snprintf(reason->english, sizeof reason->english, "%s", text);
	snprintf(reason->local, sizeof reason->local, "%s", _(text));
}

/* For a relay that ends without a word: killed, or out of memory. */
static void set_lost(struct tls_reason *reason)
{
	set_reason(reason, N_("the TLS relay ended early"));
}

static void end_texts(struct tls_reason *reason)
{
	reason->english[sizeof reason->english - 1] = '\0';
	reason->local[sizeof reason->local - 1] = '\0';
}

void relay_shake_hands(const struct relay *relay, struct handshake *handshake)
{
	const char go = 0;

	if (!channel_say(relay->words, &go, sizeof go) ||
	    !channel_hear(relay->words, handshake, sizeof *handshake)) {
		*handshake = (struct handshake){.done = false};
		set_lost(&handshake->reason);
	}
	end_texts(&handshake->reason);
	handshake->summary[sizeof handshake->summary - 1] = '\0';
}

void relay_explain_end(const struct relay *relay, struct tls_reason *reason)
{
	struct pollfd words = {.fd = relay->words, .events = POLLIN};

	if (poll(&words, 1, 0) == 0)
		set_reason(reason, N_("no answer within timeoutremote"));
	else if (!channel_hear(relay->words, reason, sizeof *reason))
		set_lost(reason);
	end_texts(reason);
}

void relay_abandon(struct relay *relay)
{
	if (relay->process == 0)
		return;
	kill(relay->process, SIGKILL);
	waitpid(relay->process, NULL, 0);
	close(relay->local);
	close(relay->words);
	relay->process = 0;
}
