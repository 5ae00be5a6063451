/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "mail/doubt.h"
#include "xalloc.h"

static bool has(const struct commands *commands, enum capability capability)
{
	return commands->session->capabilities.set & capability;
}

/* SMTPUTF8 is used where an address needs it, for that alone. */
static enum refusal_utf8 find_utf8(const struct session *session)
{
	if ((session->capabilities.set & CAPABILITY_SMTPUTF8) &&
	    address_any_needs_utf8(
		session->sender, session->recipients, session->recipient_count))
		return REFUSAL_UTF8_USED;
	return doubt_lack(session) ? REFUSAL_UTF8_MISSING_NOW
				   : REFUSAL_UTF8_MISSING;
}

void commands_start(struct commands *commands, const struct session *session,
    const struct message_facts *facts)
{
	size_t count = session->recipient_count;

	*commands = (struct commands){.session = session,
	    .facts = facts,
	    .refusals = xcalloc(count, sizeof *commands->refusals)};
	commands->utf8 = find_utf8(session);
	for (size_t i = 0; i < count; i++)
		commands->refusals[i] = refusal_of(
		    session->recipients[i], REFUSAL_RECIPIENT, commands->utf8);
}

void commands_end(struct commands *commands)
{
	free(commands->refusals);
}

struct place commands_next(const struct commands *commands, struct place place)
{
	size_t recipient = place.stage == STAGE_RCPT ? place.recipient + 1 : 0;

	if (place.stage > STAGE_RCPT)
		return (struct place){place.stage + 1, 0};
	while (recipient < commands->session->recipient_count &&
	       commands->refusals[recipient] != REFUSAL_NONE)
		recipient++;
	if (recipient < commands->session->recipient_count)
		return (struct place){STAGE_RCPT, recipient};
	return (struct place){STAGE_DATA, 0};
}

bool place_is(struct place a, struct place b)
{
	return a.stage == b.stage && a.recipient == b.recipient;
}

static void put_text(struct stream *stream, const char *text)
{
	stream_put(stream, text, strlen(text));
}

static void put_address(
    struct stream *stream, const char *command, const char *address)
{
	char *quoted = address_quote(address);

	put_text(stream, command);
	put_text(stream, "<");
	put_text(stream, quoted);
	put_text(stream, ">");
	free(quoted);
}

static void put_mail(const struct commands *commands, struct stream *stream)
{
	const struct message_facts *facts = commands->facts;
	char size[32];

	put_address(stream, "MAIL FROM:", commands->session->sender);
	if (has(commands, CAPABILITY_SIZE)) {
		snprintf(size, sizeof size, " SIZE=%" PRIu64, facts->wire_size);
		put_text(stream, size);
	}
	if (has(commands, CAPABILITY_8BITMIME) && facts->eight_bit)
		put_text(stream, " BODY=8BITMIME");
	if (commands->utf8 == REFUSAL_UTF8_USED)
		put_text(stream, " SMTPUTF8");
	if (commands->session->requiretls)
		put_text(stream, " REQUIRETLS");
}

void commands_put(
    const struct commands *commands, struct place place, struct stream *stream)
{
	switch (place.stage) {
	case STAGE_MAIL: put_mail(commands, stream); break;
	case STAGE_RCPT:
		put_address(stream,
		    "RCPT TO:", commands->session->recipients[place.recipient]);
		break;
	default: put_text(stream, "DATA"); break;
	}
	put_text(stream, "\r\n");
}
