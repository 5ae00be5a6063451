/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin(struct floor *floor, const char *program, const char *other)
{
	static const char *const nothing[] = {"PATH=/usr/bin:/bin", NULL};

	memset(floor, 0, sizeof *floor);
	floor->command = (struct tree_command){
	    .arguments = floor->arguments, .environment = nothing};
	floor->programs[0] = stage_program(program);
	floor->programs[1] = other != NULL ? stage_program(other) : NULL;
}

void floor_traced(struct floor *floor, const char *const *before)
{
	size_t count = 0;

	begin(floor, "start-remote", "start-io");
	for (; before != NULL && *before != NULL; before++)
		floor->arguments[count++] = *before;
	floor->arguments[count++] = floor->programs[0];
	floor->arguments[count++] = floor->programs[1];
}

void floor_start(struct floor *floor)
{
	floor_traced(floor, NULL);
}

void floor_wait(struct floor *floor)
{
	begin(floor, "start-remote", NULL);
	floor->arguments[0] = floor->programs[0];
	floor->arguments[1] = "wait";
}

void floor_bare(
    struct floor *floor, const char *name, unsigned port, double bytes)
{
	begin(floor, name, NULL);
	snprintf(floor->port, sizeof floor->port, "%u", port);
	snprintf(floor->bytes, sizeof floor->bytes, "%.0f", bytes);
	floor->arguments[0] = floor->programs[0];
	floor->arguments[1] = floor->port;
	floor->arguments[2] = floor->bytes;
}

void floor_deliver(struct floor *floor, bool tls, unsigned port)
{
	floor_bare(floor, tls ? "bare-starttls" : "bare-smtp", port, 0);
}

void floor_free(struct floor *floor)
{
	for (int i = 0; i < 2; i++)
		free(floor->programs[i]);
}
