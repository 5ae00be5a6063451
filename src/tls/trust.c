/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/trust.h"

#include <stdlib.h>
#include <string.h>

#include "cdbcache.h"
#include "tls/anchor_files.h"
#include "tls/compiled.h"
#include "tls/der.h"
#include "tls/handshake.h"
#include "tls/pem.h"
#include "xalloc.h"

enum { NAMES_MAX = 2 * TLS_CHAIN_MAX };

struct trust {
	struct sealedcdb cache;
	struct cdbcache_source source;
};

struct trust *trust_open(
    const char *path, const char *run_directory, struct failure *failure)
{
	struct trust *trust = xcalloc(1, sizeof *trust);

	trust->source = compiled_source(xstrdup(path));
	if (cdbcache_open(
		&trust->cache, run_directory, &trust->source, failure))
		return trust;
	free((char *)trust->source.path);
	free(trust);
	return NULL;
}

/* Names of subjects to look for. */
struct names_sought {
	gnutls_datum_t list[NAMES_MAX];
	size_t count;
};

static bool is_same(const gnutls_datum_t *a, const gnutls_datum_t *b)
{
	return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static bool is_sought(
    const struct names_sought *names, const gnutls_datum_t *subject)
{
	for (size_t i = 0; i < names->count; i++)
		if (is_same(&names->list[i], subject))
			return true;
	return false;
}

static void seek(struct names_sought *names, const gnutls_datum_t *name)
{
	if (names->count < NAMES_MAX && !is_sought(names, name))
		names->list[names->count++] = *name;
}

static struct names_sought names_in(const gnutls_datum_t *chain, unsigned count)
{
	struct names_sought names = {.count = 0};
	gnutls_datum_t issuer, subject;

	for (unsigned i = 0; i < count && i < TLS_CHAIN_MAX; i++)
		if (der_names(&chain[i], &issuer, &subject)) {
			seek(&names, &issuer);
			seek(&names, &subject);
		}
	return names;
}

static bool has(const struct anchors *anchors,
    const unsigned char digest[ANCHOR_DIGEST_SIZE])
{
	for (size_t i = 0; i < anchors->count; i++)
		if (memcmp(anchors->list[i].digest, digest,
			ANCHOR_DIGEST_SIZE) == 0)
			return true;
	return false;
}

/* Adds it, and owns its encoding from then on. */
static void add_anchor(struct anchors *anchors, struct anchor *anchor)
{
	if (anchors->count < ANCHORS_MAX && !has(anchors, anchor->digest)) {
		anchors->list = xrealloc(
		    anchors->list, anchors->count + 1, sizeof *anchors->list);
		anchors->list[anchors->count++] = *anchor;
	} else {
		anchor_free(anchor);
	}
}

/* Reads what stands where the record says.  Returns false for anything else. */
static bool read_place(struct anchor *anchor, const struct trust_oracle *oracle,
    const struct compiled_record *record, const char *file)
{
	struct anchor_place place = {file, record->offset, record->size};
	struct parcel question = {0}, answer;
	const char *text;
	size_t size;
	bool good;

	anchors_ask(&question, &place);
	good = oracle->ask(oracle->context, &question, &answer);
	parcel_free(&question);
	if (!good)
		return false;
	parcel_take_count(&answer, 1);
	text = parcel_take_bytes(&answer, &size);
	good = parcel_is_empty(&answer) && pem_is_one(text, size) &&
	       anchor_take_apart(anchor, text, size);
	parcel_free(&answer);
	return good;
}

/* Adds the anchor of a record, if that leads to one of this subject. */
static bool add_recorded(struct anchors *anchors,
    const struct trust_oracle *oracle, const gnutls_datum_t *subject,
    const char *value, size_t size)
{
	struct anchor anchor;
	struct compiled_record record;
	char *file;
	bool good;

	if (size < sizeof record)
		return false;
	memcpy(&record, value, sizeof record);
	if (has(anchors, record.digest))
		return true;
	file = xstrndup(value + sizeof record, size - sizeof record);
	good = read_place(&anchor, oracle, &record, file);
	free(file);
	if (!good)
		return false;
	good = is_same(&anchor.subject, subject) &&
	       memcmp(anchor.digest, record.digest, sizeof record.digest) == 0;
	if (good)
		add_anchor(anchors, &anchor);
	else
		anchor_free(&anchor);
	return good;
}

/* Adds those of one subject.  Returns false when the database is no good. */
static bool add_compiled(struct trust *trust, const struct trust_oracle *oracle,
    const gnutls_datum_t *subject, struct anchors *anchors)
{
	size_t before = anchors->count;
	struct sealedcdb_search search;
	const char *value;
	size_t size;

	sealedcdb_search(&search, &trust->cache, subject->data, subject->size);
	while (sealedcdb_next(&search, &value, &size))
		if (!add_recorded(anchors, oracle, subject, value, size))
			return false;
	anchors->namesakes = anchors->namesakes || anchors->count > before + 1;
	return !trust->cache.damaged;
}

/* Adds those of a text that are sought. */
static void add_sought(struct anchors *anchors,
    const struct names_sought *names, const char *text, size_t length)
{
	const char *from = text, *start;
	struct anchor anchor;
	size_t size;

	while (pem_next(&from, text + length, &start, &size)) {
		if (!anchor_read(&anchor, start, size))
			continue;
		if (is_sought(names, &anchor.subject))
			add_anchor(anchors, &anchor);
		else
			anchor_free(&anchor);
	}
}

/* Goes through all files.  Returns false when they cannot be had. */
static bool find_everywhere(const struct trust_oracle *oracle,
    const struct names_sought *names, struct anchors *anchors)
{
	struct parcel question = {0}, answer;
	size_t count, size;
	bool good;

	anchors_ask_all(&question);
	good = oracle->ask(oracle->context, &question, &answer);
	parcel_free(&question);
	if (!good)
		return false;
	count = parcel_take_count(&answer, ANCHORS_SIZE_MAX);
	for (size_t i = 0; i < count && !answer.torn; i++) {
		const char *text = parcel_take_bytes(&answer, &size);

		add_sought(anchors, names, text, size);
	}
	good = parcel_is_empty(&answer) && count > 0;
	parcel_free(&answer);
	anchors->namesakes = anchors->count > 1;
	return good;
}

bool trust_find(struct trust *trust, const struct trust_oracle *oracle,
    const gnutls_datum_t *chain, unsigned count, struct anchors *anchors)
{
	struct names_sought names = names_in(chain, count);
	bool good = true;

	*anchors = (struct anchors){0};
	for (size_t i = 0; good && i < names.count; i++)
		good = add_compiled(trust, oracle, &names.list[i], anchors);
	if (good)
		return true;
	trust_free_anchors(anchors);
	return find_everywhere(oracle, &names, anchors);
}

void trust_free_anchors(struct anchors *anchors)
{
	for (size_t i = 0; i < anchors->count; i++)
		anchor_free(&anchors->list[i]);
	free(anchors->list);
	*anchors = (struct anchors){0};
}
