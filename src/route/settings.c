/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "route/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "dns/domain.h"
#include "i18n.h"
#include "paths.h"
#include "utf8.h"
#include "xalloc.h"

/* As in stock, a me that cannot be read is an error, helohost or not. */
static bool read_me(struct settings *settings, struct failure *failure)
{
	return control_stock_line("control/me", &settings->me, failure) !=
	       CONTROL_FAILED;
}

static bool read_helohost(struct settings *settings, struct failure *failure)
{
	const char *file = "control/helohost";
	char *name;

	if (control_stock_line(file, &name, failure) == CONTROL_FAILED)
		return false;
	if (name == NULL) {
		name = settings->me;
		file = "control/me";
	}
	if (name == NULL) {
		control_fail(failure, file, _("it names no host"));
		return false;
	}
	settings->helohost = name;
	failure->class = FAILURE_PERMANENT;
	if (strlen(name) > HELOHOST_MAX)
		settings->helohost = NULL;
	else if (!utf8_is_ascii_text(name, strlen(name)))
		settings->helohost = domain_to_ascii(name, failure);
	if (settings->helohost != NULL)
		return true;
	if (failure->class == FAILURE_PERMANENT)
		control_fail_line(
		    failure, file, 1, name, _("not a domain name"));
	return false;
}

static bool read_timeoutconnect(
    struct settings *settings, struct failure *failure)
{
	settings->timeout_connect = TIMEOUT_CONNECT;
	return control_stock_number("control/timeoutconnect",
		   &settings->timeout_connect, failure) != CONTROL_FAILED;
}

static bool read_timeoutremote(
    struct settings *settings, struct failure *failure)
{
	settings->timeout_remote = TIMEOUT_REMOTE;
	return control_stock_number("control/timeoutremote",
		   &settings->timeout_remote, failure) != CONTROL_FAILED;
}

static bool read_number(
    const char *file, unsigned long *number, struct failure *failure)
{
	return control_number(file, number, INT_MAX, failure) != CONTROL_FAILED;
}

static bool read_timeoutdns(struct settings *settings, struct failure *failure)
{
	settings->timeout_dns = 0;
	return read_number(
	    "control/timeoutdns", &settings->timeout_dns, failure);
}

static bool read_timeoutdelivery(
    struct settings *settings, struct failure *failure)
{
	settings->timeout_delivery = 7200;
	return read_number(
	    "control/timeoutdelivery", &settings->timeout_delivery, failure);
}

static bool read_minrate(struct settings *settings, struct failure *failure)
{
	settings->minrate = 100;
	return read_number("control/minrate", &settings->minrate, failure);
}

static bool read_family(struct settings *settings, struct failure *failure)
{
	static const char *const families[] = {[FAMILY_ANY] = "any",
	    [FAMILY_IPV4] = "ipv4",
	    [FAMILY_IPV6] = "ipv6",
	    [FAMILY_IPV4_ONLY] = "ipv4-only",
	    [FAMILY_IPV6_ONLY] = "ipv6-only"};
	const char *file = "control/addressfamily";
	bool good = false;
	char *word;

	switch (control_line(file, &word, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_ABSENT: return true;
	case CONTROL_EMPTY: word = xstrdup(""); break;
	case CONTROL_FOUND: break;
	}
	for (int i = FAMILY_ANY; i <= FAMILY_IPV6_ONLY; i++) {
		if (strcmp(word, families[i]) == 0) {
			settings->address_family = (enum address_family)i;
			good = true;
		}
	}
	if (!good)
		control_fail_line(failure, file, 1, word,
		    _("not one of any, ipv4, ipv6, ipv4-only and ipv6-only"));
	free(word);
	return good;
}

static bool read_ipme(struct settings *settings, struct failure *failure)
{
	return ipme_read(&settings->ipme, NULL, failure);
}

/* What a control file points to has to be there, or mail would go out with
   less than its administrator asked for. */
static bool check_readable(
    const char *file, const char *path, struct failure *failure)
{
	int descriptor =
	    open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (descriptor < 0) {
		control_fail_line(failure, file, 1, path, strerror(errno));
		return false;
	}
	close(descriptor);
	return true;
}

static bool read_path(const char *file, char **path, struct failure *failure)
{
	switch (control_line(file, path, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: return check_readable(file, *path, failure);
	default: return true;
	}
}

/* A directory of anchors ends in a slash; as a file it could not be read. */
static bool check_slash(
    const char *file, const char *path, struct failure *failure)
{
	struct stat status;

	if (path[strlen(path) - 1] == '/' || stat(path, &status) != 0 ||
	    !S_ISDIR(status.st_mode))
		return true;
	control_fail_line(failure, file, 1, path,
	    _("this is a directory: put a / at the end"));
	return false;
}

static bool read_trustanchors(
    struct settings *settings, struct failure *failure)
{
	const char *file = "control/trustanchors";
	char *path;

	switch (control_line(file, &path, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_ABSENT:
		if (*path_default_trustanchors() == '\0')
			return true;
		path = xstrdup(path_default_trustanchors());
		break;
	case CONTROL_EMPTY: return true;
	case CONTROL_FOUND: break;
	}
	if (strcmp(path, "system") == 0) {
		free(path);
		path = xstrdup(path_system_trust());
	}
	settings->trustanchors = path;
	return check_readable(file, path, failure) &&
	       check_slash(file, path, failure);
}

/* 0, unless the file says 1. */
static bool read_switch(const char *file, bool *on, struct failure *failure)
{
	unsigned long number = 0;

	if (control_number(file, &number, 1, failure) == CONTROL_FAILED)
		return false;
	*on = number == 1;
	return true;
}

static bool read_tlsstrictness(
    struct settings *settings, struct failure *failure)
{
	unsigned long strictness = TLS_OPPORTUNISTIC;

	if (control_number("control/tlsstrictness", &strictness, TLS_VERIFIED,
		failure) == CONTROL_FAILED)
		return false;
	settings->strictness = (enum tls_strictness)strictness;
	return true;
}

static bool read_dane(struct settings *settings, struct failure *failure)
{
	return read_switch("control/dane", &settings->dane, failure);
}

static bool read_mtasts(struct settings *settings, struct failure *failure)
{
	return read_switch("control/mtasts", &settings->mtasts, failure);
}

static bool read_clientcert(struct settings *settings, struct failure *failure)
{
	return read_path("control/clientcert", &settings->clientcert, failure);
}

static bool read_clientkey(struct settings *settings, struct failure *failure)
{
	return settings->clientcert == NULL ||
	       read_path("control/clientkey", &settings->clientkey, failure);
}

/* Each reads one file; what follows may need what came before. */
static const struct part {
	const char *file;
	bool (*read)(struct settings *settings, struct failure *failure);
} parts[] = {
    {"control/me", read_me},
    {"control/helohost", read_helohost},
    {"control/timeoutconnect", read_timeoutconnect},
    {"control/timeoutremote", read_timeoutremote},
    {"control/timeoutdns", read_timeoutdns},
    {"control/timeoutdelivery", read_timeoutdelivery},
    {"control/minrate", read_minrate},
    {"control/ipme", read_ipme},
    {"control/addressfamily", read_family},
    {"control/tlsstrictness", read_tlsstrictness},
    {"control/trustanchors", read_trustanchors},
    {"control/dane", read_dane},
    {"control/mtasts", read_mtasts},
    {"control/clientcert", read_clientcert},
    {"control/clientkey", read_clientkey},
};

enum { PARTS = sizeof parts / sizeof parts[0] };

bool settings_read(struct settings *settings, struct failure *failure)
{
	memset(settings, 0, sizeof *settings);
	for (size_t i = 0; i < PARTS; i++)
		if (!parts[i].read(settings, failure))
			return false;
	return true;
}

void settings_check(struct settings *settings, struct faults *faults)
{
	struct failure failure;

	memset(settings, 0, sizeof *settings);
	for (size_t i = 0; i < PARTS; i++) {
		bool good = parts[i].read == read_ipme
				? ipme_read(&settings->ipme, faults, &failure)
				: parts[i].read(settings, &failure);

		/* One that cannot be read does not name a host, either. */
		if (!good &&
		    (failure.file == NULL ||
			(!faults_have(faults, failure.file, failure.line) &&
			    !faults_have(faults, failure.file, 1))))
			faults_take(faults, parts[i].file, &failure);
	}
}

void settings_explain_no_anchors(struct reason *reason)
{
	char *file = control_path("control/trustanchors");

	reason_set(
	    reason, N_("this needs %s, which is missing or empty"), file);
	free(file);
}

bool settings_have_anchors(
    const struct settings *settings, struct failure *failure)
{
	struct reason reason;

	if (settings->trustanchors != NULL)
		return true;
	settings_explain_no_anchors(&reason);
	control_fail_line(
	    failure, "control/tlsstrictness", 1, "2", reason.local);
	return false;
}
