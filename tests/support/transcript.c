/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "transcript.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "body.h"

/* Makes room for one element more, which is zeroed. */
static void *grow(void *array, size_t *count, size_t size)
{
	char *grown = realloc(array, (*count + 1) * size);

	if (grown == NULL)
		err(99, "transcript");
	memset(grown + *count * size, 0, size);
	++*count;
	return grown;
}

static uint64_t count_strays(const char *line, size_t length)
{
	uint64_t strays = 0;

	for (size_t i = 0; i < length; i++) {
		bool after_cr = i > 0 && line[i - 1] == '\r';

		if (after_cr != (line[i] == '\n'))
			strays++;
	}
	return strays;
}

/* The message that is being received. */
static struct transcript_message *message_of(
    struct transcript_connection *connection)
{
	return &connection->messages[connection->message_count - 1];
}

static void begin_message(struct transcript_connection *connection)
{
	connection->messages = grow(connection->messages,
	    &connection->message_count, sizeof *connection->messages);
}

static void end_message(struct transcript_connection *connection,
    const struct transcript_event *event)
{
	struct transcript_message *message = message_of(connection);
	struct body digest;

	memcpy(&digest, event->bytes, sizeof digest);
	message->length = digest.length;
	message->hash = digest.hash;
	message->complete = digest.complete;
	connection->strays += digest.strays;
}

/*
 * Makes the text of the raw data.  A process that was killed has not left
 * the digest either.
 */
static void finish_message(struct transcript_message *message)
{
	struct body body;

	body_start(&body);
	body_take(
	    &body, message->raw.data, message->raw.length, &message->text);
	if (body.raw > 0) {
		message->length = body.length;
		message->hash = body.hash;
	}
	if (body.complete) {
		message->raw.length -= strlen(".\r\n");
		message->raw.data[message->raw.length] = '\0';
	}
}

static void finish_connection(struct transcript_connection *connection)
{
	for (size_t i = 0; i < connection->message_count; i++)
		finish_message(&connection->messages[i]);
}

static void connect_client(struct transcript_connection *connection,
    const struct transcript_event *event)
{
	connection->began = event->time;
	connection->number = (unsigned)event->value;
	snprintf(connection->address, sizeof connection->address, "%.*s",
	    (int)event->length, event->bytes);
}

static void take_client_end(struct transcript_connection *connection,
    const struct transcript_event *event)
{
	connection->reset = event->kind == RECORD_RESET;
	connection->eof = event->kind == RECORD_EOF;
	connection->close_notify =
	    connection->eof && connection->tls && event->value == 0;
}

static void take_handshake(struct transcript_connection *connection,
    const struct transcript_event *event)
{
	connection->tls = event->kind == RECORD_TLS;
	connection->tls_failed = !connection->tls;
	connection->tls_at = connection->received.length;
	memcpy(&connection->facts, event->bytes, sizeof connection->facts);
}

/* True when the server has sent something since it last read. */
static bool has_answered(const struct transcript_connection *connection)
{
	for (size_t i = connection->event_count - 1; i-- > 0;) {
		enum record_kind kind = connection->events[i].kind;

		if (kind == RECORD_SENT || kind == RECORD_READ)
			return kind == RECORD_SENT;
	}
	return false;
}

/* Takes the event that has been appended last. */
static void take_event(struct transcript_connection *connection)
{
	struct transcript_event *event =
	    &connection->events[connection->event_count - 1];

	switch (event->kind) {
	case RECORD_CONNECT: connect_client(connection, event); break;
	case RECORD_READ: connection->turns += has_answered(connection); break;
	case RECORD_COMMAND:
		connection->strays += count_strays(event->bytes, event->length);
		bytes_add(&connection->received, event->bytes, event->length);
		break;
	case RECORD_BODY_BEGIN: begin_message(connection); break;
	case RECORD_BODY:
		bytes_add(
		    &message_of(connection)->raw, event->bytes, event->length);
		bytes_add(&connection->received, event->bytes, event->length);
		break;
	case RECORD_BODY_END: end_message(connection, event); break;
	case RECORD_REST:
		bytes_add(&connection->received, event->bytes, event->length);
		break;
	case RECORD_SENT:
		bytes_add(&connection->sent, event->bytes, event->length);
		break;
	case RECORD_FLOODED: connection->flooded = event->value; break;
	case RECORD_TLS:
	case RECORD_TLS_FAILED: take_handshake(connection, event); break;
	case RECORD_VIOLATION: connection->violations++; break;
	case RECORD_EOF:
	case RECORD_RESET: take_client_end(connection, event); break;
	}
	event->time -= connection->began;
}

static void add_event(struct transcript *transcript,
    const struct record_header *header, const char *bytes)
{
	struct transcript_connection *connection;

	while (transcript->count <= header->connection)
		transcript->connections = grow(transcript->connections,
		    &transcript->count, sizeof *transcript->connections);
	connection = &transcript->connections[header->connection];
	connection->events = grow(connection->events, &connection->event_count,
	    sizeof *connection->events);
	connection->events[connection->event_count - 1] =
	    (struct transcript_event){.kind = header->kind,
		.time = header->time,
		.value = header->value,
		.bytes = bytes,
		.length = (size_t)header->length};
	take_event(connection);
}

struct transcript *transcript_read(int fd)
{
	struct transcript *transcript = calloc(1, sizeof *transcript);
	struct record_header header;
	struct stat status;
	size_t at = 0;
	char *file;

	if (transcript == NULL || fstat(fd, &status) == -1)
		err(99, "transcript");
	if (status.st_size == 0)
		return transcript;
	transcript->file_size = (size_t)status.st_size;
	file = mmap(NULL, transcript->file_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		err(99, "transcript");
	transcript->file = file;
	/* A process that was killed may have left half an event. */
	while (transcript->file_size - at >= sizeof header) {
		memcpy(&header, file + at, sizeof header);
		at += sizeof header;
		if (transcript->file_size - at < header.length)
			break;
		add_event(transcript, &header, file + at);
		at += (size_t)header.length;
	}
	for (size_t i = 0; i < transcript->count; i++)
		finish_connection(&transcript->connections[i]);
	return transcript;
}

static void free_connection(struct transcript_connection *connection)
{
	for (size_t i = 0; i < connection->message_count; i++) {
		bytes_free(&connection->messages[i].raw);
		bytes_free(&connection->messages[i].text);
	}
	free(connection->messages);
	free(connection->events);
	bytes_free(&connection->received);
	bytes_free(&connection->sent);
}

void transcript_free(struct transcript *transcript)
{
	for (size_t i = 0; i < transcript->count; i++)
		free_connection(&transcript->connections[i]);
	free(transcript->connections);
	if (transcript->file != NULL)
		munmap(transcript->file, transcript->file_size);
	free(transcript);
}

size_t transcript_connections(
    const struct transcript *transcript, const char *address)
{
	size_t count = 0;

	for (size_t i = 0; i < transcript->count; i++)
		count += !strcmp(transcript->connections[i].address, address);
	return count;
}

const struct transcript_connection *transcript_connection(
    const struct transcript *transcript, const char *address, size_t n)
{
	size_t left = n;

	for (size_t i = 0; i < transcript->count; i++) {
		struct transcript_connection *connection =
		    &transcript->connections[i];

		if (address != NULL && strcmp(connection->address, address))
			continue;
		if (left-- == 0)
			return connection;
	}
	errx(99, "transcript: no connection %zu to %s", n,
	    address == NULL ? "any address" : address);
}

const struct transcript_event *transcript_command(
    const struct transcript_connection *connection, enum peer_stage stage,
    size_t n)
{
	for (size_t i = 0; i < connection->event_count; i++) {
		const struct transcript_event *event = &connection->events[i];

		if (event->kind == RECORD_COMMAND && event->value == stage &&
		    n-- == 0)
			return event;
	}
	return NULL;
}

size_t transcript_count(
    const struct transcript_connection *connection, enum peer_stage stage)
{
	size_t count = 0;

	while (transcript_command(connection, stage, count) != NULL)
		count++;
	return count;
}

bool transcript_said(const struct transcript_connection *connection,
    enum peer_stage stage, size_t n, const char *text)
{
	const struct transcript_event *event =
	    transcript_command(connection, stage, n);
	size_t length = strlen(text);

	return event != NULL && event->length == length + strlen("\r\n") &&
	       memcmp(event->bytes, text, length) == 0 &&
	       memcmp(event->bytes + length, "\r\n", 2) == 0;
}
