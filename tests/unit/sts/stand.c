/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "stand.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "certs.h"
#include "sts/cache.h"
#include "unit.h"

#define HOST "mta-sts.a.test"

static void save_one(
    const char *name, const struct cert *issuer, const char *host)
{
	certs_save(certs_make_server(issuer, host), ".", name);
}

static void save(const char *name, struct cert_request request)
{
	certs_save(certs_make(&request), ".", name);
}

static void make_certificates(void)
{
	static const char *const names[] = {HOST, NULL};
	const struct cert *ca = certs_make_ca("Test CA");
	const struct cert *other = certs_make_ca("Another CA");
	time_t now = time(NULL);

	certs_write("anchors.pem", (const struct cert *const[]){ca, NULL});
	certs_write("other.pem", (const struct cert *const[]){other, NULL});
	save_one("good", ca, HOST);
	save_one("wildcard", ca, "*.a.test");
	save_one("wrong", ca, "a.test");
	save_one("other", other, HOST);
	save("unnamed",
	    (struct cert_request){.common_name = HOST, .issuer = ca});
	save("expired", (struct cert_request){
			    .names = names, .issuer = ca, .until = now - 3600});
	save("early", (struct cert_request){
			  .names = names, .issuer = ca, .from = now + 86400});
	save("selfsigned", (struct cert_request){.names = names});
	save("client", (struct cert_request){
			   .names = names, .issuer = ca, .use = CERT_CLIENT});
	save("anyuse", (struct cert_request){
			   .names = names, .issuer = ca, .use = CERT_ANY_USE});
	save("ed25519", (struct cert_request){
			    .names = names, .issuer = ca, .key = CERT_ED25519});
	save("rsa", (struct cert_request){
			.names = names, .issuer = ca, .key = CERT_RSA});
}

void stand_make(struct stand *stand)
{
	static char anchors[HOME_PATH];

	memset(stand, 0, sizeof *stand);
	unit_enter_home(&stand->home);
	make_certificates();
	stand->settings.trustanchors = anchors;
	home_path(&stand->home, "anchors.pem", anchors);
	stand->source = (struct source){.use_v4 = true, .use_v6 = true};
	stand->question = (struct sts_question){.domain = "a.test",
	    .texts = &stand->texts,
	    .settings = &stand->settings,
	    .source = &stand->source,
	    .run_directory = STAND_RUN,
	    .deadline = deadline_in(0)};
	stand_record(stand, "1");
	stand_zone(stand, HOST " A 127.0.0.1\n");
	setenv("QR_TEST_LOCAL_POLICIES", "1", 1);
}

void stand_zone(struct stand *stand, const char *zone)
{
	if (stand->dns != NULL)
		dns_stop(stand->dns);
	stand->dns = dns_start(zone, NULL);
	setenv("DNSCACHEIP", dns_address(stand->dns), 1);
}

void stand_serve(struct stand *stand, const char *certificate,
    const struct https_options *options)
{
	struct https_options own = *options;
	char pem[HOME_PATH], key[HOME_PATH], port[16];

	snprintf(pem, sizeof pem, "%s.pem", certificate);
	snprintf(key, sizeof key, "%s.key", certificate);
	own.certificate = pem;
	own.key = key;
	if (own.body == NULL)
		own.body = STAND_POLICY;
	if (stand->https != NULL)
		https_stop(stand->https);
	stand->https = https_start(&own);
	snprintf(port, sizeof port, "%u", (unsigned)https_port(stand->https));
	setenv("QR_TEST_HTTPS_PORT", port, 1);
}

void stand_record(struct stand *stand, const char *id)
{
	static char text[64];

	stand->texts = (struct texts){
	    .status = ANSWER_DATA, .list = &stand->text, .count = id != NULL};
	stand->text.bytes = text;
	stand->text.size =
	    (size_t)snprintf(text, sizeof text, "v=STSv1; id=%s;", id);
}

void stand_ask(struct stand *stand)
{
	sts_free(&stand->sts);
	stand->good = sts_find(&stand->sts, &stand->question, &stand->failure);
}

void stand_expect_policy(struct stand *stand, enum sts_origin origin)
{
	stand_ask(stand);
	ck_assert_msg(
	    stand->good && stand->sts.present, "%s", stand->sts.why.english);
	ck_assert_int_eq(stand->sts.origin, origin);
	ck_assert_int_eq(stand->sts.policy.mode, STS_MODE_ENFORCE);
	ck_assert(sts_policy_names(&stand->sts.policy, "mx.a.test"));
}

void stand_expect_none(struct stand *stand, const char *why)
{
	stand_ask(stand);
	ck_assert(stand->good);
	ck_assert(!stand->sts.present);
	ck_assert_msg(strstr(stand->sts.why.english, why) != NULL,
	    "\"%s\" is not in \"%s\"", why, stand->sts.why.english);
}

void stand_script(struct stand *stand, const char *text)
{
	char path[HOME_PATH];

	home_write(&stand->home, "script", text, strlen(text));
	home_path(&stand->home, "script", path);
	ck_assert_int_eq(chmod(path, 0700), 0);
	setenv("QR_TEST_STS", path, 1);
}

void stand_cache(struct stand *stand, const char *id, long age,
    const char *policy, const char *failed_id, long failed_age)
{
	struct sts_entry entry = {.fetched = (int64_t)time(NULL) - age,
	    .failed = (int64_t)time(NULL) - failed_age,
	    .text = (char *)(uintptr_t)policy,
	    .size = policy != NULL ? strlen(policy) : 0};
	struct sts_cache cache;
	bool waited;

	(void)stand;
	snprintf(entry.id, sizeof entry.id, "%s", id);
	snprintf(entry.failed_id, sizeof entry.failed_id, "%s", failed_id);
	sts_cache_open(&cache, STAND_RUN, "a.test");
	ck_assert(sts_cache_lock(&cache, deadline_in(20), &waited));
	ck_assert(sts_cache_write(&cache, &entry));
	sts_cache_close(&cache);
}
