/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/machine.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "check/program.h"
#include "check/secret.h"
#include "deadline.h"
#include "dns/resolver.h"
#include "i18n.h"
#include "module.h"
#include "paths.h"
#include "route/source.h"
#include "servers/lookup.h"
#include "tcpto.h"
#include "tls/client.h"
#include "tls/dates.h"
#include "tls/session.h"

/* Loads it as the relay of a delivery does. */
static void check_task(
    const char *file, const struct tls_task *task, struct faults *faults)
{
	struct failure failure;
	struct tls *tls = tls_prepare(task, -1, &failure);

	if (tls != NULL)
		tls_free(tls);
	else
		faults_take(faults, file, &failure);
}

static void check_anchors(
    const struct settings *settings, struct faults *faults)
{
	const struct tls_task task = {.server = "",
	    .anchors = settings->trustanchors,
	    .run_directory = path_run()};

	if (task.anchors == NULL || access(task.anchors, R_OK) != 0 ||
	    faults_have(faults, "control/trustanchors", 1))
		return;
	check_task("control/trustanchors", &task, faults);
	dates_check(task.anchors, faults);
}

static void check_identity(
    const struct settings *settings, struct faults *faults)
{
	const struct tls_task task = {.server = "",
	    .clientcert = settings->clientcert,
	    .clientkey = settings->clientkey,
	    .run_directory = path_run()};
	const char *key =
	    task.clientkey != NULL ? task.clientkey : task.clientcert;

	if (task.clientcert == NULL || access(task.clientcert, R_OK) != 0)
		return;
	dates_check(task.clientcert, faults);
	if (access(key, R_OK) == 0)
		check_task("control/clientcert", &task, faults);
	else if (!client_has_certificate(task.clientcert))
		faults_add(faults, FAULT_ERROR, task.clientcert, 0,
		    _("there is no certificate in it"));
	secret_check(key, faults);
}

static void check_demands(const struct settings *settings,
    const struct needs *needs, struct faults *faults)
{
	struct failure failure;
	struct reason reason;

	if (settings->strictness == TLS_VERIFIED && !needs->policy_for_all &&
	    !settings_have_anchors(settings, &failure))
		faults_take(faults, "control/tlsstrictness", &failure);
	if (settings->mtasts && settings->trustanchors == NULL) {
		settings_explain_no_anchors(&reason);
		faults_add(faults, FAULT_ERROR, "control/mtasts", 1, "%s",
		    reason.local);
	}
}

static void check_run_directory(struct faults *faults)
{
	const char *directory = path_run();

	if (access(directory, R_OK | W_OK | X_OK) != 0)
		faults_add(faults, FAULT_WARNING, directory, 0,
		    _("%s: deliveries do without what they keep there, and are "
		      "slower; make it, or give it to the user %s"),
		    strerror(errno), path_user());
}

static void check_module(const char *file, const char *name,
    enum fault_kind kind, struct faults *faults)
{
	struct failure failure;

	if (module_load(file, name, &failure) != NULL)
		return;
	faults_take(faults, file, &failure);
	faults->list[faults->count - 1].kind = kind;
}

/* That of stock qmail; ours is made where it is missing. */
static void check_tcpto(struct faults *faults)
{
	const struct tcpto tcpto = tcpto_in(path_run());

	if (access(tcpto.v4_file, R_OK | W_OK) != 0)
		faults_add(faults, FAULT_WARNING, tcpto.v4_file, 0,
		    _("%s: servers that time out are called each time; "
		      "installing qmail makes it, and the user %s has to be "
		      "able to write it"),
		    strerror(errno), path_user());
}

/* Optional ones: without them only the mail waits that needs them. */
static void check_options(const struct settings *settings,
    const struct needs *needs, struct faults *faults)
{
	bool sasl = needs->sasl_file != NULL;

	check_module(path_idn(), "idn_module", FAULT_WARNING, faults);
	program_check(
	    path_relay(), needs->tls ? FAULT_ERROR : FAULT_WARNING, faults);
	if (sasl || access(path_sasl(), F_OK) == 0)
		check_module(path_sasl(), "sasl_module",
		    sasl ? FAULT_ERROR : FAULT_WARNING, faults);
	if (settings->mtasts || access(path_sts(), F_OK) == 0)
		program_check(path_sts(),
		    settings->mtasts ? FAULT_ERROR : FAULT_WARNING, faults);
}

static void check_programs(const struct settings *settings,
    const struct needs *needs, struct faults *faults)
{
	program_check(path_program(), FAULT_ERROR, faults);
	program_check(path_io(), FAULT_ERROR, faults);
	check_module(path_cdb(), "cdb_module", FAULT_ERROR, faults);
	check_options(settings, needs, faults);
}

/* Whether answers can be believed, as far as can be known without asking. */
static void check_resolver(const struct settings *settings,
    const struct needs *needs, struct faults *faults)
{
	const struct resolver_options options = {.deadline = deadline_in(0),
	    .validates = settings->dane || needs->dane_file != NULL};
	struct resolver *resolver;
	struct failure failure;

	resolver = resolver_open(&options, &failure);
	if (resolver != NULL) {
		resolver_close(resolver);
		return;
	}
	if (settings->dane) {
		failure.line = 1;
		faults_take(faults, "control/dane", &failure);
	} else {
		failure.line = needs->dane_line;
		faults_take(faults,
		    needs->dane_file != NULL ? needs->dane_file
					     : path_resolv_conf(),
		    &failure);
	}
}

void machine_check(const struct settings *settings, const struct needs *needs,
    struct faults *faults)
{
	check_demands(settings, needs, faults);
	check_anchors(settings, faults);
	check_identity(settings, faults);
	check_run_directory(faults);
	check_tcpto(faults);
	check_programs(settings, needs, faults);
	check_resolver(settings, needs, faults);
}

/*
 * The line of a relay that does not exist, or perhaps only now; nothing changes
 * what an address comes to.
 */
static void add_relay(
    const struct route *route, struct failure *failure, struct faults *faults)
{
	bool address = route->kind == ROUTE_ADDRESS;
	bool lasting = address || failure->class == FAILURE_PERMANENT;
	char text[IP_TEXT_SIZE];

	if (failure->file != NULL)
		faults_take(faults, route->file, failure);
	else
		faults_add(faults, lasting ? FAULT_ERROR : FAULT_WARNING,
		    route->file, route->line, _("the relay %s: %s"),
		    address ? ip_format(&route->ip, text) : route->name,
		    failure->text);
}

void machine_check_relays(const struct settings *settings,
    const struct needs *needs, bool by_dns, struct faults *faults)
{
	struct source source = {.use_v4 = true, .use_v6 = true};
	struct lookup lookup = {.settings = settings,
	    .source = &source,
	    .deadline = deadline_in(settings->timeout_delivery)};
	struct failure failure;

	if (!source_find(&source, "", settings, &failure))
		return;
	source_widen(&source, settings);
	for (size_t i = 0; i < needs->relay_count; i++) {
		struct servers servers = {0};

		lookup.route = &needs->relays[i];
		lookup.host = lookup.route->name;
		if (lookup.route->kind == ROUTE_NAME && !by_dns)
			continue;
		if (!lookup_servers(&servers, &lookup, &failure))
			add_relay(lookup.route, &failure, faults);
	}
}
