/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "lock.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

enum { RETRY_MS = 5 };

bool lock_take_until(int descriptor, struct deadline deadline)
{
	while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (deadline_passed(deadline))
			return false;
		deadline_sleep(RETRY_MS);
	}
	return true;
}

bool lock_take(int descriptor)
{
	return lock_take_until(descriptor, deadline_in_ms(LOCK_WAIT_MS));
}

int lock_or_close(int descriptor)
{
	if (descriptor < 0 || lock_take(descriptor))
		return descriptor;
	close(descriptor);
	return -1;
}
