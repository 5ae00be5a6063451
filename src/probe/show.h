/* SPDX-License-Identifier: ISC */
/* A probe as people and programs read it, on standard output. */
#ifndef PROBE_SHOW_H
#define PROBE_SHOW_H

#include <stdbool.h>

#include "probe/probe.h"

/* A page of rows; with the dialogue, if that is wanted. */
void show_page(const struct probe *probe, bool dialogue);

/*
 * One JSON object in a line, as doc/qmail-remote-probe.schema.json has it, and
 * in ASCII; nothing where there is no JSON.
 */
void show_json(const struct probe *probe, bool dialogue);

/* Whether there is: the package may have been built without jansson. */
bool show_has_json(void);

#endif
