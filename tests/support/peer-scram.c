/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-scram.h"

#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>

#define SALT "\x01\xff\x02\xfeserver's salt"
#define OWN_NONCE "3rfcNHYJY1ZVvWVs7j"

enum { HASH_MAX = 64, ITERATIONS = 4096 };

void peer_scram_escape(struct bytes *bytes, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ',')
			bytes_add_text(bytes, "=2C");
		else if (*name == '=')
			bytes_add_text(bytes, "=3D");
		else
			bytes_add(bytes, name, 1);
	}
}

static void add_base64(struct bytes *bytes, const void *data, size_t size)
{
	const gnutls_datum_t in = {(void *)(size_t)data, (unsigned)size};
	gnutls_datum_t text;

	if (gnutls_base64_encode2(&in, &text) == 0) {
		bytes_add(bytes, text.data, text.size);
		gnutls_free(text.data);
	}
}

/* The header says whether, and to what, the client binds the channel. */
static bool is_header_right(const struct peer_auth *auth, bool plus)
{
	if (plus)
		return auth->binding != NULL &&
		       bytes_equal(&auth->header, "p=tls-exporter,,", 16);
	return bytes_equal(&auth->header, "n,,", 3) ||
	       bytes_equal(&auth->header, "y,,", 3);
}

static void write_first(struct peer_auth *auth)
{
	struct bytes *first = &auth->server_first;

	bytes_add_text(first, "r=");
	bytes_add(first, auth->nonce.data, auth->nonce.length);
	bytes_add_text(first, ",s=");
	add_base64(first, SALT, sizeof SALT - 1);
	bytes_add_text(first, auth->account->lie == PEER_MANY_ROUNDS
				  ? ",i=4294967295"
				  : ",i=4096");
}

bool peer_scram_first(struct peer_auth *auth, bool plus, const char *message,
    size_t size, struct bytes *answer)
{
	const char *end = message + size;
	const char *comma = size > 0 ? memchr(message, ',', size) : NULL;
	struct bytes expected = {0};
	const char *bare;

	if (comma == NULL || comma + 1 == end || comma[1] != ',')
		return false; /* with an authorization identity, too */
	bare = comma + 2;
	bytes_add(&auth->header, message, (size_t)(bare - message));
	bytes_add(&auth->first_bare, bare, (size_t)(end - bare));
	bytes_add_text(&expected, "n=");
	peer_scram_escape(&expected, auth->account->user);
	bytes_add_text(&expected, ",r=");
	if (!is_header_right(auth, plus) ||
	    auth->first_bare.length <= expected.length ||
	    memcmp(bare, expected.data, expected.length) != 0) {
		bytes_free(&expected);
		return false;
	}
	if (auth->account->lie == PEER_WRONG_NONCE)
		bytes_add_text(&auth->nonce, "x");
	bytes_add(&auth->nonce, bare + expected.length,
	    auth->first_bare.length - expected.length);
	bytes_add_text(&auth->nonce, OWN_NONCE);
	bytes_free(&expected);
	write_first(auth);
	bytes_add(answer, auth->server_first.data, auth->server_first.length);
	return true;
}

/* "c=HEADER AND BINDING,r=NONCE", which the proof is about. */
static void write_without_proof(
    const struct peer_auth *auth, struct bytes *text)
{
	struct bytes input = {0};

	bytes_add(&input, auth->header.data, auth->header.length);
	if (auth->header.data[0] == 'p')
		bytes_add(&input, auth->binding, PEER_BINDING);
	bytes_add_text(text, "c=");
	add_base64(text, input.data, input.length);
	bytes_add_text(text, ",r=");
	bytes_add(text, auth->nonce.data, auth->nonce.length);
	bytes_free(&input);
}

/* The names of RFC 5802 section 3. */
struct keys {
	size_t size;
	unsigned char salted[HASH_MAX], client[HASH_MAX], stored[HASH_MAX],
	    server[HASH_MAX], signature[HASH_MAX], server_signature[HASH_MAX];
};

static void derive(struct keys *keys, gnutls_mac_algorithm_t mac,
    const char *password, const struct bytes *message)
{
	const gnutls_datum_t key = {
	    (void *)(size_t)password, (unsigned)strlen(password)};
	const gnutls_datum_t salt = {(unsigned char *)SALT, sizeof SALT - 1};
	size_t size = gnutls_hmac_get_len(mac);

	keys->size = size;
	gnutls_pbkdf2(mac, &key, &salt, ITERATIONS, keys->salted, size);
	gnutls_hmac_fast(
	    mac, keys->salted, size, "Client Key", 10, keys->client);
	gnutls_hash_fast(
	    (gnutls_digest_algorithm_t)mac, keys->client, size, keys->stored);
	gnutls_hmac_fast(
	    mac, keys->salted, size, "Server Key", 10, keys->server);
	gnutls_hmac_fast(mac, keys->stored, size, message->data,
	    message->length, keys->signature);
	gnutls_hmac_fast(mac, keys->server, size, message->data,
	    message->length, keys->server_signature);
}

static void write_verdict(
    struct peer_auth *auth, bool good, struct keys *keys, struct bytes *answer)
{
	if (!good) {
		auth->failed = true;
		bytes_add_text(answer, "e=invalid-proof");
		return;
	}
	if (auth->account->lie == PEER_WRONG_PROOF)
		keys->server_signature[0] ^= 1;
	bytes_add_text(answer, "v=");
	add_base64(answer, keys->server_signature, keys->size);
}

bool peer_scram_final(struct peer_auth *auth, gnutls_mac_algorithm_t mac,
    const char *message, size_t size, struct bytes *answer)
{
	const struct peer_account *account = auth->account;
	struct bytes expected = {0}, about = {0};
	struct keys keys;
	bool good;

	bytes_add(&about, auth->first_bare.data, auth->first_bare.length);
	bytes_add_text(&about, ",");
	bytes_add(&about, auth->server_first.data, auth->server_first.length);
	bytes_add_text(&about, ",");
	write_without_proof(auth, &expected);
	bytes_add(&about, expected.data, expected.length);
	derive(&keys, mac, account->secret, &about);
	for (size_t i = 0; i < keys.size; i++)
		keys.client[i] ^= keys.signature[i];
	bytes_add_text(&expected, ",p=");
	add_base64(&expected, keys.client, keys.size);
	good = bytes_equal(&expected, message, size) ||
	       account->lie == PEER_CREDULOUS;
	write_verdict(auth, good, &keys, answer);
	bytes_free(&expected);
	bytes_free(&about);
	return good || account->lie == PEER_TELLS_ERROR;
}
