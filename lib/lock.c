/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "lock.h"

#include <errno.h>
#include <sys/file.h>

#include "deadline.h"

enum { RETRY_MS = 5 };

bool lock_take(int descriptor)
{
	struct deadline deadline = deadline_in_ms(LOCK_WAIT_MS);

	while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (deadline_passed(deadline))
			return false;
		deadline_sleep(RETRY_MS);
	}
	return true;
}
