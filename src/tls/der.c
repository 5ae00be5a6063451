/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/der.h"

enum {
	TAG_SEQUENCE = 0x30,
	TAG_VERSION = 0xa0, /* explicit [0] */
	LONG_LENGTH = 0x80,
	LENGTH_OCTETS_MAX = 4
};

/* Takes a length off the front.  Returns false unless so much is left. */
static bool take_length(gnutls_datum_t *from, unsigned *length)
{
	unsigned octets;

	if (from->size == 0)
		return false;
	*length = *from->data++;
	from->size--;
	if (*length < LONG_LENGTH)
		return *length <= from->size;
	octets = *length - LONG_LENGTH;
	if (octets == 0 || octets > LENGTH_OCTETS_MAX || octets > from->size)
		return false;
	for (*length = 0; octets > 0; octets--) {
		*length = *length << 8 | *from->data++;
		from->size--;
	}
	return *length <= from->size;
}

/*
 * Takes one element off the front; whole is all of it, content what is in it.
 * Returns its tag, or -1.
 */
static int take(
    gnutls_datum_t *from, gnutls_datum_t *whole, gnutls_datum_t *content)
{
	unsigned char *start = from->data;
	unsigned length;

	if (from->size < 2)
		return -1;
	from->data++;
	from->size--;
	if (!take_length(from, &length))
		return -1;
	*content = (gnutls_datum_t){from->data, length};
	from->data += length;
	from->size -= length;
	*whole = (gnutls_datum_t){start, (unsigned)(from->data - start)};
	return *start;
}

bool der_names(const gnutls_datum_t *certificate, gnutls_datum_t *issuer,
    gnutls_datum_t *subject)
{
	gnutls_datum_t rest = *certificate, whole, content;

	/* Certificate, and in it TBSCertificate. */
	for (int i = 0; i < 2; i++) {
		if (take(&rest, &whole, &content) != TAG_SEQUENCE)
			return false;
		rest = content;
	}
	if (rest.size > 0 && *rest.data == TAG_VERSION &&
	    take(&rest, &whole, &content) < 0)
		return false;
	/* Serial number, algorithm, issuer, validity, subject. */
	return take(&rest, &whole, &content) >= 0 &&
	       take(&rest, &whole, &content) == TAG_SEQUENCE &&
	       take(&rest, issuer, &content) == TAG_SEQUENCE &&
	       take(&rest, &whole, &content) == TAG_SEQUENCE &&
	       take(&rest, subject, &content) == TAG_SEQUENCE;
}
