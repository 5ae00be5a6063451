/* SPDX-License-Identifier: ISC */
/* Floor: one message, with the envelope in one go. */
#include "config.h"

#include <err.h>
#include <string.h>
#include <unistd.h>

#include "bare-connect.h"
#include "bare-dialogue.h"

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "write");
}

static void hear(int fd)
{
	char reply[4096];

	if (read(fd, reply, sizeof reply) <= 0)
		err(1, "read");
}

int main(int argc, char **argv)
{
	static const char *const turns[] = {
	    BARE_EHLO, BARE_ENVELOPE, BARE_MESSAGE};
	size_t unused;
	int fd = bare_connect(argc, argv, &unused);

	hear(fd);
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
		say(fd, turns[i]);
		hear(fd);
	}
	say(fd, BARE_QUIT);
	return 0;
}
