/* SPDX-License-Identifier: ISC */
/*
 * A whole transaction against a hostile server.  The first part of the input
 * is, line by line, options, the sender, recipients, an empty line and the
 * message; the other parts are what the server says.
 *
 * Options are those of the server (server.h), the letters p, s, 8 and u for
 * the extensions it offers, l for a size limit, t for TLS, c for a session in
 * clear because TLS failed, n for capabilities that are not known for sure, r
 * for REQUIRETLS.
 *
 * Whatever the server says: nothing but the commands and the message goes
 * out, the reports are well-formed and each follows from the reply to its
 * command, and K needs a 2xx that came after the final dot.
 */
#include "config.h"

#include "fuzz.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "model.h"
#include "mail/refusal.h"
#include "server.h"
#include "mail/transaction.h"
#include "xalloc.h"

enum { RECIPIENTS_MAX = 16, SIZE_LIMIT = 100 };

struct trial {
	struct server server;
	struct session session;
	char *options, *sender;
	char *recipients[RECIPIENTS_MAX];
	const char *text; /* the message */
	size_t text_size;

	char letters[RECIPIENTS_MAX]; /* of the recipients' reports */
	size_t reported;
	struct verdict verdict;
	char letter; /* of the message's report */
};

static struct trial *current;

void __wrap_report_recipient(
    struct reports *reports, const struct failure *failure);

/* The letter of a failure, and what holds for its text. */
static char check_failure(const struct failure *failure, const char letters[2])
{
	FUZZ_CHECK(strlen(failure->text) < REPORT_TEXT_MAX);
	fuzz_check_text(failure->text);
	return letters[failure->class == FAILURE_PERMANENT];
}

/* In place of report_recipient, by the linker's --wrap. */
void __wrap_report_recipient(
    struct reports *reports, const struct failure *failure)
{
	(void)reports;
	FUZZ_CHECK(current->reported < current->session.recipient_count);
	current->letters[current->reported++] =
	    failure == NULL ? 'r' : check_failure(failure, "sh");
}

/* Takes a line off the text, as a string without NULs. */
static char *take_line(const char **text, size_t *size)
{
	const char *end = memchr(*text, '\n', *size);
	size_t length = end != NULL ? (size_t)(end - *text) : *size;
	char *line = xstrndup(*text, length);

	length += end != NULL;
	*text += length;
	*size -= length;
	return line;
}

static void read_recipients(
    struct trial *trial, const char **text, size_t *size)
{
	size_t count = 0;

	while (count < RECIPIENTS_MAX) {
		char *line = take_line(text, size);

		if (*line == '\0' && count > 0) {
			free(line);
			break;
		}
		trial->recipients[count++] = line;
	}
	trial->session.recipients = trial->recipients;
	trial->session.recipient_count = count;
}

static void set_capabilities(struct trial *trial)
{
	static const char letters[] = "ps8u";
	struct capabilities *capabilities = &trial->session.capabilities;

	for (unsigned i = 0; letters[i] != '\0'; i++)
		if (strchr(trial->options, letters[i]) != NULL)
			capabilities->set |= 1u << i;
	if (strchr(trial->options, 'n') != NULL)
		capabilities->set |= CAPABILITY_UNSURE;
	if (strchr(trial->options, 'l') != NULL)
		capabilities->size_limit = SIZE_LIMIT;
}

static void start(struct trial *trial, const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = fuzz_input(bytes, size);
	const char *head = "";
	size_t left = 0;

	memset(trial, 0, sizeof *trial);
	fuzz_part(&input, &head, &left);
	trial->options = take_line(&head, &left);
	trial->sender = take_line(&head, &left);
	read_recipients(trial, &head, &left);
	trial->text = head;
	trial->text_size = left;
	trial->session.server = "192.0.2.1";
	trial->session.sender = trial->sender;
	trial->session.tls =
	    strchr(trial->options, 't') != NULL ? "TLS1.3" : "";
	trial->session.requiretls = strchr(trial->options, 'r') != NULL;
	trial->session.clear_reason =
	    strchr(trial->options, 'c') != NULL ? "No TLS.\n" : "";
	set_capabilities(trial);
	server_start(&trial->server, input, trial->options);
	server_become_transport(&trial->server);
}

static void end(struct trial *trial)
{
	if (trial->letter != 'K' &&
	    trial->verdict.failure.text != trial->verdict.words)
		free(trial->verdict.failure.text);
	server_end(&trial->server);
	for (size_t i = 0; i < trial->session.recipient_count; i++)
		free(trial->recipients[i]);
	free(trial->sender);
	free(trial->options);
}

/* What goes out when all goes well, and how far each part of it reaches. */
struct plan {
	char *wire;
	size_t size;	 /* with the final dot */
	size_t data_end; /* without the message */
	size_t told;	 /* recipients */
	enum refusal refused[RECIPIENTS_MAX];
};

static void append(struct plan *plan, const char *bytes, size_t size)
{
	plan->wire = xrealloc(plan->wire, plan->size + size + 1, 1);
	memcpy(plan->wire + plan->size, bytes, size);
	plan->size += size;
}

static void append_text(struct plan *plan, const char *text)
{
	append(plan, text, strlen(text));
}

static void append_command(
    struct plan *plan, const char *verb, const char *address)
{
	char *quoted = address_quote(address);

	append_text(plan, verb);
	append_text(plan, quoted);
	append_text(plan, ">");
	free(quoted);
}

static bool needs_utf8(const struct trial *trial)
{
	bool utf8 = address_needs_utf8(trial->sender);

	for (size_t i = 0; i < trial->session.recipient_count; i++)
		utf8 |= address_needs_utf8(trial->recipients[i]);
	return utf8;
}

static bool is_in_doubt(const struct trial *trial)
{
	return *trial->session.clear_reason != '\0';
}

static enum refusal_utf8 utf8_of(const struct trial *trial)
{
	unsigned set = trial->session.capabilities.set;

	if ((set & CAPABILITY_SMTPUTF8) && needs_utf8(trial))
		return REFUSAL_UTF8_USED;
	return is_in_doubt(trial) || (set & CAPABILITY_UNSURE)
		   ? REFUSAL_UTF8_MISSING_NOW
		   : REFUSAL_UTF8_MISSING;
}

static void plan_commands(struct plan *plan, const struct trial *trial,
    const struct message_facts *facts)
{
	unsigned set = trial->session.capabilities.set;
	enum refusal_utf8 utf8 = utf8_of(trial);
	char *size = xasprintf(" SIZE=%" PRIu64, facts->wire_size);

	append_command(plan, "MAIL FROM:<", trial->sender);
	if (set & CAPABILITY_SIZE)
		append_text(plan, size);
	if ((set & CAPABILITY_8BITMIME) && facts->eight_bit)
		append_text(plan, " BODY=8BITMIME");
	if (utf8 == REFUSAL_UTF8_USED)
		append_text(plan, " SMTPUTF8");
	if (trial->session.requiretls)
		append_text(plan, " REQUIRETLS");
	append_text(plan, "\r\n");
	for (size_t i = 0; i < trial->session.recipient_count; i++) {
		plan->refused[i] =
		    refusal_of(trial->recipients[i], REFUSAL_RECIPIENT, utf8);
		if (plan->refused[i] != REFUSAL_NONE)
			continue;
		plan->told++;
		append_command(plan, "RCPT TO:<", trial->recipients[i]);
		append_text(plan, "\r\n");
	}
	append_text(plan, "DATA\r\n");
	free(size);
}

static void make_plan(struct plan *plan, const struct trial *trial,
    const struct message_facts *facts)
{
	size_t size, dots;
	char *encoded =
	    model_encode(trial->text, trial->text_size, &size, &dots);

	memset(plan, 0, sizeof *plan);
	plan_commands(plan, trial, facts);
	plan->data_end = plan->size;
	append(plan, encoded, size);
	append_text(plan, ".\r\n");
	free(encoded);
}

static bool ends_in(const char *bytes, size_t size, const char *text)
{
	size_t length = strlen(text);

	return size >= length &&
	       memcmp(bytes + size - length, text, length) == 0;
}

static bool is_prefix(const struct plan *plan, const char *wire, size_t size)
{
	return size <= plan->size && memcmp(wire, plan->wire, size) == 0;
}

/* How much of the plan went out, QUIT apart; the lone dot that follows when
 * there is nobody to deliver to counts as nothing. */
static size_t check_wire(const struct trial *trial, const struct plan *plan)
{
	const char *wire = trial->server.wire != NULL ? trial->server.wire : "";
	size_t size = trial->server.wire_size;

	if (is_prefix(plan, wire, size))
		return size;
	if (ends_in(wire, size, "QUIT\r\n"))
		size -= strlen("QUIT\r\n");
	if (is_prefix(plan, wire, size))
		return size;
	FUZZ_CHECK(size >= plan->data_end);
	FUZZ_CHECK(size <= plan->data_end + strlen(".\r\n"));
	FUZZ_CHECK(is_prefix(plan, wire, plan->data_end));
	FUZZ_CHECK(
	    memcmp(wire + plan->data_end, ".\r\n", size - plan->data_end) == 0);
	FUZZ_CHECK(trial->letter != 'K');
	return plan->data_end;
}

/* The letter that the reply to a RCPT command stands for. */
static char letter_of(const struct trial *trial, int code, bool one_accepted)
{
	if (code / 100 == 2)
		return 'r';
	return code / 100 != 5 || is_in_doubt(trial) ||
		       (code == 552 && one_accepted)
		   ? 's'
		   : 'h';
}

/* Each recipient's report is ours, or follows from its reply. */
static size_t check_recipients(const struct trial *trial,
    const struct plan *plan, struct server_reply *reply)
{
	size_t accepted = 0;

	for (size_t i = 0; i < trial->reported; i++) {
		if (plan->refused[i] != REFUSAL_NONE) {
			FUZZ_CHECK(
			    trial->letters[i] ==
			    (plan->refused[i] == REFUSAL_UTF8_NOW ? 's' : 'h'));
			continue;
		}
		FUZZ_CHECK(server_next_reply(&trial->server, reply));
		FUZZ_CHECK(reply->code > 0);
		FUZZ_CHECK(trial->letters[i] ==
			   letter_of(trial, reply->code, accepted > 0));
		accepted += trial->letters[i] == 'r';
	}
	return accepted;
}

/* All that a success needs, from the reply to DATA on. */
static void check_success(const struct trial *trial, const struct plan *plan,
    size_t written, size_t accepted, struct server_reply reply)
{
	const struct server *server = &trial->server;
	const char *text = trial->verdict.accepted;

	FUZZ_CHECK(written == plan->size);
	FUZZ_CHECK(trial->reported == trial->session.recipient_count);
	FUZZ_CHECK(accepted > 0);
	FUZZ_CHECK(server_next_reply(server, &reply));
	FUZZ_CHECK(reply.code == 354);
	FUZZ_CHECK(server_next_reply(server, &reply));
	FUZZ_CHECK(reply.code / 100 == 2);
	FUZZ_CHECK(server->heard_at[reply.start] >= plan->size);
	FUZZ_CHECK(
	    strncmp(text, "192.0.2.1 accepted message.\nRemote host said: ",
		strlen("192.0.2.1 accepted message.\nRemote host said: ")) ==
	    0);
	FUZZ_CHECK(*trial->session.tls == '\0' ||
		   ends_in(text, strlen(text), "\nTLS1.3\n"));
}

/*
 * A bounce needs a 5xx, or each recipient's own refusal; in doubt only what
 * the mail itself is wrong with, so that nothing was sent.
 */
static void check_bounce(
    const struct trial *trial, size_t written, size_t accepted)
{
	struct server_reply reply = {0};
	bool refused = false;

	if (written == 0)
		return;
	FUZZ_CHECK(!is_in_doubt(trial));
	if (trial->reported == trial->session.recipient_count && accepted == 0)
		return;
	while (server_next_reply(&trial->server, &reply) && reply.code > 0)
		refused |= reply.code / 100 == 5;
	FUZZ_CHECK(refused);
}

static void check_trial(
    const struct trial *trial, const struct message_facts *facts)
{
	struct plan plan;
	struct server_reply reply = {0};
	size_t written, accepted;

	make_plan(&plan, trial, facts);
	written = check_wire(trial, &plan);
	if (trial->reported > 0 && plan.told > 0) {
		FUZZ_CHECK(server_next_reply(&trial->server, &reply));
		FUZZ_CHECK(reply.code / 100 == 2);
	}
	accepted = check_recipients(trial, &plan, &reply);
	if (trial->letter == 'K')
		check_success(trial, &plan, written, accepted, reply);
	if (trial->letter == 'D')
		check_bounce(trial, written, accepted);
	free(plan.wire);
}

int FUZZ_TARGET(transaction)(const uint8_t *bytes, size_t size)
{
	static struct trial trial;
	struct reports recipients = {0};
	struct message message;
	struct failure failure;

	start(&trial, bytes, size);
	current = &trial;
	FUZZ_CHECK(message_open(
	    &message, fuzz_file(trial.text, trial.text_size), &failure));
	transaction_run(&trial.session, &message, &recipients, &trial.verdict);
	if (trial.verdict.accepted == NULL)
		trial.letter = check_failure(&trial.verdict.failure, "ZD");
	else
		trial.letter = 'K';
	check_trial(&trial, &message.facts);
	end(&trial);
	return 0;
}
