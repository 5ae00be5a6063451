/* SPDX-License-Identifier: ISC */
/*
 * Floor: linked as qmail-remote is, with all of its modules, and does nothing.
 * Runs the program that it is given, or comes to a halt with the word "wait".
 */
#include "config.h"

#include <err.h>
#include <string.h>
#include <unistd.h>

#include "session/open.h"
#include "servers/lookup.h"
#include "tls/relay.h"

int main(int argc, char **argv)
{
	static void (*const volatile linked[])(void) = {
	    (void (*)(void))open_session, (void (*)(void))lookup_servers,
	    (void (*)(void))relay_start};

	if (linked[0] == NULL || argc < 2)
		return 1;
	if (strcmp(argv[1], "wait") == 0)
		pause();
	execv(argv[1], argv + 1);
	err(1, "%s", argv[1]);
}
