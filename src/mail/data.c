/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "mail/data.h"

/* Less room than this is not worth a turn of the encoder. */
enum { ROOM_MIN = 512 };

static const char final_dot[] = ".\r\n";

void data_open(struct data *data, struct message *message)
{
	data->message = message;
	data->encoder = (struct message_encoder){0};
	data->unsent = data->chunk;
	data->unsent_size = 0;
}

/* A message that has changed since it was read through is not trusted. */
static enum data_status finish(struct data *data, struct stream *stream)
{
	if (data->encoder.inside_line ||
	    data->encoder.octets != data->message->facts.wire_size)
		return DATA_UNREADABLE;
	stream_put(stream, final_dot, sizeof final_dot - 1);
	return DATA_COMPLETE;
}

enum data_status data_put(struct data *data, struct stream *stream)
{
	while (stream_room(stream) >= ROOM_MIN) {
		ssize_t size;

		if (data->unsent_size > 0) {
			stream_commit(stream,
			    message_encode(&data->encoder, &data->unsent,
				&data->unsent_size, stream_space(stream),
				stream_room(stream)));
			continue;
		}
		size = message_read(
		    data->message, data->chunk, sizeof data->chunk);
		if (size < 0)
			return DATA_UNREADABLE;
		if (size == 0)
			return finish(data, stream);
		data->unsent = data->chunk;
		data->unsent_size = (size_t)size;
	}
	return DATA_MORE;
}
