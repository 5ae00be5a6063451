/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/outbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool outbox_put(struct outbox *outbox, const void *bytes, size_t size)
{
	if (size > sizeof outbox->bytes - outbox->end)
		return false;
	memcpy(outbox->bytes + outbox->end, bytes, size);
	outbox->end += size;
	return true;
}

bool outbox_flush(struct outbox *outbox, int descriptor)
{
	while (outbox->start < outbox->end) {
		ssize_t size = write(descriptor, outbox->bytes + outbox->start,
		    outbox->end - outbox->start);

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return false;
		outbox->start += (size_t)size;
	}
	outbox->start = outbox->end = 0;
	return true;
}
