/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote and the module of the relay, which it loads in a child
 * process, have to agree upon.
 */
#ifndef TLS_RELAY_MODULE_H
#define TLS_RELAY_MODULE_H

#include <stdbool.h>

#include "servers/exchanger.h"
#include "module.h"
#include "route/settings.h"

/* What the relay needs to know. */
struct relay_task {
	const struct settings *settings;
	const char *run_directory;
	const struct server *server;
	int connection; /* not touched before the parent says so */
	int local;	/* its end of the session in clear */
	int channel;	/* its end of the channel to qmail-remote */
};

/*
 * What the module offers, by the name relay_module.  run is called in the
 * child.  On the channel it says a relay_welcome; hears a byte, which tells it
 * to begin; says a handshake; and at last, if that was done, a reason, why
 * the session ended.
 */
struct relay_module {
	struct module module;
	void (*run)(const struct relay_task *task);
};
extern const struct relay_module relay_module MODULE_EXPORT;

/* Whether the settings can be used. */
struct relay_welcome {
	bool ready;
	char reason[1024]; /* why not: the text of a temporary failure */
};

#endif
