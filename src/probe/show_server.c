/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/show_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "i18n.h"
#include "probe/facts.h"
#include "report.h"
#include "xalloc.h"

enum { EXTENSIONS_SHOWN = 40, DATE_SIZE = 32 };

/* Lines as one text; the caller frees it. */
static char *join(
    const struct facts_lines *lines, size_t most, const char *between)
{
	char *text = xstrdup("");
	size_t shown = lines->count < most ? lines->count : most;
	size_t more = lines->count - shown + lines->more;

	for (size_t i = 0; i < shown; i++) {
		char *before = text;

		text = xasprintf(
		    "%s%s%s", before, i > 0 ? between : "", lines->list[i]);
		free(before);
	}
	if (more > 0) {
		char *before = text;

		text = xasprintf(
		    _("%s%s(lines not shown: %zu)"), before, between, more);
		free(before);
	}
	return text;
}

static void show_demand(struct page *page, const struct demand *demand)
{
	static const char *const checks[] = {
	    [CHECK_VERIFIED] = N_("a certificate that is verified"),
	    [CHECK_NAMED] = N_("a certificate for a name of the policy"),
	    [CHECK_PINNED] = N_("a key of the policy"),
	    [CHECK_TLSA] = N_("a certificate that matches TLSA records"),
	    [CHECK_STS] = N_("a certificate that MTA-STS asks for"),
	};
	const char *origin = demand->tls_origin;

	if (demand->tls == DEMAND_TLS)
		page_row(page, 1, _("Needs"), PAGE_PLAIN, "TLS (%s)",
		    origin != NULL ? origin : "control/tlsstrictness");
	for (size_t i = 0; i < CHECKS; i++)
		if (demand->checks[i])
			page_row(page, 1, _("Needs"), PAGE_PLAIN, "%s (%s)",
			    _(checks[i]),
			    demand->origins[i] != NULL
				? demand->origins[i]
				: "control/tlsstrictness");
	if (demand->requiretls)
		page_row(page, 1, _("Needs"), PAGE_PLAIN, "REQUIRETLS");
	if (demand->credentials)
		page_row(page, 1, _("Needs"), PAGE_PLAIN, "AUTH");
}

static void show_call(struct page *page, const struct trial *trial)
{
	const char *label = _("Call");

	switch (facts_state(trial)) {
	case FACTS_BARRED: break;
	case FACTS_PASSED_OVER:
		page_row(page, 1, label, PAGE_DOUBTFUL, "%s",
		    _("passed over: it has timed out of late, "
		      "qmail-remote-tcpto has more"));
		break;
	case FACTS_NOT_CALLED:
		page_row(page, 1, label, PAGE_PLAIN, "%s", _("not called"));
		break;
	case FACTS_DROPPED:
		page_row(page, 1, label, PAGE_DOUBTFUL, "%s",
		    _("no answer before others were called in its place"));
		break;
	case FACTS_UNCONNECTED:
		page_row(page, 1, label, PAGE_BAD, _("no connection: %s"),
		    strerror(trial->call.error));
		break;
	case FACTS_FAILED:
	case FACTS_READY:
		if (trial->call.took >= 0)
			page_row(page, 1, label, PAGE_PLAIN,
			    _("connected after %lld ms"),
			    (long long)trial->call.took);
		else
			page_row(page, 1, label, PAGE_PLAIN, "%s",
			    _("connected while another server was spoken to"));
	}
}

static void show_lines(struct page *page, const char *label,
    const struct facts_lines *lines, const char *between)
{
	char *text = join(lines, EXTENSIONS_SHOWN, between);

	if (*text != '\0')
		page_row(page, 1, label, PAGE_PLAIN, "%s", text);
	free(text);
}

static void show_words(struct page *page, const struct opening *opening)
{
	struct facts_lines greeting =
	    facts_heard(turns_find(opening->turns, NULL), opening);
	struct facts_lines extensions = facts_extensions(opening);

	show_lines(page, _("Greeting"), &greeting, "\n");
	show_lines(page, "EHLO", &extensions, ", ");
	facts_free(&greeting);
	facts_free(&extensions);
}

void show_hex(struct page *page, const char *label, const unsigned char *bytes,
    size_t size)
{
	char *hex = facts_hex(bytes, size);

	page_row(page, 2, label, PAGE_PLAIN, "%s", hex);
	free(hex);
}

static const char *write_date(time_t date, char text[DATE_SIZE])
{
	struct tm parts;

	if (gmtime_r(&date, &parts) == NULL ||
	    strftime(text, DATE_SIZE, "%Y-%m-%d %H:%M", &parts) == 0)
		snprintf(text, DATE_SIZE, "?");
	return text;
}

static void show_certificate(
    struct page *page, const struct tls_certificate *certificate)
{
	char from[DATE_SIZE], until[DATE_SIZE];

	page_row(
	    page, 1, _("Certificate"), PAGE_PLAIN, "%s", certificate->subject);
	page_row(page, 2, _("issuer"), PAGE_PLAIN, "%s", certificate->issuer);
	page_list(
	    page, 2, _("names"), certificate->names, certificate->name_count);
	page_row(page, 2, _("valid"), PAGE_PLAIN, _("%s to %s (UTC)"),
	    write_date(certificate->from, from),
	    write_date(certificate->until, until));
	show_hex(
	    page, "SHA-256", certificate->sha256, sizeof certificate->sha256);
	show_hex(page, _("key"), certificate->key_sha256,
	    sizeof certificate->key_sha256);
}

static void show_tls(struct page *page, const struct opening *opening)
{
	const struct handshake *handshake = &opening->handshake;

	if (opening->summary != NULL)
		page_row(page, 1, "TLS", PAGE_PLAIN, "%s", opening->summary);
	else if (handshake->protocol[0] != '\0')
		page_row(page, 1, "TLS", PAGE_DOUBTFUL, "%s, %s%s%s",
		    handshake->protocol, handshake->cipher,
		    handshake->reason.local[0] != '\0' ? ": " : "",
		    handshake->reason.local);
	for (size_t i = 0; i < handshake->certificate_count; i++)
		show_certificate(page, &handshake->certificates[i]);
	if (opening->mechanism != NULL)
		page_row(page, 1, "AUTH", PAGE_PLAIN, "%s", opening->mechanism);
}

/* "> " and what we said, "< " and each line that was heard. */
static void show_turn(struct page *page, const struct opening *opening,
    const struct turn *turn, const char *label)
{
	struct facts_lines heard = facts_heard(turn, opening);
	char *text = join(&heard, EXTENSIONS_SHOWN, "\n< ");

	page_row(page, 1, label, PAGE_PLAIN, "%s%s%s%s%s",
	    turn->said != NULL ? "> " : "",
	    turn->said != NULL ? turn->said : "",
	    turn->said != NULL && *text != '\0' ? "\n" : "",
	    *text != '\0' ? "< " : "", text);
	free(text);
	facts_free(&heard);
}

/* Each of them is labelled where that changes. */
static void show_dialogue(struct page *page, const struct opening *opening)
{
	const struct turns *turns = opening->turns;
	const char *label = NULL;

	for (size_t i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];
		const char *own =
		    turn->encrypted ? _("Under TLS") : _("In clear");
		bool same = label != NULL && turn->said != NULL &&
			    strcmp(label, own) == 0;

		show_turn(page, opening, turn, same ? "" : own);
		label = own;
	}
}

static void show_outcome(struct page *page, const struct trial *trial)
{
	if (trial->tried && trial->result == ATTEMPT_READY) {
		page_row(page, 1, _("Outcome"), PAGE_GOOD, "%s",
		    _("ready for MAIL"));
		if (trial->opening->summary == NULL &&
		    trial->opening->clear_reason != NULL)
			page_row(page, 1, _("No TLS"), PAGE_DOUBTFUL, "%s",
			    trial->opening->clear_reason);
	} else if (trial->failure.text != NULL) {
		page_row(page, 1, _("Outcome"), PAGE_BAD, "%c %s",
		    report_letter(&trial->failure), trial->failure.text);
	}
}

void show_server(struct page *page, const struct trial *trial, bool dialogue)
{
	const struct opening *opening = trial->opening;
	const char *name = trial->server.exchanger->name;
	char text[IP_TEXT_SIZE];
	char *head = xasprintf(_("%s, port %u%s%s"),
	    ip_format(&trial->server.ip, text), trial->server.port,
	    name != NULL ? ", " : "", name != NULL ? name : "");

	page_head(page, head);
	free(head);
	show_demand(page, &trial->demand);
	show_call(page, trial);
	if (trial->tried) {
		show_words(page, opening);
		show_tls(page, opening);
		if (dialogue)
			show_dialogue(page, opening);
	}
	show_outcome(page, trial);
}
