/* SPDX-License-Identifier: ISC */
/* What is shown of one server. */
#ifndef PROBE_SHOW_SERVER_H
#define PROBE_SHOW_SERVER_H

#include <stdbool.h>

#include "probe/page.h"
#include "session/passes.h"

void show_server(struct page *page, const struct trial *trial, bool dialogue);

#endif
