/* SPDX-License-Identifier: ISC */
/*
 * What qmail-remote and the module of the relay, which it loads in a child
 * process, have to agree upon.
 */
#ifndef TLS_RELAY_MODULE_H
#define TLS_RELAY_MODULE_H

#include "module.h"

/* Descriptors of the relay. */
struct relay_ends {
	int connection; /* not touched before the parent says so */
	int local;	/* its end of the session in clear */
	int channel;	/* its end of the channel to qmail-remote */
};

/*
 * What the module offers, by the name relay_module.  run is called in the
 * child.  On the channel go parcels: it hears a task; says a welcome, which is
 * the text of a temporary failure, or NULL; hears a deadline, at which the
 * handshake has to be done; says a handshake; and at last, if that was done,
 * a reason, why the session ended.
 */
struct relay_module {
	struct module module;
	void (*run)(const struct relay_ends *ends);
};
extern const struct relay_module relay_module MODULE_EXPORT;

enum { RELAY_WORDS_MAX = 65536 }; /* of a welcome, or a reason */

#endif
