/* SPDX-License-Identifier: ISC */
/* That qmail-remote-probe prints what its manual page shows. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <check.h>

#include "sts-bench.h"
#include "suite.h"

enum { LINE_SIZE = 512, VALUE = 13 };

#define DIGEST                                                                 \
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static FILE *open_page(void)
{
	const char *directory = getenv("srcdir");
	char path[HOME_PATH];
	FILE *page;

	snprintf(path, sizeof path, "%s/man/qmail-remote-probe.8.in",
	    directory != NULL ? directory : ".");
	page = fopen(path, "re");
	ck_assert_msg(page != NULL, "%s cannot be read", path);
	return page;
}

/* Lines that are continued on the next one, as on no terminal they are. */
static struct bytes read_display(const char *mark)
{
	FILE *page = open_page();
	struct bytes text = {0};
	char line[LINE_SIZE];

	while (
	    fgets(line, sizeof line, page) != NULL && strcmp(line, mark) != 0)
		continue;
	ck_assert_ptr_nonnull(fgets(line, sizeof line, page));
	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".Ed\n") != 0) {
		const char *start = line;

		if (strspn(line, " ") == VALUE) {
			text.data[--text.length] = '\0';
			start = line + VALUE - 1;
		}
		bytes_add_text(&text, start);
	}
	fclose(page);
	return text;
}

/* Each number behind the words becomes the other text. */
static void replace_number(
    struct bytes *text, const char *words, const char *new)
{
	struct bytes result = {0};
	const char *at = text->data, *found;

	while ((found = strstr(at, words)) != NULL) {
		found += strlen(words);
		bytes_add(&result, at, (size_t)(found - at));
		bytes_add_text(&result, new);
		at = found + strspn(found, "0123456789");
	}
	bytes_add_text(&result, at);
	bytes_free(text);
	*text = result;
}

static void replace(struct bytes *text, const char *old, const char *new)
{
	struct bytes result = {0};
	const char *at = text->data, *found;

	while ((found = strstr(at, old)) != NULL) {
		bytes_add(&result, at, (size_t)(found - at));
		bytes_add_text(&result, new);
		at = found + strlen(old);
	}
	bytes_add_text(&result, at);
	bytes_free(text);
	*text = result;
}

START_TEST(example)
{
	static const struct peer_script script = {
	    .capabilities = "PIPELINING\nSIZE 10240000",
	    .overrides = {{.at = PEER_GREETING,
		.bytes = "220 mx2.example.org ESMTP\r\n"}}};
	static const char *const arguments[] = {"example.org", NULL};
	struct scene scene = {.unprobed = "this is the probe",
	    .zone = "example.org MX 10 mx1.example.org\n"
		    "example.org MX 20 mx2.example.org\n"
		    "mx1.example.org A 127.0.0.2\n"
		    "mx2.example.org A 127.0.0.3\n",
	    .servers = {{.address = "127.0.0.2", .kind = PEER_REFUSES},
		{.address = "127.0.0.3", .script = &script}}};
	struct bytes wanted = read_display(".\\\" example\n");
	char variable[64];
	const char *const environment[] = {variable, NULL};
	struct outcome outcome = {0};

	scene_start(&scene);
	scene_control(&scene, "tlspolicy", "example.org:encrypt\n");
	snprintf(
	    variable, sizeof variable, "DNSCACHEIP=%s", dns_address(scene.dns));
	deliver(&(struct delivery){.home = &scene.home,
		    .tool = "-probe",
		    .arguments = arguments,
		    .environment = environment,
		    .input = DELIVER_CLOSED,
		    .port = peer_port(scene.peer)},
	    &outcome);
	ck_assert_int_eq(WEXITSTATUS(outcome.status), 1);
	replace(&outcome.output, scene.home.path, "@QMAILHOME@");
	replace_number(&outcome.output, ", port ", "25");
	replace_number(&outcome.output, "127.0.0.1:", "");
	replace(&outcome.output, "127.0.0.1:", "127.0.0.1");
	replace_number(&outcome.output, "connected after ", "4");
	replace(&outcome.output, "127.0.0.2", "192.0.2.1");
	replace(&outcome.output, "127.0.0.3", "192.0.2.2");
	ck_assert_str_eq(outcome.output.data, wanted.data);
	bytes_free(&wanted);
	outcome_free(&outcome);
	scene_free(&scene);
}
END_TEST

/* What stands below a policy, and below an exchanger. */
START_TEST(names)
{
	static const char *const arguments[] = {"-n", "a.test", NULL};
	struct sts_bench bench = {
	    .scene = {.unprobed = "this is the probe",
		.zone = TLS_ZONE STS_RECORD "* * !signed\n"
					    "_25._tcp." TLS_HOST
					    " TLSA 3 1 1 " DIGEST "\n"}};
	struct bytes wanted = read_display(".\\\" names\n");
	struct scene *scene = &bench.scene;
	struct outcome outcome = {0};
	char variable[64];

	sts_bench_make(&bench);
	scene_control(scene, "dane", "1\n");
	scene_control(scene, "trustanchors", "%s/ca.pem\n", scene->home.path);
	scene_control(scene, "tlspolicy",
	    "a.test:secure match=mx.b.test match=.a.test\n");
	sts_bench_cache(&bench,
	    STS_POLICY("enforce", TLS_HOST "\nmx: *.b.test"), "1", 60, "", 0);
	scene_start(scene);
	snprintf(variable, sizeof variable, "DNSCACHEIP=%s",
	    dns_address(scene->dns));
	deliver(&(struct delivery){.home = &scene->home,
		    .tool = "-probe",
		    .arguments = arguments,
		    .environment = (const char *const[]){variable, NULL},
		    .input = DELIVER_CLOSED},
	    &outcome);
	replace(&outcome.output, scene->home.path, "@QMAILHOME@");
	replace_number(&outcome.output, "127.0.0.1:", "");
	replace(&outcome.output, "127.0.0.1:", "127.0.0.1");
	replace(&outcome.output, "127.0.0.2", "192.0.2.2");
	replace(&outcome.output, "a.test", "example.org");
	replace(&outcome.output, "b.test", "example.net");
	ck_assert_msg(bytes_contain(&outcome.output, wanted.data), "%s",
	    outcome.output.data);
	bytes_free(&wanted);
	outcome_free(&outcome);
	sts_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("tool-probe-page")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_test(tcase, example);
	tcase_add_test(tcase, names);
}
