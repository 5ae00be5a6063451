/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/anchors.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "control.h"
#include "descriptors.h"
#include "failure.h"
#include "xalloc.h"

/* What stands before and behind a certificate. */
static const struct marks {
	const char *begin, *end;
} marks[] = {
    {"-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"},
    {"-----BEGIN X509 CERTIFICATE-----", "-----END X509 CERTIFICATE-----"},
};

static gnutls_x509_crt_t import(const char *pem, size_t size)
{
	gnutls_datum_t text = {(unsigned char *)pem, (unsigned)size};
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) != 0)
		return NULL;
	if (gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) ==
	    0)
		return certificate;
	gnutls_x509_crt_deinit(certificate);
	return NULL;
}

/* Adds what GnuTLS makes of a certificate; how many that are. */
static size_t add_certificate(int file, const char *pem, size_t size)
{
	gnutls_x509_crt_t certificate = import(pem, size);
	gnutls_datum_t text = {0};
	size_t added = 0;

	if (certificate == NULL)
		return 0;
	if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text) ==
		0 &&
	    descriptors_write(file, text.data, text.size))
		added = 1;
	gnutls_free(text.data);
	gnutls_x509_crt_deinit(certificate);
	return added;
}

static const char *find(const char *from, const char *limit, const char *mark)
{
	return memmem(from, (size_t)(limit - from), mark, strlen(mark));
}

/* One that has been cut off is not the beginning of the next. */
static size_t add_marked(
    int file, const struct control_text *text, const struct marks *marked)
{
	const char *limit = text->bytes + text->size;
	const char *start = find(text->bytes, limit, marked->begin);
	size_t added = 0;

	while (start != NULL) {
		const char *next = find(start + 1, limit, marked->begin);
		const char *end =
		    find(start, next != NULL ? next : limit, marked->end);

		if (end != NULL)
			added += add_certificate(file, start,
			    (size_t)(end - start) + strlen(marked->end));
		start = next;
	}
	return added;
}

static size_t add_file(int file, const char *path)
{
	struct control_text text;
	struct failure failure;
	size_t added = 0;

	if (control_text(path, &text, &failure) == CONTROL_FOUND) {
		for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
			added += add_marked(file, &text, &marks[i]);
		free(text.bytes);
	}
	return added;
}

static size_t add_directory(int file, const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	size_t added = 0;

	if (directory == NULL)
		return 0;
	while ((entry = readdir(directory)) != NULL) {
		char *name = xasprintf("%s%s", path, entry->d_name);
		struct stat status;

		if (entry->d_name[0] != '.' && stat(name, &status) == 0 &&
		    S_ISREG(status.st_mode))
			added += add_file(file, name);
		free(name);
	}
	closedir(directory);
	return added;
}

static int open_nameless(void)
{
#ifdef HAVE_MEMFD_CREATE
	int descriptor = memfd_create("anchors", MFD_CLOEXEC);

	if (descriptor >= 0)
		return descriptor;
#endif
	return descriptors_detach(tmpfile());
}

int tls_anchors_open(const char *path)
{
	int file = open_nameless();
	size_t length = strlen(path), added;

	if (file < 0)
		return -1;
	added = length > 0 && path[length - 1] == '/'
		    ? add_directory(file, path)
		    : add_file(file, path);
	if (added > 0)
		return file;
	close(file);
	return -1;
}

static bool has_dns_name(gnutls_x509_crt_t certificate)
{
	for (unsigned i = 0;; i++) {
		char name[256];
		size_t size = sizeof name;
		int kind = gnutls_x509_crt_get_subject_alt_name(
		    certificate, i, name, &size, NULL);

		/* A longer one is none that could be meant. */
		if (kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER)
			return false;
		if (kind == GNUTLS_SAN_DNSNAME)
			return true;
	}
}

/* GnuTLS looks at the common name only where there is no DNS name. */
bool tls_anchors_bears(const char *pem, size_t size, const char *name)
{
	gnutls_x509_crt_t certificate = import(pem, size);
	bool bears;

	if (certificate == NULL)
		return false;
	bears = has_dns_name(certificate) &&
		gnutls_x509_crt_check_hostname(certificate, name) != 0;
	gnutls_x509_crt_deinit(certificate);
	return bears;
}
