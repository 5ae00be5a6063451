/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "check/names.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "i18n.h"
#include "xalloc.h"

static const char *const ours[] = {"me", "helohost", "smtproutes",
    "authsenders", "timeoutconnect", "timeoutremote", "timeoutdns",
    "timeoutdelivery", "minrate", "addressfamily", "outgoingip", "outgoingip6",
    "ipme", "trustanchors", "clientcert", "clientkey", "tlsstrictness",
    "tlspolicy", "dane", "mtasts"};

/* What other qmail-remotes read, and what says the same to this one. */
static const struct foreign {
	const char *name;
	const char *instead;
} foreigners[] = {
    {"tlshosts", N_("write DOMAIN:verify into control/tlspolicy, and put the "
		    "certificates among control/trustanchors")},
    {"notlshosts", N_("write DOMAIN:none into control/tlspolicy")},
    {"tlsdestinations", N_("write DOMAIN:encrypt or DOMAIN:secure into "
			   "control/tlspolicy")},
    {"domaincerts", N_("control/clientcert has one certificate for all "
		       "senders")},
    {"clientcert.pem", N_("write its path into control/clientcert")},
    {"tlsclientciphers", N_("GnuTLS follows the policy of the system")},
    {"tlsclientmethod", N_("GnuTLS follows the policy of the system")},
    {"domainips", N_("write @DOMAIN ADDRESS into control/outgoingip")},
    {"domainbindings", N_("write @DOMAIN ADDRESS into control/outgoingip")},
    {"bindroutes", N_("there are addresses by sender, not by server: write "
		      "@DOMAIN ADDRESS into control/outgoingip")},
    {"senderip", N_("write @DOMAIN ADDRESS into control/outgoingip")},
    {"outgoingips", N_("write @DOMAIN ADDRESS into control/outgoingip")},
    {"smtpbindips", N_("write @DOMAIN ADDRESS into control/outgoingip")},
    {"qmtproutes", N_("write HOST:RELAY into control/smtproutes; QMTP is not "
		      "spoken")},
    {"moreipme", N_("write the addresses into control/ipme")},
    {"notipme", N_("with a route only the addresses of control/ipme are "
		   "left out")},
    {"smtproutes.cdb", N_("control/smtproutes is compiled by itself")},
};

/* Names of qmail that are near one of ours, but are its own. */
static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return strcmp(name, "timeoutsmtpd") == 0 ||
	       strcmp(name, "morercpthosts") == 0;
}

/* Backups and the like are not meant to be read. */
static bool is_plain(const char *name)
{
	return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789-_")] ==
	       '\0';
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

enum { NAME_ROOM = 32 };

/*
 * How many letters have to be put in, taken out or changed to make one of the
 * other.  Both are shorter than NAME_ROOM.
 */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_ROOM + 1];
	size_t width = strlen(b);

	for (size_t j = 0; j <= width; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < width; j++) {
			unsigned changed = corner + (a[i] != b[j]);

			corner = row[j + 1];
			row[j + 1] = least(row[j] + 1, corner + 1, changed);
		}
	}
	return row[width];
}

/* The name of ours that this one is nearly, or NULL. */
static const char *find_near(const char *name)
{
	char lower[NAME_ROOM];

	if (is_known(name) || !is_plain(name) || strlen(name) >= NAME_ROOM)
		return NULL;
	memcpy(lower, name, strlen(name) + 1);
	ascii_lower(lower);
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		size_t length = strlen(ours[i]);
		unsigned room = length < 4 ? 0 : length < 8 ? 1 : 2;

		if (distance(lower, ours[i]) <= room)
			return ours[i];
	}
	return NULL;
}

static const struct foreign *find_foreign(const char *name)
{
	for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++)
		if (strcmp(name, foreigners[i].name) == 0)
			return &foreigners[i];
	return NULL;
}

static bool ends_in(const char *path, const char *name)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	return slash != NULL && strcmp(slash + 1, name) == 0;
}

/* Whether a file of ours points to it. */
static bool is_named(const struct settings *settings, const char *name)
{
	return ends_in(settings->clientcert, name) ||
	       ends_in(settings->clientkey, name) ||
	       ends_in(settings->trustanchors, name);
}

static void check_name(
    const char *name, const struct settings *settings, struct faults *faults)
{
	char *file = xasprintf("control/%s", name);
	const struct foreign *foreign = find_foreign(name);
	const char *near = foreign == NULL ? find_near(name) : NULL;

	if (foreign != NULL && !is_named(settings, name))
		faults_add(faults, FAULT_WARNING, file, 0,
		    _("another qmail-remote reads it, this one does not: %s"),
		    _(foreign->instead));
	if (near != NULL)
		faults_add(faults, FAULT_WARNING, file, 0,
		    _("it is not read: is it meant to be control/%s?"), near);
	free(file);
}

void names_check(const struct settings *settings, struct faults *faults)
{
	DIR *directory = opendir("control");
	const struct dirent *entry;

	if (directory == NULL) {
		faults_add(faults, FAULT_WARNING, "control", 0,
		    _("%s: files that nobody reads cannot be found"),
		    strerror(errno));
		return;
	}
	/* No program here has threads. */
	/* cppcheck-suppress readdirCalled */
	while ((entry = readdir(directory)) != NULL)
		check_name(entry->d_name, settings, faults);
	closedir(directory);
}
