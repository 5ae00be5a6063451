/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/handshake.h"

#include <string.h>

#include "i18n.h"
#include "xalloc.h"

static const char *take_text(struct parcel *parcel)
{
	const char *text = parcel_take_text(parcel);

	return text != NULL ? text : "";
}

static void put_certificate(
    struct parcel *parcel, const struct tls_certificate *certificate)
{
	parcel_put_text(parcel, certificate->subject);
	parcel_put_text(parcel, certificate->issuer);
	parcel_put_number(parcel, certificate->name_count);
	for (size_t i = 0; i < certificate->name_count; i++)
		parcel_put_text(parcel, certificate->names[i]);
	parcel_put_number(parcel, (uint64_t)certificate->from);
	parcel_put_number(parcel, (uint64_t)certificate->until);
	parcel_put_bytes(
	    parcel, certificate->sha256, sizeof certificate->sha256);
	parcel_put_bytes(
	    parcel, certificate->key_sha256, sizeof certificate->key_sha256);
}

static void take_certificate(
    struct parcel *parcel, struct tls_certificate *certificate)
{
	certificate->subject = take_text(parcel);
	certificate->issuer = take_text(parcel);
	certificate->name_count = parcel_take_count(parcel, TLS_OWNERS_MAX);
	certificate->names =
	    xcalloc(certificate->name_count, sizeof *certificate->names);
	for (size_t i = 0; i < certificate->name_count; i++)
		certificate->names[i] = take_text(parcel);
	certificate->from = (time_t)parcel_take_number(parcel);
	certificate->until = (time_t)parcel_take_number(parcel);
	parcel_take_copy(
	    parcel, certificate->sha256, sizeof certificate->sha256);
	parcel_take_copy(
	    parcel, certificate->key_sha256, sizeof certificate->key_sha256);
}

void handshake_put(struct parcel *parcel, const struct handshake *handshake)
{
	parcel_put_version(parcel);
	parcel_put_number(parcel, handshake->done);
	parcel_put_number(parcel, handshake->misconfigured);
	parcel_put_number(parcel, handshake->chain_trusted);
	parcel_put_number(parcel, handshake->named);
	parcel_put_number(parcel, handshake->named_by_san);
	parcel_put_number(parcel, handshake->tlsa);
	parcel_put_number(parcel, handshake->pinned);
	reason_put(parcel, &handshake->reason);
	reason_put(parcel, &handshake->tlsa_reason);
	parcel_put_text(parcel, handshake->protocol);
	parcel_put_text(parcel, handshake->cipher);
	parcel_put_text(parcel, handshake->owner);
	parcel_put_number(parcel, handshake->bound);
	parcel_put_bytes(parcel, handshake->binding, sizeof handshake->binding);
	parcel_put_number(parcel, handshake->certificate_count);
	for (size_t i = 0; i < handshake->certificate_count; i++)
		put_certificate(parcel, &handshake->certificates[i]);
}

static void take_facts(struct parcel *parcel, struct handshake *handshake)
{
	handshake->done = parcel_take_number(parcel) != 0;
	handshake->misconfigured = parcel_take_number(parcel) != 0;
	handshake->chain_trusted = parcel_take_number(parcel) != 0;
	handshake->named = (unsigned)parcel_take_number(parcel);
	handshake->named_by_san = (unsigned)parcel_take_number(parcel);
	handshake->tlsa =
	    (enum tlsa_match)parcel_take_count(parcel, TLSA_MATCH_EE);
	handshake->pinned = parcel_take_number(parcel) != 0;
}

static void take_texts(struct parcel *parcel, struct handshake *handshake)
{
	reason_take(parcel, &handshake->reason);
	reason_take(parcel, &handshake->tlsa_reason);
	parcel_take_into(
	    parcel, handshake->protocol, sizeof handshake->protocol);
	parcel_take_into(parcel, handshake->cipher, sizeof handshake->cipher);
	parcel_take_into(parcel, handshake->owner, sizeof handshake->owner);
}

bool handshake_take(struct parcel *parcel, struct handshake *handshake)
{
	*handshake = (struct handshake){.done = false};
	parcel_take_version(parcel);
	take_facts(parcel, handshake);
	take_texts(parcel, handshake);
	handshake->bound = parcel_take_number(parcel) != 0;
	parcel_take_copy(parcel, handshake->binding, sizeof handshake->binding);
	handshake->certificate_count = parcel_take_count(parcel, TLS_CHAIN_MAX);
	handshake->certificates = xcalloc(
	    handshake->certificate_count, sizeof *handshake->certificates);
	for (size_t i = 0; i < handshake->certificate_count; i++)
		take_certificate(parcel, &handshake->certificates[i]);
	if (parcel_is_empty(parcel))
		return true;
	*handshake = (struct handshake){.done = false};
	return false;
}

void handshake_explain_names(const struct handshake *handshake,
    const char *wanted, struct reason *reason)
{
	if (handshake->owner[0] != '\0')
		reason_set(reason, N_("certificate is not for %s but for %s"),
		    wanted, handshake->owner);
	else
		reason_set(reason, N_("certificate is not for %s"), wanted);
}
