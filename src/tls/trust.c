/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/trust.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cdbcache.h"
#include "control.h"
#include "i18n.h"
#include "report.h"
#include "xalloc.h"

/* Chains are short; whoever sends a longer one gets no help with it. */
enum { CHAIN_MAX = 16 };

enum { KEY_ID_SIZE = 64 };

struct trust {
	struct sealedcdb cache; /* open unless unusable */
	bool unusable;
	struct cdbcache_source source;
	const char *run_directory;
};

static bool is_directory(const char *path)
{
	return path[strlen(path) - 1] == '/';
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The files of a directory, sorted; each name and the list are malloc'ed. */
static int list_files(const char *path, struct dirent ***entries)
{
	return scandir(path, entries, is_visible, alphasort);
}

static void stamp(
    const struct cdbcache_source *source, struct cdbcache_stamp *stamp)
{
	const char *path = source->path;
	struct dirent **entries;
	int count;

	cdbcache_stamp_file(stamp, path);
	if (!is_directory(path))
		return;
	count = list_files(path, &entries);
	for (int i = 0; i < count; i++) {
		char *file = xasprintf("%s%s", path, entries[i]->d_name);

		cdbcache_stamp_file(stamp, file);
		free(file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/*
 * Adds one certificate.  One that GnuTLS cannot read is left out: it could
 * not have vouched for anybody.
 */
static void add_certificate(
    struct cdbcache_records *records, const char *pem, size_t size)
{
	gnutls_datum_t text = {(unsigned char *)pem, (unsigned)size};
	gnutls_datum_t subject = {0}, der = {0};
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) != 0)
		report_out_of_memory();
	if (gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) ==
		0 &&
	    gnutls_x509_crt_get_raw_dn(certificate, &subject) == 0 &&
	    gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) ==
		0)
		cdbcache_add(
		    records, subject.data, subject.size, der.data, der.size);
	gnutls_free(subject.data);
	gnutls_free(der.data);
	gnutls_x509_crt_deinit(certificate);
}

/* Where the mark stands first, or NULL. */
static const char *find_mark(
    const char *from, const char *limit, const char *mark)
{
	return memmem(from, (size_t)(limit - from), mark, strlen(mark));
}

/* The last such mark between the two, from on being one. */
static const char *last_mark(
    const char *from, const char *limit, const char *mark)
{
	const char *next = from;

	while (next != NULL) {
		from = next;
		next = find_mark(from + 1, limit, mark);
	}
	return from;
}

/*
 * The certificates between such marks, whatever else stands in the text.  One
 * that has been cut off is not the beginning of the next.
 */
static void add_marked(struct cdbcache_records *records, const char *text,
    size_t size, const char *begin, const char *end)
{
	const char *limit = text + size, *start, *stop;

	while ((start = find_mark(text, limit, begin)) != NULL &&
	       (stop = find_mark(start, limit, end)) != NULL) {
		start = last_mark(start, stop, begin);
		text = stop + strlen(end);
		add_certificate(records, start, (size_t)(text - start));
	}
}

/* The certificates of one PEM file, under either of their names. */
static void add_pem(
    struct cdbcache_records *records, const char *text, size_t size)
{
	add_marked(records, text, size, "-----BEGIN CERTIFICATE-----",
	    "-----END CERTIFICATE-----");
	add_marked(records, text, size, "-----BEGIN X509 CERTIFICATE-----",
	    "-----END X509 CERTIFICATE-----");
}

/* A file that is not there (any more) adds nothing. */
static bool add_file(
    struct cdbcache_records *records, const char *file, struct failure *failure)
{
	struct control_text text;

	switch (control_text(file, &text, failure)) {
	case CONTROL_FAILED: return false;
	case CONTROL_FOUND: break;
	default: return true;
	}
	add_pem(records, text.bytes, text.size);
	free(text.bytes);
	return true;
}

static bool is_regular(const char *file)
{
	struct stat status;

	return stat(file, &status) == 0 && S_ISREG(status.st_mode);
}

static bool add_directory(
    struct cdbcache_records *records, const char *path, struct failure *failure)
{
	struct dirent **entries;
	int count = list_files(path, &entries);
	bool good = true;

	if (count < 0) {
		control_fail(failure, path, strerror(errno));
		return false;
	}
	for (int i = 0; i < count; i++) {
		char *file = xasprintf("%s%s", path, entries[i]->d_name);

		if (good && is_regular(file))
			good = add_file(records, file, failure);
		free(file);
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool compile(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	const char *path = source->path;

	if (!(is_directory(path) ? add_directory(records, path, failure)
				 : add_file(records, path, failure)))
		return false;
	if (records->size > 0)
		return true;
	control_fail(failure, path, _("there is no certificate in it"));
	return false;
}

struct trust *trust_open(
    const char *path, const char *run_directory, struct failure *failure)
{
	struct trust *trust = xcalloc(1, sizeof *trust);

	trust->run_directory = run_directory;
	trust->source = (struct cdbcache_source){
	    "trustanchors", xstrdup(path), stamp, compile};
	if (cdbcache_open(
		&trust->cache, run_directory, &trust->source, failure))
		return trust;
	free((char *)trust->source.path);
	free(trust);
	return NULL;
}

/* The next anchor that is found, for the caller to deinit, or NULL. */
static gnutls_x509_crt_t next_anchor(struct sealedcdb_search *search)
{
	const char *der;
	size_t size;

	while (sealedcdb_next(search, &der, &size)) {
		gnutls_datum_t raw = {(unsigned char *)der, (unsigned)size};
		gnutls_x509_crt_t anchor;

		if (gnutls_x509_crt_init(&anchor) != 0)
			report_out_of_memory();
		if (gnutls_x509_crt_import(anchor, &raw, GNUTLS_X509_FMT_DER) ==
		    0)
			return anchor;
		gnutls_x509_crt_deinit(anchor);
	}
	return NULL;
}

static bool has_key_of(gnutls_x509_crt_t certificate, gnutls_x509_crt_t other)
{
	unsigned char ids[2][KEY_ID_SIZE];
	size_t sizes[2] = {KEY_ID_SIZE, KEY_ID_SIZE};

	return gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256,
		   ids[0], &sizes[0]) == 0 &&
	       gnutls_x509_crt_get_key_id(
		   other, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) == 0 &&
	       sizes[0] == sizes[1] && memcmp(ids[0], ids[1], sizes[0]) == 0;
}

static bool has_signed(gnutls_x509_crt_t anchor, gnutls_x509_crt_t certificate)
{
	unsigned status = 0;

	return gnutls_x509_crt_verify(certificate, &anchor, 1,
		   GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
		       GNUTLS_VERIFY_ALLOW_BROKEN,
		   &status) == 0 &&
	       !(status & (GNUTLS_CERT_SIGNER_NOT_FOUND |
			      GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE |
			      GNUTLS_CERT_SIGNATURE_FAILURE));
}

static void add_anchor(gnutls_x509_trust_list_t list, gnutls_x509_crt_t anchor)
{
	if (gnutls_x509_trust_list_add_cas(
		list, &anchor, 1, GNUTLS_TL_NO_DUPLICATES) != 1)
		gnutls_x509_crt_deinit(anchor);
}

static void add_anchor_if_of_use(gnutls_x509_trust_list_t list,
    gnutls_x509_crt_t anchor, gnutls_x509_crt_t certificate)
{
	if (has_key_of(anchor, certificate) || has_signed(anchor, certificate))
		add_anchor(list, anchor);
	else
		gnutls_x509_crt_deinit(anchor);
}

/*
 * Adds the anchors with this subject, the certificate's issuer or itself.  Of
 * several, as after a CA got a new key, those that have neither signed the
 * certificate nor have its key are left out: without key identifiers GnuTLS
 * tries one of them only, whichever has signed.
 */
static void add_anchors(struct trust *trust, gnutls_x509_trust_list_t list,
    const gnutls_datum_t *subject, gnutls_x509_crt_t certificate)
{
	struct sealedcdb_search search;
	gnutls_x509_crt_t first, next;

	sealedcdb_search(&search, &trust->cache, subject->data, subject->size);
	first = next_anchor(&search);
	if (first == NULL)
		return;
	next = next_anchor(&search);
	if (next == NULL) {
		add_anchor(list, first);
		return;
	}
	add_anchor_if_of_use(list, first, certificate);
	for (; next != NULL; next = next_anchor(&search))
		add_anchor_if_of_use(list, next, certificate);
}

static void add_for_certificate(struct trust *trust,
    gnutls_x509_trust_list_t list, const gnutls_datum_t *der)
{
	gnutls_datum_t name = {0};
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) != 0)
		report_out_of_memory();
	if (gnutls_x509_crt_import(certificate, der, GNUTLS_X509_FMT_DER) ==
	    0) {
		if (gnutls_x509_crt_get_raw_issuer_dn(certificate, &name) == 0)
			add_anchors(trust, list, &name, certificate);
		gnutls_free(name.data);
		name.data = NULL;
		if (gnutls_x509_crt_get_raw_dn(certificate, &name) == 0)
			add_anchors(trust, list, &name, certificate);
		gnutls_free(name.data);
	}
	gnutls_x509_crt_deinit(certificate);
}

static gnutls_x509_trust_list_t make_list(
    struct trust *trust, const gnutls_datum_t *chain, unsigned count)
{
	gnutls_x509_trust_list_t list;

	if (gnutls_x509_trust_list_init(&list, 0) != 0)
		return NULL;
	for (unsigned i = 0; i < count && i < CHAIN_MAX; i++)
		add_for_certificate(trust, list, &chain[i]);
	return list;
}

gnutls_x509_trust_list_t trust_list_for(
    struct trust *trust, const gnutls_datum_t *chain, unsigned count)
{
	gnutls_x509_trust_list_t list;
	struct failure failure;

	if (trust->unusable)
		return NULL;
	list = make_list(trust, chain, count);
	if (list == NULL || !trust->cache.damaged)
		return list;
	gnutls_x509_trust_list_deinit(list, 1);
	trust->unusable = !cdbcache_replace(
	    &trust->cache, trust->run_directory, &trust->source, &failure);
	return trust->unusable ? NULL : make_list(trust, chain, count);
}
