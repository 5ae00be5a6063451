/* SPDX-License-Identifier: ISC */
/* What is shown of one server. */
#ifndef PROBE_SHOW_SERVER_H
#define PROBE_SHOW_SERVER_H

#include <stdbool.h>

#include "probe/page.h"
#include "session/passes.h"

/* A row below another one: what it names, in hexadecimal. */
void show_hex(struct page *page, const char *label, const unsigned char *bytes,
    size_t size);

void show_server(struct page *page, const struct trial *trial, bool dialogue);

#endif
