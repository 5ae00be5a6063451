/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/lines.h"

#include <stdlib.h>
#include <string.h>

#include "check/hops.h"
#include "check/idle.h"
#include "check/secret.h"
#include "i18n.h"
#include "keyentries.h"
#include "route/key.h"
#include "route/policy.h"
#include "xalloc.h"

/* Where the lines of one file go. */
struct reader {
	const struct keyed_file *file;
	const struct settings *settings;
	struct needs *needs;
	struct faults *faults;
	void (*read)(struct reader *reader, const struct keyed_line *line);
	bool (*fits)(const char *key);
	const char *stray; /* what to say of a key that does not */
	bool has_secret;   /* one stands in the file itself */
	const char *key;   /* of the line that is read */
	struct hops hops;
};

static void add_relay(struct needs *needs, const struct route *route)
{
	needs->relays = xrealloc(
	    needs->relays, needs->relay_count + 1, sizeof *needs->relays);
	needs->relays[needs->relay_count++] = *route;
}

static void note_credentials(
    struct reader *reader, const struct credentials *credentials)
{
	struct needs *needs = reader->needs;

	needs->tls = true;
	if (credentials->secret_file != NULL)
		secret_check(credentials->secret_file, reader->faults);
	else
		reader->has_secret = true;
	if (needs->sasl_file == NULL && !credentials->bearer) {
		needs->sasl_file = credentials->file;
		needs->sasl_line = credentials->line;
	}
}

/* Whether a line that cannot be meant has a third part, which is a secret,
   unless it names the file of one. */
static bool shows_secret(const char *value)
{
	static const char blanks[] = " \t";
	const char *second = strpbrk(value, "| \t"), *third = NULL;

	if (second != NULL)
		third = strpbrk(second + 1 + strspn(second + 1, blanks),
		    *second == '|' ? "|" : blanks);
	return third != NULL && third[1] != '\0' &&
	       strstr(third, "file:") == NULL;
}

/* Whether more follows the digits of the port, which nobody reads, as in stock.
 */
static bool goes_on(const char *relay)
{
	const char *close = *relay == '[' ? strchr(relay, ']') : NULL;
	const char *colon = strchr(close != NULL ? close : relay, ':');

	return colon != NULL &&
	       colon[1 + strspn(colon + 1, "0123456789")] != '\0';
}

static void read_route(struct reader *reader, const struct keyed_line *line)
{
	bool secret = shows_secret(line->value); /* which reading changes */
	struct failure failure;
	struct route route;

	if (line->earlier > 0)
		faults_add(reader->faults, FAULT_WARNING, reader->file->path,
		    line->earlier,
		    _("line %lu has the same key and counts in its place: "
		      "remove one of them"),
		    line->number);
	if (!routes_read_line(&route, reader->file, line, &failure)) {
		faults_take(reader->faults, reader->file->path, &failure);
		reader->has_secret |= secret;
		return;
	}
	if (route.kind != ROUTE_NONE) {
		add_relay(reader->needs, &route);
		hops_add_route(&reader->hops,
		    reader->file == routes_file(false) ? reader->key : NULL,
		    &route);
	}
	if (goes_on(line->value)) /* of which reading has left the relay */
		faults_add(reader->faults, FAULT_WARNING, reader->file->path,
		    line->number,
		    _("what follows the digits of the port is not read: "
		      "remove it"));
	if (route.credentials != NULL)
		note_credentials(reader, route.credentials);
}

/* Whether nothing but trust anchors can verify what the line demands. */
static bool wants_anchors(
    const struct policy *policy, const struct settings *settings)
{
	if (policy->level == POLICY_SECURE || policy->match_count > 0)
		return true;
	return (policy->level == POLICY_VERIFY ||
		   (policy->requiretls && policy->level < POLICY_VERIFY)) &&
	       (policy->no_dane || !settings->dane);
}

static void read_policy(struct reader *reader, const struct keyed_line *line)
{
	struct needs *needs = reader->needs;
	struct failure failure;
	struct policy policy;

	if (!policy_read_line(&policy, line, &failure) ||
	    (wants_anchors(&policy, reader->settings) &&
		!policy_have_anchors(&policy, reader->settings, &failure))) {
		faults_take(reader->faults, reader->file->path, &failure);
		return;
	}
	hops_add_policy(&reader->hops, reader->key, line->number);
	needs->tls = needs->tls || policy.level > POLICY_MAY;
	needs->policy_for_all = needs->policy_for_all || *reader->key == '\0';
	if (policy.level == POLICY_PREFER)
		idle_check_preference(reader->settings, reader->file->path,
		    line->number, reader->faults);
	if (needs->dane_file == NULL &&
	    (policy.level == POLICY_DANE || policy.level == POLICY_DANE_ONLY)) {
		needs->dane_file = policy.file;
		needs->dane_line = policy.line;
	}
}

/* A line whose key is in doubt is there twice, and its first fault is all. */
static void read_entry(struct reader *reader, const struct key_entry *entry)
{
	struct keyed_line line = {.colon = entry->colon,
	    .number = entry->number,
	    .earlier = entry->earlier};

	if (faults_have(reader->faults, reader->file->path, entry->number))
		return;
	line.value = xstrndup(entry->value, entry->length);
	reader->key = entry->key;
	reader->read(reader, &line);
	free(line.value);
	if (!reader->fits(entry->key) &&
	    !faults_have(reader->faults, reader->file->path, entry->number))
		faults_add(reader->faults, FAULT_WARNING, reader->file->path,
		    entry->number, "%s", reader->stray);
}

static void read_file(struct reader *reader)
{
	struct key_entries entries;
	struct failure failure;

	if (!key_entries_read(&entries, reader->file, &failure)) {
		faults_take(reader->faults, reader->file->path, &failure);
		return;
	}
	key_entries_sort_by_line(&entries);
	for (size_t i = 0; i < entries.count; i++)
		read_entry(reader, &entries.list[i]);
	key_entries_free(&entries);
	if (reader->has_secret)
		secret_check(reader->file->path, reader->faults);
}

/* Stock ignores them, and so do we; but whoever wrote them does not know. */
static void check_ignored(const char *file, struct faults *faults)
{
	struct control_text text;
	struct control_cursor cursor;
	struct failure failure;
	const char *line;
	size_t length;

	if (control_text(file, &text, &failure) != CONTROL_FOUND)
		return;
	cursor = control_lines(&text);
	while (control_next(&cursor, &line, &length))
		if (memchr(line, ':', length) == NULL)
			faults_add(faults, FAULT_WARNING, file, cursor.line,
			    _("there is no colon, so that the line is ignored: "
			      "write host:relay, or :relay for all hosts"));
	free(text.bytes);
}

void lines_check(
    struct needs *needs, const struct settings *settings, struct faults *faults)
{
	struct reader reader = {.file = routes_file(false),
	    .settings = settings,
	    .needs = needs,
	    .faults = faults,
	    .read = read_route,
	    .fits = key_fits_hosts,
	    .stray = _("no host has this name, so that the line is never used: "
		       "in front of the colon stands a host, .suffix, an "
		       "[address] or nothing")};
	const char *for_hosts = reader.stray;

	*needs = (struct needs){.tls = settings->trustanchors != NULL};
	check_ignored(reader.file->path, faults);
	read_file(&reader);
	reader.file = routes_file(true);
	reader.has_secret = false;
	reader.fits = key_fits_senders;
	reader.stray =
	    _("no sender has this address, so that the line is never used: in "
	      "front of the colon stands user@domain, @domain, .suffix, !@ or "
	      "nothing");
	read_file(&reader);
	reader.file = policy_file();
	reader.read = read_policy;
	reader.fits = key_fits_hosts;
	reader.stray = for_hosts;
	reader.has_secret = false;
	read_file(&reader);
	hops_check(&reader.hops, faults);
}
