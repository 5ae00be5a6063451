/* SPDX-License-Identifier: ISC */
/* Which certificates match which TLSA records, and which lists are attacks. */
#include "config.h"

#include "tls/tlsa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>
#include <gnutls/crypto.h>

#include "certs.h"
#include "chain.h"
#include "suite.h"
#include "tls/certificate.h"
#include "unit.h"

enum { DAY = 24 * 60 * 60, MANY = 200, LONG = 32, POINT_SIZE = 65 };

static struct cert *ca, *middle, *leaf;
static struct cert *evil_ca, *evil_leaf, *namesake, *namesake_leaf;

static struct cert *make_ca(const char *name, const struct cert *issuer)
{
	return certs_make(&(struct cert_request){
	    .common_name = name, .use = CERT_CA, .issuer = issuer});
}

static void begin(void)
{
	ca = make_ca("Good CA", NULL);
	middle = make_ca("Middle", ca);
	leaf = certs_make_server(middle, "mx.a.test");
	evil_ca = make_ca("Evil CA", NULL);
	evil_leaf = certs_make_server(evil_ca, "mx.a.test");
	namesake = make_ca("Good CA", NULL);
	namesake_leaf = certs_make_server(namesake, "mx.a.test");
}

static gnutls_datum_t encode(const struct cert *cert, unsigned selector)
{
	gnutls_datum_t encoded = {0};

	if (selector == TLSA_PUBLIC_KEY)
		ck_assert(certificate_encode_key(cert->certificate, &encoded));
	else
		ck_assert_int_eq(gnutls_x509_crt_export2(cert->certificate,
				     GNUTLS_X509_FMT_DER, &encoded),
		    0);
	return encoded;
}

/* The record "usage selector matching" of a certificate. */
static struct tlsa_record record_of(const char *form, const struct cert *cert)
{
	struct tlsa_record record = {.usage = (uint8_t)(form[0] - '0'),
	    .selector = (uint8_t)(form[2] - '0'),
	    .matching = (uint8_t)(form[4] - '0')};
	gnutls_datum_t encoded = encode(cert, record.selector);
	gnutls_digest_algorithm_t algorithm = record.matching == TLSA_SHA512
						  ? GNUTLS_DIG_SHA512
						  : GNUTLS_DIG_SHA256;

	record.size = encoded.size;
	record.data = malloc(encoded.size + 64);
	memcpy(record.data, encoded.data, encoded.size);
	if (record.matching != TLSA_EXACT) {
		record.size = gnutls_hash_get_len(algorithm);
		ck_assert_int_eq(gnutls_hash_fast(algorithm, encoded.data,
				     encoded.size, record.data),
		    0);
	}
	gnutls_free(encoded.data);
	return record;
}

static struct tlsa_finding find_in(const struct tlsa_record *records,
    size_t count, const struct cert *const list[])
{
	struct tlsa_finding finding;
	struct chain chain;

	chain_make(&chain, list);
	finding = tlsa_find(&(struct tlsa_case){
	    records, count, chain.certificates, chain.count});
	chain_free(&chain);
	return finding;
}

static enum tlsa_match match(
    const char *form, const struct cert *cert, const struct cert *const list[])
{
	struct tlsa_record record = record_of(form, cert);
	enum tlsa_match found = find_in(&record, 1, list).match;

	free(record.data);
	return found;
}

#define LIST(...) ((const struct cert *const[]){__VA_ARGS__, NULL})

static const char *const forms[] = {"2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1",
    "2 1 2", "3 0 0", "3 0 1", "3 0 2", "3 1 0", "3 1 1", "3 1 2"};

/*
 * Whether an octet there is part of what must match: of a whole certificate
 * that the record holds, and which so is an anchor, the key, but for the octet
 * in front of its point, which GnuTLS does not look at.
 */
static bool matters(
    const struct tlsa_record *record, const struct cert *about, size_t at)
{
	gnutls_datum_t key;
	const unsigned char *in;

	if (record->usage == TLSA_END_ENTITY ||
	    record->selector != TLSA_CERTIFICATE ||
	    record->matching != TLSA_EXACT)
		return true;
	key = encode(about, TLSA_PUBLIC_KEY);
	in = memmem(record->data, record->size, key.data, key.size);
	ck_assert_ptr_nonnull(in);
	gnutls_free(key.data);
	return record->data + at >= in && record->data + at < in + key.size &&
	       record->data + at != in + key.size - POINT_SIZE - 1;
}

/* Every kind of record matches what it is about, and no octet may be another.
 */
START_TEST(kinds)
{
	const char *form = forms[_i];
	bool end_entity = form[0] == '3';
	const struct cert *about = end_entity ? leaf : middle;
	struct tlsa_record record = record_of(form, about);
	const struct cert *const list[] = {leaf, middle, NULL};

	ck_assert_int_eq(find_in(&record, 1, list).match,
	    end_entity ? TLSA_MATCH_EE : TLSA_MATCH_TA);
	for (size_t at = 0; at < record.size; at++) {
		if (!matters(&record, about, at))
			continue;
		record.data[at] ^= 1;
		ck_assert_int_eq(
		    find_in(&record, 1, list).match, TLSA_MATCH_NONE);
		record.data[at] ^= 1;
	}
	record.size--;
	ck_assert_int_eq(find_in(&record, 1, list).match, TLSA_MATCH_NONE);
	ck_assert_int_eq(find_in(&record, 1, LIST(evil_leaf, evil_ca)).match,
	    TLSA_MATCH_NONE);
	free(record.data);
}
END_TEST

/* A record about another one of the list, of the other usage. */
START_TEST(other_usage)
{
	const char *form = forms[_i];
	bool end_entity = form[0] == '3';

	ck_assert_int_eq(
	    match(form, end_entity ? middle : leaf, LIST(leaf, middle, ca)),
	    TLSA_MATCH_NONE);
}
END_TEST

/* Unknown numbers mean nothing. */
START_TEST(unusable)
{
	static const char *const unknown[] = {
	    "0 0 1", "1 1 1", "4 0 1", "3 2 1", "3 0 3", "2 2 1", "2 0 3"};

	for (int i = 0; i < COUNT(unknown); i++) {
		ck_assert_int_eq(
		    match(unknown[i], leaf, LIST(leaf, middle, ca)),
		    TLSA_MATCH_NONE);
		ck_assert_int_eq(match(unknown[i], ca, LIST(leaf, middle, ca)),
		    TLSA_MATCH_NONE);
	}
	ck_assert_int_eq(
	    find_in(NULL, 0, LIST(leaf, middle, ca)).match, TLSA_MATCH_NONE);
}
END_TEST

/* Under usage 2 with each selector and matching of the good CA. */
START_TEST(attacks)
{
	const char *form = forms[_i];

	/* It has signed nothing: last, in between, twice, or with a friend. */
	const struct cert *const lists[][7] = {
	    {evil_leaf, evil_ca, ca},
	    {evil_leaf, ca, evil_ca},
	    {evil_leaf, ca, evil_ca, ca},
	    {evil_leaf, evil_ca, ca, ca},
	    {evil_leaf, ca, ca},
	    {evil_leaf, ca},
	    {evil_leaf, evil_ca, middle, ca},
	    {evil_leaf, middle, ca, evil_ca},
	    {evil_leaf, leaf, middle, ca, evil_ca},
	    {evil_leaf, evil_ca, leaf, middle, ca},
	    /* First, as if it were the server. */
	    {ca},
	    {ca, ca},
	    {ca, evil_leaf, evil_ca},
	    {ca, ca, evil_leaf, evil_ca},
	    /* Another one of that name. */
	    {namesake_leaf, ca},
	    {namesake_leaf, namesake, ca},
	    {namesake_leaf, ca, namesake},
	};

	for (int i = 0; i < COUNT(lists); i++)
		ck_assert_msg(
		    match(form, ca, lists[i]) == TLSA_MATCH_NONE, "list %d", i);
	/* And where it has signed, in any order. */
	ck_assert_int_eq(
	    match(form, ca, LIST(leaf, middle, ca)), TLSA_MATCH_TA);
	ck_assert_int_eq(
	    match(form, ca, LIST(leaf, evil_ca, middle, ca)), TLSA_MATCH_TA);
	ck_assert_int_eq(
	    match(form, ca, LIST(leaf, ca, middle)), TLSA_MATCH_TA);
	ck_assert_int_eq(
	    match(form, ca, LIST(leaf, middle, ca, ca)), TLSA_MATCH_TA);
}
END_TEST

/* The server's own certificate is no anchor, however it is signed. */
START_TEST(own_anchor)
{
	const char *form = forms[_i];
	const char *const names[] = {"mx.a.test", NULL};
	struct cert *alone = certs_make(&(struct cert_request){.names = names});

	ck_assert_int_eq(match(form, alone, LIST(alone)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match(form, alone, LIST(alone, alone)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match(form, leaf, LIST(leaf, leaf, middle)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match(form, alone, LIST(alone, alone, alone)), TLSA_MATCH_NONE);
	certs_free(alone);
}
END_TEST

/* A whole certificate in the record need not be shown, a key has to be. */
START_TEST(not_shown)
{
	ck_assert_int_eq(match("2 0 0", ca, LIST(leaf, middle)), TLSA_MATCH_TA);
	ck_assert_int_eq(match("2 0 0", middle, LIST(leaf)), TLSA_MATCH_TA);
	ck_assert_int_eq(match("2 0 0", ca, LIST(leaf)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match("2 0 0", ca, LIST(evil_leaf, evil_ca)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match("2 0 0", ca, LIST(namesake_leaf, namesake)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match("2 1 0", ca, LIST(leaf, middle)), TLSA_MATCH_NONE);
	ck_assert_int_eq(
	    match("2 0 1", ca, LIST(leaf, middle)), TLSA_MATCH_NONE);
}
END_TEST

/* Dates, purpose and constraints: nothing under usage 3, all under usage 2. */
static struct cert *make_odd(int kind, struct cert **issuer)
{
	const char *const names[] = {"mx.a.test", NULL};
	time_t now = time(NULL);
	struct cert_request above = {.common_name = "Issuer", .use = CERT_CA};
	struct cert_request below = {.names = names};

	switch (kind) {
	case 0: below.until = now - DAY; break;
	case 1: below.from = now + DAY; break;
	case 2: below.use = CERT_CLIENT; break;
	case 3: above.until = now - DAY; break;
	case 4: above.from = now + DAY; break;
	case 5: above.use = CERT_SERVER; break;
	default: break;
	}
	*issuer = certs_make(&above);
	below.issuer = *issuer;
	return certs_make(&below);
}

START_TEST(odd)
{
	struct cert *issuer;
	struct cert *server = make_odd(_i, &issuer);
	enum tlsa_match led = _i == 6 ? TLSA_MATCH_TA : TLSA_MATCH_NONE;

	for (int i = 0; i < COUNT(forms); i++)
		if (forms[i][0] == '3')
			ck_assert_int_eq(
			    match(forms[i], server, LIST(server, issuer)),
			    TLSA_MATCH_EE);
		else
			ck_assert_int_eq(
			    match(forms[i], issuer, LIST(server, issuer)), led);
	ck_assert_int_eq(match("2 0 0", issuer, LIST(server)), led);
	certs_free(server);
	certs_free(issuer);
}
END_TEST

/*
 * Of issuers with the same name one that leads there is found, wherever it
 * stands: one with the same key that others have certified, one with another
 * key, and one whose time is over.
 */
static struct cert *make_double(int kind)
{
	struct cert_request request = {.common_name = "Middle",
	    .use = CERT_CA,
	    .issuer = ca,
	    .key_of = middle};

	switch (kind) {
	case 0: request.issuer = evil_ca; break;
	case 1: request.key_of = NULL; break;
	case 2: request.until = time(NULL) - DAY; break;
	default: request.path_length = 1; break;
	}
	return certs_make(&request);
}

START_TEST(doubles)
{
	const char *form = forms[_i % 6];
	struct cert *other = make_double(_i / 6);
	const struct cert *const lists[][6] = {{leaf, other, middle, ca},
	    {leaf, middle, other, ca}, {leaf, ca, other, middle},
	    {leaf, other, evil_ca, middle, ca},
	    {leaf, other, other, middle, ca}};

	for (int i = 0; i < COUNT(lists); i++)
		ck_assert_msg(
		    match(form, ca, lists[i]) == TLSA_MATCH_TA, "list %d", i);
	ck_assert_int_eq(match(form, ca, LIST(evil_leaf, other, middle, ca)),
	    TLSA_MATCH_NONE);
	ck_assert_int_eq(match(form, evil_ca, LIST(leaf, middle, evil_ca, ca)),
	    TLSA_MATCH_NONE);
	if (_i / 6 < 3)
		ck_assert_int_eq(
		    match(form, ca, LIST(leaf, other, ca)), TLSA_MATCH_NONE);
	certs_free(other);
}
END_TEST

/* A server does not vouch for another one. */
START_TEST(no_authority)
{
	struct cert *below = certs_make_server(leaf, "mx.a.test");

	ck_assert_int_eq(
	    match("2 0 1", ca, LIST(below, leaf, middle, ca)), TLSA_MATCH_NONE);
	ck_assert_int_eq(match("2 0 1", leaf, LIST(below, leaf, middle, ca)),
	    TLSA_MATCH_NONE);
	certs_free(below);
}
END_TEST

/* Of many records one has to match, wherever it stands. */
START_TEST(many)
{
	static struct tlsa_record records[MANY];
	static const int places[] = {0, MANY / 2, MANY - 1};
	struct tlsa_record right[] = {record_of("3 1 1", leaf),
	    record_of("2 1 2", ca), record_of("2 0 0", ca)};

	for (int i = 0; i < MANY; i++)
		records[i] = record_of(forms[i % COUNT(forms)],
		    i % 2 == 0 ? evil_ca : namesake_leaf);
	ck_assert_int_eq(find_in(records, MANY, LIST(leaf, middle, ca)).match,
	    TLSA_MATCH_NONE);
	for (int i = 0; i < COUNT(places); i++)
		for (int j = 0; j < COUNT(right); j++) {
			struct tlsa_record wrong = records[places[i]];

			records[places[i]] = right[j];
			ck_assert_int_eq(
			    find_in(records, MANY, LIST(leaf, middle, ca))
				.match,
			    j == 0 ? TLSA_MATCH_EE : TLSA_MATCH_TA);
			records[places[i]] = wrong;
		}
}
END_TEST

/* As long as a chain may be. */
START_TEST(long_chain)
{
	struct cert *list[LONG + 1] = {NULL};
	const struct cert *issuer = NULL;

	for (int i = LONG - 1; i > 0; i--) {
		char name[16];

		snprintf(name, sizeof name, "CA %d", i);
		list[i] = make_ca(name, issuer);
		issuer = list[i];
	}
	list[0] = certs_make_server(issuer, "mx.a.test");
	ck_assert_int_eq(
	    match("2 0 1", list[LONG - 1], (const struct cert *const *)list),
	    TLSA_MATCH_TA);
	ck_assert_int_eq(
	    match("2 1 1", list[1], (const struct cert *const *)list),
	    TLSA_MATCH_TA);
	ck_assert_int_eq(
	    match("2 1 1", evil_ca, (const struct cert *const *)list),
	    TLSA_MATCH_NONE);
	for (int i = 0; i < LONG; i++)
		certs_free(list[i]);
}
END_TEST

SUITE("tlsa")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, NULL);
	tcase_add_loop_test(tcase, kinds, 0, COUNT(forms));
	tcase_add_loop_test(tcase, other_usage, 0, COUNT(forms));
	tcase_add_test(tcase, unusable);
	tcase_add_loop_test(tcase, attacks, 0, COUNT(forms) / 2);
	tcase_add_loop_test(tcase, own_anchor, 0, COUNT(forms) / 2);
	tcase_add_test(tcase, not_shown);
	tcase_add_loop_test(tcase, odd, 0, 7);
	tcase_add_loop_test(tcase, doubles, 0, 24);
	tcase_add_test(tcase, no_authority);
	tcase_add_test(tcase, many);
	tcase_add_test(tcase, long_chain);
}
