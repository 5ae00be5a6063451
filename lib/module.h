/* SPDX-License-Identifier: ISC */
/*
 * Our modules: shared objects that are loaded where they are needed, since
 * they bring libraries that most deliveries do without.
 */
#ifndef MODULE_H
#define MODULE_H

#include "failure.h"
#include "report.h"

/*
 * What a module offers begins with this, and has the name NAME_module.  It has
 * a report.c of its own, which is told what ours was.
 */
struct module {
	const char *version; /* of the package */
	void (*end_by)(report_end *end);
};
#define MODULE_START                                                           \
	{                                                                      \
		PACKAGE_VERSION, report_end_by                                 \
	}
#define MODULE_EXPORT __attribute__((visibility("default")))

/*
 * Loads the module in file, once, and returns what it offers by that name,
 * or NULL with a temporary failure when it is missing or of another version.
 */
const struct module *module_load(
    const char *file, const char *name, struct failure *failure);

#endif
