/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "module.h"

#include <dlfcn.h>
#include <string.h>

#include "i18n.h"

static const struct module *refuse(
    const char *file, const char *reason, struct failure *failure)
{
	size_t length = strlen(file);

	if (reason == NULL)
		reason = "?";
	/* Most loaders name the file themselves. */
	if (strncmp(reason, file, length) == 0 &&
	    strncmp(reason + length, ": ", 2) == 0)
		reason += length + 2;
	failure_set(failure, FAILURE_TEMPORARY,
	    _("Unable to load %s: %s. (#4.3.0)\n"), file, reason);
	return NULL;
}

static const struct module *find(void *object, const char *name)
{
	return object != NULL ? dlsym(object, name) : NULL;
}

const struct module *module_load(
    const char *file, const char *name, struct failure *failure)
{
	/* Each library binds its symbols as it was built to. */
	const struct module *module =
	    find(dlopen(file, RTLD_LAZY | RTLD_LOCAL), name);

	if (module == NULL)
		return refuse(file, dlerror(), failure);
	if (strcmp(module->version, PACKAGE_VERSION) != 0)
		return refuse(file,
		    _("it belongs to another version of qmail-remote"),
		    failure);
	module->end_by(report_is_ended_by());
	return module;
}
