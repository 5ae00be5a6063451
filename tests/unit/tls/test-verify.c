/* SPDX-License-Identifier: ISC */
/*
 * Chains of random authorities: what is found for them among the anchors gives
 * GnuTLS's verdict with all anchors, or accepts where one of them alone does.
 */
#include "config.h"

#include "tls/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "certs.h"
#include "chain.h"
#include "suite.h"
#include "unit.h"

enum {
	KEYS = 4,
	NAMES = 4,
	WORLDS = 40, /* of authorities, each with anchors of its own */
	CHAINS = 75, /* in each world */
	AUTHORITIES = 9,
	DAY = 24 * 60 * 60
};

#define RUN "run/qmail-remote"

static struct home home;
static struct cert *keys[KEYS];

struct world {
	uint64_t seed;
	struct cert *authorities[AUTHORITIES];
	struct anchors all; /* the anchors, all of which are trusted */
	struct trust *trust;
};

static void enter(void)
{
	unit_enter_home(&home);
	for (int i = 0; i < KEYS; i++)
		keys[i] = certs_make_ca("Key");
}

/* One chance in so many. */
static bool chance(struct world *world, unsigned many)
{
	return unit_random(&world->seed, many) == 0;
}

/* Names and keys are few, so that namesakes and new keys abound. */
static struct cert *make_authority(struct world *world, int count)
{
	char name[8];
	unsigned issuer = unit_random(&world->seed, AUTHORITIES + 3);
	struct cert_request request = {.common_name = name,
	    .use = chance(world, 12) ? CERT_SERVER : CERT_CA,
	    .key_of = keys[unit_random(&world->seed, KEYS)],
	    .issuer = (int)issuer < count ? world->authorities[issuer] : NULL,
	    .permitted = chance(world, 6)   ? "a.test"
			 : chance(world, 9) ? "b.test"
					    : NULL,
	    .path_length = (int)unit_random(&world->seed, 6) < 4
			       ? 0
			       : (int)unit_random(&world->seed, 3) + 1,
	    .without_key_ids = chance(world, 3),
	    .strange = chance(world, 40),
	    .until = chance(world, 12) ? time(NULL) - DAY : 0,
	    .signer = chance(world, 25) ? keys[0] : NULL};

	snprintf(name, sizeof name, "CA %u", unit_random(&world->seed, NAMES));
	return certs_make(&request);
}

/* Puts the anchors in a file, some of them twice, and reads them all. */
static void choose_anchors(struct world *world)
{
	const struct cert *list[2 * AUTHORITIES + 1] = {NULL};
	struct chain chain;
	struct failure failure;
	size_t count = 0;

	for (int i = 0; i < AUTHORITIES; i++) {
		if (i > 0 && !chance(world, 2))
			continue;
		list[count++] = world->authorities[i];
		if (chance(world, 4))
			list[count++] = world->authorities[i];
	}
	certs_write("anchors.pem", list);
	world->trust = trust_open("anchors.pem", RUN, &failure);
	ck_assert_ptr_nonnull(world->trust);
	chain_make(&chain, list);
	world->all = (struct anchors){
	    .list = calloc(count, sizeof(struct anchor)), .count = count};
	for (size_t i = 0; i < count; i++) {
		struct anchor *anchor = &world->all.list[i];

		ck_assert_int_eq(gnutls_x509_crt_export2(chain.certificates[i],
				     GNUTLS_X509_FMT_DER, &anchor->der),
		    0);
	}
	chain_free(&chain);
}

static void make_world(struct world *world, int number)
{
	*world = (struct world){.seed = (uint64_t)number + 1};
	for (int i = 0; i < AUTHORITIES; i++)
		world->authorities[i] = make_authority(world, i);
	choose_anchors(world);
}

static void free_world(struct world *world)
{
	for (int i = 0; i < AUTHORITIES; i++)
		certs_free(world->authorities[i]);
	trust_free_anchors(&world->all);
}

/* A server, and authorities behind it: its own, but for some that are not. */
static struct cert *make_chain(struct world *world, struct chain *chain)
{
	const char *const names[] = {
	    chance(world, 5) ? "mx.b.test" : "mx.a.test", NULL};
	const struct cert *issuer =
	    world->authorities[unit_random(&world->seed, AUTHORITIES)];
	struct cert *server = certs_make(&(struct cert_request){.names = names,
	    .key_of = keys[unit_random(&world->seed, KEYS)],
	    .issuer = issuer,
	    .without_key_ids = chance(world, 3)});
	const struct cert *list[AUTHORITIES + 2] = {server};
	size_t count = 1;

	for (; issuer != NULL && count < 6 && !chance(world, 5);
	     issuer = issuer->issuer) {
		list[count++] = issuer;
		if (chance(world, 8))
			list[count++] = world->authorities[unit_random(
			    &world->seed, AUTHORITIES)];
	}
	list[count] = NULL;
	chain_make(chain, list);
	return server;
}

static bool is_trusted_by_one(
    struct chain *chain, const struct anchors *anchors)
{
	for (size_t i = 0; i < anchors->count; i++) {
		struct anchors one = {&anchors->list[i], 1, false};

		if (chain_is_trusted(chain, &one))
			return true;
	}
	return false;
}

struct tally {
	unsigned trusted, not_trusted, rescued;
};

static void compare(struct world *world, struct tally *tally)
{
	struct trust_oracle oracle = chain_oracle("anchors.pem");
	struct anchors found;
	struct chain chain;
	struct cert *server = make_chain(world, &chain);
	bool expected, got;

	ck_assert(trust_find(
	    world->trust, &oracle, chain.encoded, chain.count, &found));
	got = chain_is_trusted(&chain, &found);
	expected = chain_is_trusted(&chain, &world->all);
	if (expected)
		ck_assert(got);
	else if (got)
		ck_assert(is_trusted_by_one(&chain, &world->all));
	tally->trusted += expected;
	tally->not_trusted += !got;
	tally->rescued += got && !expected;
	trust_free_anchors(&found);
	chain_free(&chain);
	certs_free(server);
}

START_TEST(random_chains)
{
	struct tally tally = {0};

	for (int i = 0; i < WORLDS; i++) {
		struct world world;

		make_world(&world, i);
		for (int j = 0; j < CHAINS; j++)
			compare(&world, &tally);
		free_world(&world);
	}
	printf("# %u trusted, %u not, %u by one anchor alone\n", tally.trusted,
	    tally.not_trusted, tally.rescued);
	ck_assert_uint_gt(tally.trusted, WORLDS * CHAINS / 20);
	ck_assert_uint_gt(tally.not_trusted, WORLDS * CHAINS / 20);
	ck_assert_uint_gt(tally.rescued, 0);
}
END_TEST

SUITE("verify")
{
	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, random_chains);
}
