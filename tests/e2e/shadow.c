/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "shadow.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

extern char **environ;

enum { VARIABLES = 64, VARIABLE = 128, REPORT_MAX = 8192, SECONDS = 60 };

static bool is_numbered(const struct peer_script *script)
{
	for (size_t i = 0; script != NULL && i < PEER_OVERRIDES; i++)
		if (script->overrides[i].connection > 0)
			return true;
	return false;
}

void shadow_serve(
    struct shadow *shadow, const struct peer_address *addresses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		shadow->silent |= addresses[i].kind == PEER_BLACKHOLE ||
				  addresses[i].kind == PEER_LATE;
		shadow->numbered |= is_numbered(addresses[i].script);
	}
	shadow->several = count > 1;
	if (!shadow->silent)
		shadow->peer = peer_start(addresses, count);
}

void shadow_resolve(
    struct shadow *shadow, const char *zone, const struct dns_options *options)
{
	if (shadow->dns != NULL)
		dns_stop(shadow->dns);
	shadow->dns = NULL;
	if (!shadow->silent)
		shadow->dns = dns_start(zone, options);
}

void shadow_stop(struct shadow *shadow)
{
	if (shadow->peer != NULL)
		transcript_free(peer_stop(shadow->peer));
	if (shadow->dns != NULL)
		dns_stop(shadow->dns);
	bytes_free(&shadow->letter);
	bytes_free(&shadow->text);
	bytes_free(&shadow->notes);
	*shadow = (struct shadow){0};
}

/* A copy of the home as far as it can be read. */
static void copy_home(const struct home *from, struct home *to)
{
	char name[] = "cp", as_it_is[] = "-a", source[HOME_PATH];
	char *arguments[] = {name, as_it_is, source, to->path, NULL};
	pid_t child;

	home_make(to);
	home_path(from, ".", source);
	ck_assert_int_eq(
	    posix_spawn(&child, "/bin/cp", NULL, NULL, arguments, environ), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

static struct bytes replace_all(
    const struct bytes *text, const char *old, const char *new)
{
	struct bytes result = {0};
	const char *at = text->data != NULL ? text->data : "", *found;

	while ((found = strstr(at, old)) != NULL) {
		bytes_add(&result, at, (size_t)(found - at));
		bytes_add_text(&result, new);
		at = found + strlen(old);
	}
	bytes_add_text(&result, at);
	return result;
}

/* Routes to the scene's servers lead to ours. */
static void move_routes(const struct home *home, unsigned from, unsigned to)
{
	static const char *const names[] = {
	    "control/smtproutes", "control/authsenders"};
	char old[16], new[16];

	snprintf(old, sizeof old, ":%u", from);
	snprintf(new, sizeof new, ":%u", to);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct bytes text, moved;
		struct stat status;
		char path[HOME_PATH];

		if (stat(home_path(home, names[i], path), &status) != 0 ||
		    !S_ISREG(status.st_mode) || access(path, R_OK) != 0 ||
		    !home_read(home, names[i], &text))
			continue;
		if (strlen(text.data != NULL ? text.data : "") == text.length) {
			moved = replace_all(&text, old, new);
			if (!bytes_equal(&moved, text.data, text.length))
				home_write(
				    home, names[i], moved.data, moved.length);
			bytes_free(&moved);
		}
		bytes_free(&text);
	}
}

/* The string behind this key, behind the place; left empty for null. */
static const char *take_string(
    const char *place, const char *key, struct bytes *value)
{
	const char *at = place != NULL ? strstr(place, key) : NULL;

	bytes_free(value);
	if (at == NULL)
		return NULL;
	at += strlen(key);
	if (*at++ != '"')
		return at;
	for (; *at != '"'; at++) {
		unsigned code = (unsigned char)*at;
		char byte;

		if (*at == '\\' && *++at == 'u') {
			ck_assert_int_eq(sscanf(at + 1, "%4x", &code), 1);
			at += 4;
		} else {
			code = *at == 'n' && at[-1] == '\\' ? '\n'
			       : *at == 't' && at[-1] == '\\'
				   ? '\t'
				   : (unsigned char)*at;
		}
		byte = code < 127 ? (char)code : '?';
		bytes_add(value, &byte, 1);
	}
	return at;
}

/* Those whose outcome lies elsewhere than with servers and settings, or that
   the probe cannot be told. */
static bool is_ordinary(const struct delivery *delivery)
{
	const char *const *variable = delivery->environment;

	for (; variable != NULL && *variable != NULL; variable++)
		if (strncmp(*variable, "QR_TEST_RUN=", 12) == 0 ||
		    strncmp(*variable, "QR_TEST_IO=", 11) == 0 ||
		    strncmp(*variable, "QR_TEST_LOCALE=", 15) == 0)
			return false;
	/* The probe that is installed becomes another user. */
	if (getenv("QR_TEST_INSTALLED_HOME") != NULL)
		return false;
	return access(delivery->home->path, X_OK) == 0 &&
	       delivery->arguments == NULL &&
	       delivery->input != DELIVER_CLOSED &&
	       delivery->output == DELIVER_COLLECT &&
	       delivery->address_space == 0 && delivery->files == 0 &&
	       *delivery->host != '-';
}

static void run(struct shadow *shadow, const struct delivery *delivery,
    unsigned port, struct outcome *outcome)
{
	const char *arguments[] = {
	    "-j", "-s", delivery->sender, "--", delivery->host, NULL};
	struct delivery asked = *delivery;
	struct home home;

	copy_home(delivery->home, &home);
	asked.home = &home;
	asked.tool = "-probe";
	asked.arguments = arguments;
	asked.input = DELIVER_CLOSED;
	asked.seconds = SECONDS;
	if (shadow->peer != NULL) {
		move_routes(&home, port, peer_port(shadow->peer));
		asked.port = peer_port(shadow->peer);
	}
	deliver(&asked, outcome);
	if (outcome->output.length > 0) {
		struct bytes text = replace_all(
		    &outcome->output, home.path, delivery->home->path);

		bytes_free(&outcome->output);
		outcome->output = text;
	}
	home_remove(&home);
}

/* A variable that names a server of the scene names ours. */
static const char *translate(const struct shadow *shadow, const char *variable,
    const struct dns *dns, char ours[VARIABLE])
{
	static const char https[] = "QR_TEST_HTTPS_PORT=";

	if (shadow->https[0] != '\0' &&
	    strncmp(variable, https, sizeof https - 1) == 0)
		return shadow->https;
	if (dns == NULL || shadow->dns == NULL)
		return variable;
	snprintf(ours, VARIABLE, "DNSCACHEIP=%s", dns_address(dns));
	if (strcmp(variable, ours) != 0)
		return variable;
	snprintf(ours, VARIABLE, "DNSCACHEIP=%s", dns_address(shadow->dns));
	return ours;
}

static void run_with_ours(struct shadow *shadow, struct delivery *delivery,
    unsigned port, const struct dns *dns, struct outcome *outcome)
{
	const char *environment[VARIABLES] = {NULL};
	const char *const *given = delivery->environment;
	char room[VARIABLES][VARIABLE];
	size_t count = 0;

	for (; given != NULL && *given != NULL; given++) {
		ck_assert_uint_lt(count, VARIABLES - 1);
		environment[count] =
		    translate(shadow, *given, dns, room[count]);
		count++;
	}
	delivery->environment = environment;
	run(shadow, delivery, port, outcome);
}

void shadow_ask(struct shadow *shadow, const struct delivery *delivery,
    unsigned port, const struct dns *dns)
{
	struct delivery copy = *delivery;
	struct outcome outcome = {0};
	const char *result;
	struct bytes verdict = {0};

	shadow->ran = false;
	shadow->runs++;
	if (!is_ordinary(delivery) || shadow->silent ||
	    (shadow->numbered && shadow->runs > 1) ||
	    (port > 0 && shadow->peer == NULL))
		return;
	run_with_ours(shadow, &copy, port, dns, &outcome);
	ck_assert_msg(!outcome.timed_out && outcome.strays == 0,
	    "the probe took too long, or left %u processes", outcome.strays);
	if (WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == 64) {
		outcome_free(&outcome);
		return; /* built without JSON */
	}
	result = outcome.output.length > 0
		     ? strstr(outcome.output.data, "\"result\": {")
		     : NULL;
	ck_assert_msg(result != NULL, "the probe said \"%s\", status %d",
	    outcome.output.length > 0 ? outcome.output.data : "",
	    outcome.status);
	take_string(result, "\"verdict\": ", &verdict);
	take_string(result, "\"letter\": ", &shadow->letter);
	take_string(result, "\"text\": ", &shadow->text);
	take_string(result, "\"notes\": ", &shadow->notes);
	shadow->delivers = strcmp(verdict.data, "delivers") == 0;
	shadow->ran = true;
	bytes_free(&verdict);
	outcome_free(&outcome);
}

/* Without what is not ASCII: one form of it has it in other bytes.  Numbers
   tell servers apart. */
static struct bytes plain(const char *text, bool numbered)
{
	struct bytes result = {0};
	char last = '\0';

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		char shown = byte < 127 ? *text : '?';

		if (!numbered && shown >= '0' && shown <= '9')
			shown = '?';
		if (shown != '?' || last != '?')
			bytes_add(&result, &shown, 1);
		last = shown;
	}
	bytes_add_text(&result, "");
	return result;
}

static bool is_same(const char *said, const char *reported, bool numbered)
{
	struct bytes a = plain(said, numbered), b = plain(reported, numbered);
	bool cut = strlen(reported) >= REPORT_MAX - 1;
	bool same =
	    cut ? strncmp(a.data, b.data, b.length) == 0
		: a.length == b.length && memcmp(a.data, b.data, a.length) == 0;

	bytes_free(&a);
	bytes_free(&b);
	return same;
}

void shadow_compare(const struct shadow *shadow, const struct outcome *outcome)
{
	const struct outcome_chunk *last =
	    outcome->count > 0 ? &outcome->chunks[outcome->count - 1] : NULL;

	if (!shadow->ran || last == NULL)
		return;
	if (shadow->delivers) {
		ck_assert_msg(
		    last->letter != 'K' || shadow->notes.length == 0 ||
			strstr(last->text, shadow->notes.data) != NULL,
		    "the probe said it would travel by \"%s\", not \"%s\"",
		    shadow->notes.data, last->text);
		return;
	}
	ck_assert_msg(
	    outcome->count == 1 && last->letter == shadow->letter.data[0] &&
		is_same(shadow->text.data, last->text, !shadow->several),
	    "the probe said %s \"%s\", the delivery %s \"%s\"",
	    shadow->letter.data, shadow->text.data, outcome->letters,
	    last->text);
}
