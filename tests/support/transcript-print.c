/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "transcript.h"

#include <string.h>

enum { LINES_SHOWN = 16 };

static void print_line(FILE *stream, int64_t time, const char *name,
    const char *line, size_t length)
{
	fprintf(stream, "%8.1f %s ", (double)time / 1000, name);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[i];

		if (byte < ' ' || byte == 0x7f)
			fprintf(stream, "\\x%02x", byte);
		else
			fputc(byte, stream);
	}
	fputc('\n', stream);
}

/* Prints the lines of the event, without their CRLFs, up to a limit. */
static void print_lines(
    FILE *stream, const struct transcript_event *event, const char *name)
{
	const char *line = event->bytes;
	size_t left = event->length;
	size_t count = 0;

	for (; left > 0 && count < LINES_SHOWN; count++) {
		const char *end = memmem(line, left, "\r\n", 2);
		size_t length = end == NULL ? left : (size_t)(end - line);
		size_t used = end == NULL ? left : length + 2;

		print_line(stream, event->time, name, line, length);
		line += used;
		left -= used;
	}
	if (left > 0)
		fprintf(stream, "%8s %s (%zu bytes more)\n", "", name, left);
}

static void print_remark(
    FILE *stream, const struct transcript_event *event, const char *text)
{
	fprintf(stream, "%8.1f -- %s\n", (double)event->time / 1000, text);
}

static void print_handshake(FILE *stream, const struct transcript_event *event)
{
	struct peer_tls_facts facts;
	char text[sizeof facts + 64];

	memcpy(&facts, event->bytes, sizeof facts);
	if (event->kind == RECORD_TLS_FAILED)
		snprintf(text, sizeof text, "no TLS: %s", facts.error);
	else
		snprintf(text, sizeof text, "%s, %s, server name %s, client %s",
		    facts.version, facts.cipher,
		    facts.sni[0] != '\0' ? facts.sni : "not told",
		    facts.client[0] != '\0' ? facts.client : "anonymous");
	print_remark(stream, event, text);
}

static void print_event(FILE *stream, const struct transcript_event *event)
{
	char text[128];

	switch (event->kind) {
	case RECORD_CONNECT:
		snprintf(text, sizeof text, "connection %u to %.*s",
		    (unsigned)event->value, (int)event->length, event->bytes);
		print_remark(stream, event, text);
		break;
	case RECORD_COMMAND:
	case RECORD_BODY:
	case RECORD_REST: print_lines(stream, event, "C:"); break;
	case RECORD_SENT: print_lines(stream, event, "S:"); break;
	case RECORD_TLS:
	case RECORD_TLS_FAILED: print_handshake(stream, event); break;
	case RECORD_VIOLATION:
		snprintf(text, sizeof text, "%.*s", (int)event->length,
		    event->bytes);
		print_remark(stream, event, text);
		break;
	case RECORD_EOF:
		print_remark(stream, event,
		    event->value == 0 ? "the client has closed"
				      : "closed without close_notify");
		break;
	case RECORD_RESET:
		/* A client that does not wait for the last reply does this. */
		print_remark(stream, event, "the client has gone");
		break;
	default: break;
	}
}

void transcript_print(
    const struct transcript_connection *connection, FILE *stream)
{
	for (size_t i = 0; i < connection->event_count; i++)
		print_event(stream, &connection->events[i]);
}
