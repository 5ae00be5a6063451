/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-act.h"

#include <string.h>

const struct peer_override *peer_find(
    struct peer_speaker *speaker, enum peer_stage stage)
{
	unsigned occurrence = ++speaker->counts[stage];

	for (size_t i = 0; i < PEER_OVERRIDES; i++) {
		const struct peer_override *override =
		    &speaker->script->overrides[i];

		if (override->at == stage &&
		    (override->nth == 0 || override->nth == occurrence) &&
		    (override->connection == 0 ||
			override->connection == speaker->number))
			return override;
	}
	return NULL;
}

void peer_flush(struct peer_speaker *speaker)
{
	if (speaker->waiting.length == 0)
		return;
	if (speaker->script->latency > 0)
		wire_pause(&speaker->wire, speaker->script->latency);
	/* That the client has gone is seen when reading. */
	wire_write(
	    &speaker->wire, speaker->waiting.data, speaker->waiting.length);
	bytes_free(&speaker->waiting);
}

void peer_set_aside(struct peer_speaker *speaker)
{
	if (speaker->in.length > 0)
		record_add(&speaker->wire.record, RECORD_REST, 0,
		    speaker->in.data, speaker->in.length);
	bytes_free(&speaker->in);
}

static size_t length_of(const struct peer_override *override)
{
	if (override->length > 0 || override->bytes == NULL)
		return override->length;
	return strlen(override->bytes);
}

static void say(struct peer_speaker *speaker, const void *bytes, size_t length)
{
	bytes_free(&speaker->said);
	bytes_add(&speaker->said, bytes, length);
	bytes_add(&speaker->waiting, bytes, length);
}

static void say_normal(struct peer_speaker *speaker,
    const struct peer_override *override, const char *normal)
{
	say(speaker, normal, strlen(normal));
	if (override->action == PEER_EARLY)
		speaker->early = override;
	if (override->action != PEER_DELAY)
		bytes_add(
		    &speaker->waiting, override->bytes, length_of(override));
}

static void say_slowly(
    struct peer_speaker *speaker, const struct peer_override *override)
{
	size_t length = length_of(override);

	say(speaker, override->bytes, length);
	bytes_free(&speaker->waiting);
	for (size_t i = 0; i < length; i++) {
		if (!wire_write(&speaker->wire, override->bytes + i, 1))
			return;
		wire_pause(&speaker->wire, override->ms);
	}
}

/* The actions after which the connection is of no more use. */
static void end(
    struct peer_speaker *speaker, const struct peer_override *override)
{
	struct wire *wire = &speaker->wire;

	speaker->over = true;
	peer_set_aside(speaker);
	if (override->action == PEER_FLOOD) {
		wire_flood(
		    wire, override->bytes, length_of(override), override->ms);
		return;
	}
	say(speaker, override->bytes, length_of(override));
	peer_flush(speaker);
	switch (override->action) {
	case PEER_DROP:
		/* Closing with unread bytes would send RST. */
		wire_drain(wire, false);
		wire_drop(wire);
		break;
	case PEER_RESET: wire_reset(wire); break;
	case PEER_DEAF: wire_ignore(wire); break;
	case PEER_HALF_CLOSE:
		wire_half_close(wire);
		wire_drain(wire, true);
		break;
	default: wire_drain(wire, true);
	}
}

void peer_act(struct peer_speaker *speaker,
    const struct peer_override *override, const char *normal)
{
	bool paced = override->action == PEER_SAY_SLOWLY ||
		     override->action == PEER_FLOOD;

	if (paced || override->ms > 0)
		peer_flush(speaker);
	if (override->ms > 0 && !paced)
		wire_pause(&speaker->wire, override->ms);
	switch (override->action) {
	case PEER_SAY:
		say(speaker, override->bytes, length_of(override));
		break;
	case PEER_SAY_SLOWLY: say_slowly(speaker, override); break;
	case PEER_DELAY:
	case PEER_APPEND:
	case PEER_EARLY: say_normal(speaker, override, normal); break;
	default: end(speaker, override);
	}
}

void peer_reply(
    struct peer_speaker *speaker, enum peer_stage stage, const char *normal)
{
	const struct peer_override *early = speaker->early;
	const struct peer_override *override = peer_find(speaker, stage);

	if (early != NULL) {
		speaker->early = NULL;
		bytes_free(&speaker->said);
		bytes_add(&speaker->said, early->bytes, length_of(early));
	} else if (override != NULL) {
		peer_act(speaker, override, normal);
	} else {
		say(speaker, normal, strlen(normal));
	}
}
