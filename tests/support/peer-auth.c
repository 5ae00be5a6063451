/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "peer-auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "peer-scram.h"

#define SUCCESS "235 2.7.0 welcome\r\n"
#define REFUSAL "535 5.7.8 no\r\n"

struct peer_mechanism {
	const char *name;
	/* Answers the response of this step; fills reply. */
	void (*answer)(struct peer_auth *auth, const char *response,
	    size_t size, struct bytes *reply);
	bool speaks_first; /* the client does */
	gnutls_mac_algorithm_t mac;
	bool plus;
};

static void challenge(struct bytes *reply, const char *bytes, size_t size)
{
	const gnutls_datum_t data = {(unsigned char *)bytes, (unsigned)size};
	gnutls_datum_t text;

	bytes_add_text(reply, "334 ");
	if (size > 0 && gnutls_base64_encode2(&data, &text) == 0) {
		bytes_add(reply, text.data, text.size);
		gnutls_free(text.data);
	}
	bytes_add_text(reply, "\r\n");
}

static void conclude(struct peer_auth *auth, bool good, struct bytes *reply)
{
	auth->authenticated =
	    !auth->failed && (good || auth->account->lie == PEER_CREDULOUS);
	bytes_add_text(reply, auth->authenticated ? SUCCESS : REFUSAL);
}

static bool is_text(const char *bytes, size_t size, const char *text)
{
	return size == strlen(text) && memcmp(bytes, text, size) == 0;
}

/* [authorization identity] NUL user NUL password */
static void answer_plain(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	struct bytes expected = {0};

	bytes_add(&expected, "", 1);
	bytes_add(
	    &expected, auth->account->user, strlen(auth->account->user) + 1);
	bytes_add_text(&expected, auth->account->secret);
	conclude(auth, bytes_equal(&expected, response, size), reply);
	bytes_free(&expected);
}

static void answer_login(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	const struct peer_account *account = auth->account;

	if (auth->step == 0) {
		challenge(reply, "Username:", 9);
	} else if (auth->step == 1) {
		auth->failed = !is_text(response, size, account->user) &&
			       account->lie != PEER_CREDULOUS;
		challenge(reply, "Password:", 9);
	} else {
		conclude(auth, is_text(response, size, account->secret), reply);
	}
}

#define CRAM_CHALLENGE "<1896.697170952@peer.test>"

static void answer_cram(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	const struct peer_account *account = auth->account;
	unsigned char digest[16];
	struct bytes expected = {0};

	if (auth->step == 0) {
		challenge(reply, CRAM_CHALLENGE, strlen(CRAM_CHALLENGE));
		return;
	}
	gnutls_hmac_fast(GNUTLS_MAC_MD5, account->secret,
	    strlen(account->secret), CRAM_CHALLENGE, strlen(CRAM_CHALLENGE),
	    digest);
	bytes_add_text(&expected, account->user);
	bytes_add_text(&expected, " ");
	for (size_t i = 0; i < sizeof digest; i++) {
		char hex[3];

		snprintf(hex, sizeof hex, "%02x", digest[i]);
		bytes_add_text(&expected, hex);
	}
	conclude(auth, bytes_equal(&expected, response, size), reply);
	bytes_free(&expected);
}

/* A token that is wrong gets an explanation first (RFC 7628, 3.2.2). */
static void conclude_bearer(
    struct peer_auth *auth, bool good, struct bytes *reply)
{
	static const char error[] =
	    "{\"status\":\"invalid_token\",\"scope\":\"mail\"}";

	if (auth->step > 0) {
		auth->failed = true;
		conclude(auth, false, reply);
	} else if (good || auth->account->lie == PEER_CREDULOUS) {
		conclude(auth, true, reply);
	} else {
		challenge(reply, error, strlen(error));
	}
}

static void answer_xoauth2(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	struct bytes expected = {0};

	bytes_add_text(&expected, "user=");
	bytes_add_text(&expected, auth->account->user);
	bytes_add_text(&expected, "\1auth=Bearer ");
	bytes_add_text(&expected, auth->account->secret);
	bytes_add_text(&expected, "\1\1");
	conclude_bearer(auth, bytes_equal(&expected, response, size), reply);
	bytes_free(&expected);
}

/* Whether this is one of the parts between two ^A. */
static bool has_part(
    const char *response, size_t size, const char *begin, const char *end)
{
	struct bytes part = {0};
	bool found;

	bytes_add_text(&part, "\1");
	bytes_add_text(&part, begin);
	bytes_add_text(&part, end);
	bytes_add_text(&part, "\1");
	found = memmem(response, size, part.data, part.length) != NULL;
	bytes_free(&part);
	return found;
}

static void answer_oauthbearer(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	struct bytes header = {0};
	bool good;

	bytes_add_text(&header, "n,a=");
	peer_scram_escape(&header, auth->account->user);
	bytes_add_text(&header, ",\1");
	good = size > header.length &&
	       memcmp(response, header.data, header.length) == 0 &&
	       has_part(response, size, "auth=Bearer ", auth->account->secret);
	conclude_bearer(auth, good, reply);
	bytes_free(&header);
}

static void answer_scram(struct peer_auth *auth, const char *response,
    size_t size, struct bytes *reply)
{
	struct bytes message = {0};
	bool good;

	if (auth->step == 0) {
		good = peer_scram_first(
		    auth, auth->mechanism->plus, response, size, &message);
	} else if (auth->step == 1) {
		good = peer_scram_final(
		    auth, auth->mechanism->mac, response, size, &message);
		if (good && auth->account->lie == PEER_NO_PROOF) {
			conclude(auth, true, reply);
			bytes_free(&message);
			return;
		}
	} else {
		conclude(auth, size == 0, reply);
		return;
	}
	if (good)
		challenge(reply, message.data, message.length);
	else
		conclude(auth, false, reply);
	bytes_free(&message);
}

static const struct peer_mechanism mechanisms[] = {
    {"SCRAM-SHA-256-PLUS", answer_scram, true, GNUTLS_MAC_SHA256, true},
    {"SCRAM-SHA-256", answer_scram, true, GNUTLS_MAC_SHA256, false},
    {"SCRAM-SHA-1-PLUS", answer_scram, true, GNUTLS_MAC_SHA1, true},
    {"SCRAM-SHA-1", answer_scram, true, GNUTLS_MAC_SHA1, false},
    {"PLAIN", answer_plain, true, GNUTLS_MAC_NULL, false},
    {"LOGIN", answer_login, false, GNUTLS_MAC_NULL, false},
    {"CRAM-MD5", answer_cram, false, GNUTLS_MAC_NULL, false},
    {"OAUTHBEARER", answer_oauthbearer, true, GNUTLS_MAC_NULL, false},
    {"XOAUTH2", answer_xoauth2, true, GNUTLS_MAC_NULL, false},
};

static const struct peer_mechanism *find(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++)
		if (strlen(mechanisms[i].name) == length &&
		    strncasecmp(mechanisms[i].name, name, length) == 0)
			return &mechanisms[i];
	return NULL;
}

/* What it was told, in every form, in one refusal. */
static void shout(struct peer_auth *auth, struct bytes *reply)
{
	const char *line = auth->told.data;

	while (line != NULL && *line != '\0') {
		size_t length = strcspn(line, "\n");

		bytes_add_text(reply, "535-5.7.8 ");
		bytes_add(reply, line, length);
		bytes_add_text(reply, "\r\n");
		line += length + (line[length] == '\n');
	}
	bytes_add_text(reply, "535 5.7.8 that was wrong\r\n");
}

static void note_told(
    struct peer_auth *auth, const char *line, const gnutls_datum_t *decoded)
{
	bytes_add_text(&auth->told, line);
	bytes_add_text(&auth->told, "\n");
	for (unsigned i = 0; i < decoded->size; i++)
		bytes_add(&auth->told,
		    decoded->data[i] < ' ' ? "?" : (char *)&decoded->data[i],
		    1);
	bytes_add_text(&auth->told, "\n");
}

static void answer(struct peer_auth *auth, const char *response, size_t size,
    struct bytes *reply)
{
	size_t before = reply->length;

	auth->mechanism->answer(auth, response, size, reply);
	auth->step++;
	if (auth->account->lie == PEER_EAGER) {
		bytes_free(reply);
		bytes_add_text(reply, SUCCESS);
	} else if (auth->account->lie == PEER_ENDLESS) {
		bytes_free(reply);
		challenge(reply, "more", 4);
	} else if (auth->account->lie == PEER_SHOUTS_ANSWER &&
		   memcmp(reply->data + before, "334", 3) != 0) {
		bytes_free(reply);
		shout(auth, reply);
	}
}

void peer_auth_continue(
    struct peer_auth *auth, const char *line, struct bytes *reply)
{
	const gnutls_datum_t text = {
	    (unsigned char *)line, (unsigned)strlen(line)};
	gnutls_datum_t decoded = {0};

	if (auth->mechanism == NULL) { /* only the script goes on */
		bytes_add_text(reply, "503 5.5.1 no mechanism\r\n");
		return;
	}
	if (strcmp(line, "*") == 0) {
		bytes_add_text(
		    reply, auth->failed ? REFUSAL : "501 5.0.0 cancelled\r\n");
		return;
	}
	if (text.size > 0 && gnutls_base64_decode2(&text, &decoded) != 0) {
		bytes_add_text(reply, "501 5.5.2 not base64\r\n");
		return;
	}
	note_told(auth, line, &decoded);
	answer(auth, (char *)decoded.data, decoded.size, reply);
	gnutls_free(decoded.data);
}

static void start_over(struct peer_auth *auth)
{
	auth->step = 0;
	auth->failed = false;
	bytes_free(&auth->told);
	bytes_free(&auth->header);
	bytes_free(&auth->first_bare);
	bytes_free(&auth->server_first);
	bytes_free(&auth->nonce);
	bytes_free(&auth->signature);
}

void peer_auth_begin(
    struct peer_auth *auth, const char *arguments, struct bytes *reply)
{
	size_t length = strcspn(arguments, " ");
	const char *initial = arguments + length;

	start_over(auth);
	auth->mechanism = find(arguments, length);
	if (auth->authenticated)
		bytes_add_text(reply, "503 5.5.1 once is enough\r\n");
	else if (auth->mechanism == NULL)
		bytes_add_text(reply, "504 5.5.4 unknown mechanism\r\n");
	else if (*initial == ' ')
		peer_auth_continue(auth, initial + 1, reply);
	else if (auth->mechanism->speaks_first)
		challenge(reply, "", 0);
	else
		answer(auth, "", 0, reply);
}
