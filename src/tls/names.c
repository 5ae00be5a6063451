/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/names.h"

#include <string.h>
#include <sys/socket.h>

#include <gnutls/x509-ext.h>

#include "ascii.h"
#include "xalloc.h"

enum { NAME_SIZE = 256 };

/* Of the extension (RFC 5280 section 4.2.1.6). */
#define SUBJECT_ALT_NAME "2.5.29.17"

/* The name behind its first label, from the dot on; NULL: it has one label. */
static const char *behind_label(const char *name)
{
	return *name != '.' ? strchr(name, '.') : NULL;
}

static bool is_same(const char *a, const char *b)
{
	return ascii_is_word(a, strlen(a), b);
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length > end_length && is_same(name + length - end_length, end);
}

/* Whether each name that the wildcard stands for answers to the pattern. */
static bool wildcard_matches(const char *presented, const char *pattern)
{
	const char *rest = presented + 1;
	const char *host;

	if (strncmp(presented, "*.", 2) != 0 || strchr(rest, '*') != NULL ||
	    rest[1] == '\0' || behind_label(rest + 1) == NULL)
		return false;
	if (*pattern == '.')
		return ends_in(presented, pattern);
	host = behind_label(pattern);
	return host != NULL && is_same(rest, host);
}

bool name_matches(const char *presented, const char *pattern)
{
	const char *rest;

	if (strchr(presented, '*') != NULL)
		return wildcard_matches(presented, pattern);
	if (*pattern == '.')
		return ends_in(presented, pattern) && *presented != '.';
	if (strncmp(pattern, "*.", 2) != 0)
		return is_same(presented, pattern);
	rest = behind_label(presented);
	return rest != NULL && is_same(rest, pattern + 1);
}

/* Whether the octets are text that a host's name may be made of. */
static bool is_readable(const gnutls_datum_t *name)
{
	for (unsigned i = 0; i < name->size; i++)
		if (name->data[i] <= ' ' || name->data[i] >= 0x7f)
			return false;
	return name->size > 0 && name->size < NAME_SIZE;
}

static void add_host(struct names *names, const gnutls_datum_t *name)
{
	if (!is_readable(name))
		return;
	names->hosts =
	    xrealloc(names->hosts, names->host_count + 1, sizeof *names->hosts);
	names->hosts[names->host_count++] =
	    xstrndup((const char *)name->data, name->size);
}

static void add_address(struct names *names, const gnutls_datum_t *name)
{
	struct ip ip;

	if (name->size != 4 && name->size != 16)
		return;
	ip_set(&ip, name->size == 4 ? AF_INET : AF_INET6, name->data);
	names->addresses = xrealloc(names->addresses, names->address_count + 1,
	    sizeof *names->addresses);
	names->addresses[names->address_count++] = ip;
}

/*
 * Adds the alternative names.  Returns whether one of them, readable or not,
 * is a host's or an address, or might be.
 */
static bool add_alternatives(
    struct names *names, gnutls_subject_alt_names_t alternatives)
{
	gnutls_datum_t name;
	unsigned type;
	bool any = false;

	for (unsigned i = 0; gnutls_subject_alt_names_get(
				 alternatives, i, &type, &name, NULL) == 0;
	     i++) {
		if (type == GNUTLS_SAN_DNSNAME)
			add_host(names, &name);
		else if (type == GNUTLS_SAN_IPADDRESS)
			add_address(names, &name);
		else
			continue;
		any = true;
	}
	return any;
}

/* One that cannot be read might be for anybody: the subject is no substitute.
 */
static bool read_alternatives(
    struct names *names, gnutls_x509_crt_t certificate)
{
	gnutls_subject_alt_names_t alternatives;
	gnutls_datum_t extension = {0};
	bool any = true;
	int status = gnutls_x509_crt_get_extension_by_oid2(
	    certificate, SUBJECT_ALT_NAME, 0, &extension, NULL);

	if (status != 0)
		return status != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	if (gnutls_subject_alt_names_init(&alternatives) == 0) {
		if (gnutls_x509_ext_import_subject_alt_names(
			&extension, alternatives, 0) == 0)
			any = add_alternatives(names, alternatives);
		gnutls_subject_alt_names_deinit(alternatives);
	}
	gnutls_free(extension.data);
	return any;
}

static void read_common_name(struct names *names, gnutls_x509_crt_t certificate)
{
	char name[NAME_SIZE], other[1];
	size_t size = sizeof name - 1, other_size = sizeof other;
	gnutls_datum_t found = {(unsigned char *)name, 0};

	if (gnutls_x509_crt_get_dn_by_oid(certificate,
		GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size) != 0 ||
	    gnutls_x509_crt_get_dn_by_oid(certificate,
		GNUTLS_OID_X520_COMMON_NAME, 1, 0, other,
		&other_size) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return;
	found.size = (unsigned)size;
	if (is_readable(&found))
		names->common_name = xstrndup(name, size);
}

void names_read(struct names *names, gnutls_x509_crt_t certificate)
{
	*names = (struct names){0};
	if (!read_alternatives(names, certificate))
		read_common_name(names, certificate);
}

static enum name_source find_address(
    const struct names *names, const struct ip *ip)
{
	for (size_t i = 0; i < names->address_count; i++)
		if (ip_equal(&names->addresses[i], ip))
			return NAME_IN_ALTERNATIVE;
	return NAME_NOWHERE;
}

enum name_source names_find(const struct names *names, const char *pattern)
{
	struct ip ip;

	if (ip_parse(&ip, pattern))
		return find_address(names, &ip);
	for (size_t i = 0; i < names->host_count; i++)
		if (name_matches(names->hosts[i], pattern))
			return NAME_IN_ALTERNATIVE;
	if (names->common_name != NULL &&
	    name_matches(names->common_name, pattern))
		return NAME_IN_SUBJECT;
	return NAME_NOWHERE;
}
