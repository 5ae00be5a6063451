/* SPDX-License-Identifier: ISC */
/* The anchors that are found for a chain, wherever they come from. */
#include "config.h"

#include "tls/trust.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "certs.h"
#include "chain.h"
#include "suite.h"
#include "tls/compiled.h"
#include "unit.h"

#define RUN "run/qmail-remote"
#define COMPILED RUN "/trustanchors.cdb"
#define DIRECTORY "anchors/"

static struct home home;
static struct cert *ca, *other, *server;

static void enter(void)
{
	unit_enter_home(&home);
	ca = certs_make_ca("Test CA");
	other = certs_make_ca("Other CA");
	server = certs_make_server(ca, "mx.a.test");
}

static void write_anchors(void)
{
	certs_write(
	    "anchors.pem", (const struct cert *const[]){other, ca, NULL});
}

/* Whether the server's chain leads to the anchors that are found for it. */
static bool is_trusted;

/* How many anchors are found for the server; -1: they cannot be read. */
static int count_anchors(struct trust *trust, const char *path)
{
	struct trust_oracle oracle = chain_oracle(path);
	struct anchors anchors;
	struct chain chain;
	int count = -1;

	chain_make(&chain, (const struct cert *const[]){server, NULL});
	if (trust_find(trust, &oracle, chain.encoded, 1, &anchors)) {
		count = (int)anchors.count;
		is_trusted = chain_is_trusted(&chain, &anchors);
	}
	trust_free_anchors(&anchors);
	chain_free(&chain);
	return count;
}

static int find(const char *path)
{
	struct failure failure;
	struct trust *trust = trust_open(path, RUN, &failure);
	int count;

	ck_assert_ptr_nonnull(trust);
	count = count_anchors(trust, path);
	ck_assert_int_eq(is_trusted, count > 0);
	return count;
}

static void expect_failure(const char *path)
{
	struct failure failure;

	ck_assert_ptr_null(trust_open(path, RUN, &failure));
	ck_assert_int_eq(failure.class, FAILURE_TEMPORARY);
	ck_assert_ptr_nonnull(strstr(failure.text, "(#4.3.0)"));
	ck_assert_ptr_nonnull(strstr(failure.text, path));
}

/* The server's anchor is in a bundle of this text, compiled or not yet. */
static void expect_one_in(struct bytes *text)
{
	home_write(&home, "anchors.pem", text->data, text->length);
	ck_assert_int_eq(find("anchors.pem"), 1);
	ck_assert_int_eq(find("anchors.pem"), 1);
	bytes_free(text);
}

/* What of a bundle cannot be read does no harm to the rest. */
START_TEST(among_rubbish)
{
	static const char before[] = "-----BEGIN CERTIFICATE-----\nAAAA\n"
				     "-----END CERTIFICATE-----\nwords\n",
			  after[] = "-----BEGIN CERTIFICATE-----\nMII";
	struct bytes text = {0}, anchors;

	write_anchors();
	ck_assert(home_read(&home, "anchors.pem", &anchors));
	bytes_add_text(&text, before);
	bytes_add(&text, anchors.data, anchors.length);
	bytes_add(&text, anchors.data, anchors.length);
	bytes_add_text(&text, after);
	bytes_free(&anchors);
	expect_one_in(&text);
}
END_TEST

/* A certificate that was cut off does not take the next one with it. */
START_TEST(cut_off)
{
	struct bytes text = {0}, anchors;

	write_anchors();
	ck_assert(home_read(&home, "anchors.pem", &anchors));
	bytes_add(&text, anchors.data, anchors.length / 4);
	bytes_add_text(&text, "\n");
	bytes_add(&text, anchors.data, anchors.length / 4);
	bytes_add_text(&text, "\n");
	certs_write("anchors.pem", (const struct cert *const[]){ca, NULL});
	bytes_free(&anchors);
	ck_assert(home_read(&home, "anchors.pem", &anchors));
	bytes_add(&text, anchors.data, anchors.length);
	bytes_free(&anchors);
	expect_one_in(&text);
}
END_TEST

/* The other name that PEM has for a certificate. */
START_TEST(other_mark)
{
	struct bytes text = {0}, anchors;
	const char *line, *rest;

	write_anchors();
	ck_assert(home_read(&home, "anchors.pem", &anchors));
	for (line = anchors.data; *line != '\0'; line = rest + 1) {
		const char *word = strstr(line, "CERTIFICATE");

		rest = strchr(line, '\n');
		if (word != NULL && word < rest) {
			bytes_add(&text, line, (size_t)(word - line));
			bytes_add_text(&text, "X509 ");
			line = word;
		}
		bytes_add(&text, line, (size_t)(rest + 1 - line));
	}
	bytes_free(&anchors);
	expect_one_in(&text);
}
END_TEST

/*
 * Of anchors with the same name one that has signed the certificate will do,
 * among keys of one kind and of two.
 */
START_TEST(namesakes)
{
	struct cert *namesake =
	    certs_make(&(struct cert_request){.common_name = "Test CA",
		.use = CERT_CA,
		.key = _i / 2 == 0 ? CERT_ECDSA : CERT_RSA});
	const struct cert *const orders[][4] = {
	    {ca, namesake, other, NULL}, {namesake, ca, other, NULL}};
	struct failure failure;

	certs_write("anchors.pem", orders[_i % 2]);
	ck_assert_int_eq(find("anchors.pem"), 2);
	certs_write("anchors.pem", (const struct cert *const[]){namesake,
				       certs_make_ca("Test CA"), NULL});
	ck_assert_int_eq(count_anchors(trust_open("anchors.pem", RUN, &failure),
			     "anchors.pem"),
	    2);
	ck_assert(!is_trusted);
}
END_TEST

/* However many there are. */
START_TEST(many_namesakes)
{
	const struct cert *list[32];
	int count = 0;

	while (count < 30)
		list[count++] = certs_make_ca("Test CA");
	list[count++] = ca;
	list[count] = NULL;
	certs_write("anchors.pem", list);
	ck_assert_int_eq(find("anchors.pem"), 31);
}
END_TEST

/* An anchor is found once, however often it is there. */
START_TEST(twice)
{
	const struct cert *list[] = {ca, other, ca, ca, NULL};

	certs_write("anchors.pem", list);
	ck_assert_int_eq(find("anchors.pem"), 1);
	certs_write_directory("hashed", list, CERTS_LINKS);
	ck_assert_int_eq(find("hashed/"), 1);
}
END_TEST

/* Only files count, and those in sight. */
START_TEST(directory)
{
	expect_failure(DIRECTORY);
	ck_assert_int_eq(mkdir(DIRECTORY, 0700), 0);
	expect_failure(DIRECTORY);
	ck_assert_int_eq(mkdir(DIRECTORY "directory.pem", 0700), 0);
	ck_assert_int_eq(mkfifo(DIRECTORY "fifo.pem", 0600), 0);
	ck_assert_int_eq(
	    symlink("/nonexistent/anchor", DIRECTORY "dangling.pem"), 0);
	certs_write(
	    DIRECTORY ".hidden.pem", (const struct cert *const[]){ca, NULL});
	expect_failure(DIRECTORY);
	certs_write(
	    DIRECTORY "other.pem", (const struct cert *const[]){other, NULL});
	ck_assert_int_eq(find(DIRECTORY), 0);
	write_anchors();
	ck_assert_int_eq(symlink("../anchors.pem", DIRECTORY "0000.0"), 0);
	ck_assert_int_eq(find(DIRECTORY), 1);
	ck_assert_int_eq(unlink(DIRECTORY "0000.0"), 0);
	ck_assert_int_eq(find(DIRECTORY), 0);
}
END_TEST

START_TEST(unreadable_file)
{
	ck_assert_int_eq(mkdir(DIRECTORY, 0700), 0);
	certs_write(
	    DIRECTORY "other.pem", (const struct cert *const[]){other, NULL});
	ck_assert_int_eq(chmod(DIRECTORY "other.pem", 0), 0);
	if (geteuid() != 0)
		expect_failure(DIRECTORY "other.pem");
}
END_TEST

/*
 * One after the other, the hash tables of the compiled file are said to be
 * where no file is, and not even its time shows it.
 */
START_TEST(damaged_unseen)
{
	struct bytes compiled;
	struct stat status;

	write_anchors();
	ck_assert_int_eq(find("anchors.pem"), 1);
	ck_assert(home_read(&home, COMPILED, &compiled));
	ck_assert_int_eq(stat(COMPILED, &status), 0);
	for (size_t i = 0; i < UNIT_TABLES; i++) {
		unit_spoil_table(&home, COMPILED, &compiled, i, status.st_mtim);
		ck_assert_int_eq(find("anchors.pem"), 1);
	}
	bytes_free(&compiled);
}
END_TEST

/* All tables are damaged once it is open, and the anchors have gone, too. */
START_TEST(damaged_and_gone)
{
	struct bytes compiled;
	struct failure failure;
	struct trust *trust;
	int descriptor;

	write_anchors();
	ck_assert_int_eq(find("anchors.pem"), 1);
	ck_assert(home_read(&home, COMPILED, &compiled));
	trust = trust_open("anchors.pem", RUN, &failure);
	ck_assert_ptr_nonnull(trust);
	memset(compiled.data, 0x7f, 2048);
	descriptor = open(COMPILED, O_WRONLY | O_CLOEXEC);
	ck_assert_int_eq(pwrite(descriptor, compiled.data, 2048, 0), 2048);
	close(descriptor);
	if (_i == 0) {
		ck_assert_int_eq(count_anchors(trust, "anchors.pem"), 1);
	} else {
		ck_assert_int_eq(unlink("anchors.pem"), 0);
		ck_assert_int_eq(count_anchors(trust, "anchors.pem"), -1);
		ck_assert_int_eq(count_anchors(trust, "anchors.pem"), -1);
	}
	bytes_free(&compiled);
}
END_TEST

/* What somebody who can write the run directory may put there. */
static struct anchor evil;

static void plant(struct cdbcache_records *records, const char *file,
    size_t offset, size_t size, const struct anchor *digest)
{
	unsigned char value[sizeof(struct compiled_record) + 32];
	struct compiled_record record = {.offset = offset, .size = size};

	memcpy(record.digest, digest->digest, sizeof record.digest);
	memcpy(value, &record, sizeof record);
	memcpy(value + sizeof record, file, strlen(file));
	cdbcache_add(records, evil.subject.data, evil.subject.size, value,
	    sizeof record + strlen(file));
}

static struct anchor read_anchor(const char *file, size_t *size)
{
	struct anchor anchor;
	struct bytes text;

	ck_assert(home_read(&home, file, &text));
	*size = text.length - 1; /* without the end of the line */
	ck_assert(anchor_read(&anchor, text.data, text.length));
	bytes_free(&text);
	return anchor;
}

static int plan;

static bool compile_plan(const struct cdbcache_source *source,
    struct cdbcache_records *records, struct failure *failure)
{
	size_t size, evil_size;
	struct anchor good = read_anchor("anchors.pem", &size);

	(void)source;
	(void)failure;
	evil = read_anchor("evil.pem", &evil_size);
	switch (plan) {
	case 0: plant(records, "", 0, size, &evil); break;
	case 1: plant(records, "", 0, size, &good); break;
	case 2: plant(records, "evil.pem", 0, evil_size, &evil); break;
	case 3: plant(records, "../evil.pem", 0, evil_size, &evil); break;
	case 4: plant(records, "", 1, size, &evil); break;
	case 5: plant(records, "", SIZE_MAX, SIZE_MAX, &evil); break;
	case 6:
		cdbcache_add(records, evil.subject.data, evil.subject.size,
		    evil.der.data, evil.der.size);
		break;
	default: plant(records, "/etc/passwd", 0, 1, &evil); break;
	}
	return true;
}

static bool is_evil_trusted(const char *path)
{
	struct trust_oracle oracle = chain_oracle(path);
	struct failure failure;
	struct trust *trust = trust_open(path, RUN, &failure);
	struct anchors anchors;
	struct chain chain;
	bool trusted;

	ck_assert_ptr_nonnull(trust);
	chain_make(
	    &chain, (const struct cert *const[]){
			certs_make_server(other, "mx.a.test"), other, NULL});
	ck_assert(trust_find(trust, &oracle, chain.encoded, 2, &anchors));
	trusted = chain_is_trusted(&chain, &anchors);
	trust_free_anchors(&anchors);
	chain_free(&chain);
	return trusted;
}

/*
 * A database with the right stamp can keep mail waiting, but nobody is trusted
 * who does not stand in the administrator's files; the others still are.
 */
START_TEST(planted)
{
	struct cdbcache_source source = compiled_source("anchors.pem");
	struct sealedcdb database;
	struct failure failure;

	certs_write("anchors.pem", (const struct cert *const[]){ca, NULL});
	certs_write("evil.pem", (const struct cert *const[]){other, NULL});
	plan = _i;
	source.compile = compile_plan;
	ck_assert(cdbcache_open(&database, RUN, &source, &failure));
	sealedcdb_close(&database);
	ck_assert(!is_evil_trusted("anchors.pem"));
	ck_assert_int_eq(access(COMPILED, F_OK), -1);
	ck_assert_int_eq(find("anchors.pem"), 1);
	certs_write("anchors.pem", (const struct cert *const[]){other, NULL});
	ck_assert(is_evil_trusted("anchors.pem"));
}
END_TEST

SUITE("trust")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, among_rubbish);
	tcase_add_test(tcase, cut_off);
	tcase_add_test(tcase, other_mark);
	tcase_add_loop_test(tcase, namesakes, 0, 4);
	tcase_add_test(tcase, many_namesakes);
	tcase_add_loop_test(tcase, planted, 0, 8);
	tcase_add_test(tcase, twice);
	tcase_add_test(tcase, directory);
	tcase_add_test(tcase, unreadable_file);
	tcase_add_test(tcase, damaged_unseen);
	tcase_add_loop_test(tcase, damaged_and_gone, 0, 2);
}
