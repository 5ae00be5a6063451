/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/dates.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/x509.h>

#include "i18n.h"
#include "report.h"
#include "tls/anchor_files.h"
#include "tls/certificate.h"
#include "tls/pem.h"

enum { DAY_SECONDS = 24 * 3600, NAME_SIZE = 256 };

/* One file, and where in it a certificate begins. */
struct place {
	const char *file, *at;
	unsigned long line;
	struct faults *faults;
};

static void add(const struct place *place, const char *format,
    gnutls_x509_crt_t certificate, time_t date)
{
	char name[NAME_SIZE], readable[NAME_SIZE], text[CERTIFICATE_DATE_SIZE];
	size_t size = sizeof name;

	if (gnutls_x509_crt_get_dn(certificate, name, &size) < 0)
		name[0] = '\0';
	faults_add(place->faults, FAULT_WARNING, place->file, place->line,
	    format, report_readable(readable, sizeof readable, name),
	    certificate_format_date(date, text));
}

static void check_certificate(
    const struct place *place, gnutls_x509_crt_t certificate)
{
	time_t now = time(NULL);
	time_t from = gnutls_x509_crt_get_activation_time(certificate);
	time_t until = gnutls_x509_crt_get_expiration_time(certificate);

	if (until < now)
		add(place,
		    _("the certificate of %s expired on %s: replace it, or "
		      "take it out"),
		    certificate, until);
	else if (until < now + DATES_SOON_DAYS * DAY_SECONDS)
		add(place,
		    _("the certificate of %s expires on %s: get a new one"),
		    certificate, until);
	else if (from > now)
		add(place,
		    _("the certificate of %s is not valid before %s: use "
		      "another until then"),
		    certificate, from);
}

static void add_unreadable(const struct place *place)
{
	faults_add(place->faults, FAULT_WARNING, place->file, place->line,
	    _("this certificate is cut off, or none in PEM, and is not read: "
	      "put it there anew"));
}

static void check_pem(const struct place *place, const char *pem, size_t length)
{
	gnutls_datum_t datum = {(unsigned char *)pem, (unsigned)length};
	gnutls_x509_crt_t certificate =
	    certificate_decode(&datum, GNUTLS_X509_FMT_PEM);

	if (certificate == NULL) {
		add_unreadable(place);
		return;
	}
	check_certificate(place, certificate);
	gnutls_x509_crt_deinit(certificate);
}

/* Goes on to the line of this place in the text. */
static void move_to(struct place *place, const char *at)
{
	const char *from = place->at;

	while ((from = memchr(from, '\n', (size_t)(at - from))) != NULL) {
		from++;
		place->line++;
	}
	place->at = at;
}

/* Marks of certificates, of whatever kind, between those that were found. */
static void check_gap(struct place *place, const char *from, const char *to)
{
	static const char begin[] = "-----BEGIN ", end[] = "CERTIFICATE-----";

	while ((from = memmem(from, (size_t)(to - from), begin,
		    sizeof begin - 1)) != NULL) {
		const char *stop = memchr(from, '\n', (size_t)(to - from));
		size_t size = (size_t)((stop != NULL ? stop : to) - from);

		if (memmem(from, size, end, sizeof end - 1) != NULL) {
			move_to(place, from);
			add_unreadable(place);
		}
		from++;
	}
}

static void check_file(const char *file, struct faults *faults)
{
	struct place place = {.file = file, .line = 1, .faults = faults};
	struct anchor_text text;
	const char *from, *limit, *before, *start;
	size_t size;

	if (!anchors_read(&text, file))
		return;
	from = before = place.at = text.bytes;
	limit = from + text.size;
	while (pem_next(&from, limit, &start, &size)) {
		check_gap(&place, before, start);
		move_to(&place, start);
		check_pem(&place, start, size);
		before = from;
	}
	check_gap(&place, before, limit);
	free(text.bytes);
}

void dates_check(const char *path, struct faults *faults)
{
	struct anchor_files files;

	if (!anchors_list(&files, path))
		return;
	for (size_t i = 0; i < files.count; i++) {
		char *file = anchors_file(path, files.names[i]);

		check_file(file, faults);
		free(file);
	}
	anchors_free(&files);
}
