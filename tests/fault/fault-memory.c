/* SPDX-License-Identifier: ISC */
/*
 * Each allocation fails in turn, those of the libraries included.
 */
#include "config.h"

#include <errno.h>

#include "calls.h"

#ifdef HAVE_GSASL
#include "mechanisms.h"
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct rig_kind kinds[] = {
    {.name = "clear",
	.script = {.capabilities = "PIPELINING\nSIZE\n8BITMIME\nSMTPUTF8"}},
    {.name = "not now",
	.script = {.overrides = {{PEER_DOT, .bytes = "451 not now\r\n"}}}},
    {.name = "resolved",
	.script = {.overrides = {{PEER_RCPT, .bytes = "450 not you\r\n"}}},
	.dns = true},
    {.name = "tls",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "0\n"},
    {.name = "verified",
	.script = {.capabilities = "STARTTLS"},
	.dns = true,
	.strictness = "2\n",
	.private = true},
#ifdef HAVE_GSASL
    {.name = "authenticated",
	.script = {.capabilities = "STARTTLS",
	    .capabilities_tls = "PIPELINING\nAUTH " MECHANISMS_BEST,
	    .account = {.user = RIG_USER,
		.secret = RIG_SECRET,
		.required = true}},
	.dns = true,
	.strictness = "2\n",
	.private = true},
#endif
    RIG_LEVELS,
    RIG_TOOLS,
#ifdef HAVE_JANSSON
    RIG_TOOLS_JSON,
#endif
};

static const struct calls_row rows[] = {
    {FAULT_malloc, {ENOMEM}},
    {FAULT_calloc, {ENOMEM}},
    {FAULT_realloc, {ENOMEM}},
};

int main(void)
{
	return calls_main(&(struct calls_matrix){.name = "fault-memory",
	    .rows = rows,
	    .row_count = COUNT(rows),
	    .kinds = kinds,
	    .kind_count = COUNT(kinds),
	    .sample = 25});
}
