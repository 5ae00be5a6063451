/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "descriptors.h"

#include <fcntl.h>
#include <unistd.h>

/* The lowest free number is the closed one: all below it are open. */
static bool fill(int descriptor)
{
	return fcntl(descriptor, F_GETFD) >= 0 ||
	       open("/dev/null", O_RDWR) == descriptor;
}

bool descriptors_secure(bool *input_closed)
{
	*input_closed = fcntl(STDIN_FILENO, F_GETFD) < 0;
	if (!fill(STDIN_FILENO) || !fill(STDOUT_FILENO))
		return false;
	close(STDERR_FILENO);
	return open("/dev/null", O_RDWR) == STDERR_FILENO;
}
