/* SPDX-License-Identifier: ISC */
/* A message on its way out: from the queue file, encoded, to the final dot. */
#ifndef MAIL_DATA_H
#define MAIL_DATA_H

#include "mail/message.h"
#include "stream.h"

/* The message, how far it was read and how much of that is encoded. */
struct data {
	struct message *message;
	struct message_encoder encoder;
	const char *unsent; /* inside chunk */
	size_t unsent_size;
	char chunk[65536];
};

enum data_status {
	DATA_MORE,	/* the stream has no room for the rest yet */
	DATA_COMPLETE,	/* the final dot is put */
	DATA_UNREADABLE /* or not what it was before; no dot is put */
};

void data_open(struct data *data, struct message *message);

/* Puts as much as the stream has room for, and at last the final dot. */
enum data_status data_put(struct data *data, struct stream *stream);

#endif
