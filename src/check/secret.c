/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/secret.h"

#include <sys/stat.h>

#include "i18n.h"

void secret_check(const char *file, struct faults *faults)
{
	struct stat status;

	if (stat(file, &status) != 0 || (status.st_mode & S_IROTH) == 0 ||
	    faults_have(faults, file, 0))
		return;
	faults_add(faults, FAULT_ERROR, file, 0,
	    _("there is a secret in it, and others can read it: chmod o-r"));
}
