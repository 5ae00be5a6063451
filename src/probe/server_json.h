/* SPDX-License-Identifier: ISC */
/* A server that was, or was not, called, in JSON. */
#ifndef PROBE_SERVER_JSON_H
#define PROBE_SERVER_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "session/passes.h"

/* With the dialogue, if that is wanted. */
json_t *server_json(const struct trial *trial, bool dialogue);

#endif
