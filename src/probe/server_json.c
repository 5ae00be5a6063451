/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/server_json.h"

#include <string.h>

#include "probe/facts.h"
#include "probe/object.h"

/* Takes the lines. */
static json_t *take_lines(struct facts_lines lines)
{
	json_t *list =
	    object_texts((const char *const *)lines.list, lines.count);

	facts_free(&lines);
	return list;
}

static json_t *make_demand(const struct demand *demand)
{
	json_t *object = json_object(), *checks = json_array();

	object_put_text(object, "tls", facts_tls_name(demand->tls));
	object_put_text(object, "origin", demand->tls_origin);
	object_put_bool(object, "implicit", demand->implicit);
	object_put_bool(object, "requiretls", demand->requiretls);
	object_put_bool(object, "credentials", demand->credentials);
	for (size_t i = 0; i < CHECKS; i++) {
		json_t *check;

		if (!demand->checks[i])
			continue;
		check = json_object();
		object_put_text(
		    check, "what", facts_check_name((enum demand_check)i));
		object_put_text(check, "origin", demand->origins[i]);
		json_array_append_new(checks, check);
	}
	json_object_set_new(object, "checks", checks);
	return object;
}

static json_t *make_certificate(const struct tls_certificate *certificate)
{
	json_t *object = json_object();

	object_put_text(object, "subject", certificate->subject);
	object_put_text(object, "issuer", certificate->issuer);
	json_object_set_new(object, "names",
	    object_texts(certificate->names, certificate->name_count));
	object_put_number(object, "from", certificate->from);
	object_put_number(object, "until", certificate->until);
	object_put_hex(
	    object, "sha256", certificate->sha256, sizeof certificate->sha256);
	object_put_hex(object, "key_sha256", certificate->key_sha256,
	    sizeof certificate->key_sha256);
	return object;
}

/* null where there was no handshake. */
static json_t *make_tls(const struct opening *opening)
{
	const struct handshake *handshake = &opening->handshake;
	static const char *const matches[] = {
	    [TLSA_MATCH_NONE] = NULL,
	    [TLSA_MATCH_TA] = "DANE-TA",
	    [TLSA_MATCH_EE] = "DANE-EE",
	};
	const char *problem = handshake->reason.local;
	json_t *object, *certificates;

	if (!handshake->done && *problem == '\0')
		return json_null();
	certificates = json_array();
	for (size_t i = 0; i < handshake->certificate_count; i++)
		json_array_append_new(certificates,
		    make_certificate(&handshake->certificates[i]));
	object = json_object();
	object_put_text(
	    object, "protocol", handshake->done ? handshake->protocol : NULL);
	object_put_text(
	    object, "cipher", handshake->done ? handshake->cipher : NULL);
	object_put_bool(object, "chain_trusted", handshake->chain_trusted);
	object_put_bool(object, "named", handshake->named != 0);
	object_put_text(object, "dane", matches[handshake->tlsa]);
	object_put_bool(object, "pinned", handshake->pinned);
	object_put_text(object, "problem", *problem != '\0' ? problem : NULL);
	json_object_set_new(object, "certificates", certificates);
	return object;
}

static json_t *make_dialogue(const struct opening *opening)
{
	const struct turns *turns = opening->turns;
	json_t *list = json_array();

	for (size_t i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];
		json_t *object = json_object();

		object_put_number(object, "call", turn->call);
		object_put_bool(object, "encrypted", turn->encrypted);
		object_put_text(object, "said", turn->said);
		json_object_set_new(
		    object, "heard", take_lines(facts_heard(turn, opening)));
		json_array_append_new(list, object);
	}
	return list;
}

/* What the server that was spoken to has said and shown. */
static json_t *make_session(const struct opening *opening, bool dialogue)
{
	json_t *object = json_object();

	json_object_set_new(object, "greeting",
	    take_lines(facts_heard(turns_find(opening->turns, NULL), opening)));
	json_object_set_new(
	    object, "extensions", take_lines(facts_extensions(opening)));
	json_object_set_new(object, "tls", make_tls(opening));
	object_put_text(object, "auth", opening->mechanism);
	object_put_text(object, "summary", opening->summary);
	object_put_text(object, "clear_reason",
	    opening->summary == NULL ? opening->clear_reason : NULL);
	json_object_set_new(object, "dialogue",
	    dialogue ? make_dialogue(opening) : json_null());
	return object;
}

json_t *server_json(const struct trial *trial, bool dialogue)
{
	json_t *object = json_object();
	char text[IP_TEXT_SIZE];
	const struct dial_call *call = &trial->call;

	object_put_text(object, "address", ip_format(&trial->server.ip, text));
	object_put_number(object, "port", trial->server.port);
	object_put_text(object, "name", trial->server.exchanger->name);
	object_put_text(object, "state", facts_state_name(facts_state(trial)));
	json_object_set_new(object, "demand", make_demand(&trial->demand));
	json_object_set_new(object, "connect_ms",
	    call->state == DIAL_THERE && call->took >= 0
		? json_integer((json_int_t)call->took)
		: json_null());
	object_put_text(object, "error",
	    call->state == DIAL_FAILED ? strerror(call->error) : NULL);
	json_object_set_new(object, "session",
	    trial->tried ? make_session(trial->opening, dialogue)
			 : json_null());
	object_put_report(object, &trial->failure);
	return object;
}
