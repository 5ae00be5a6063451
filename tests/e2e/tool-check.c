/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-check: silent on the examples of the manual, and with one fault
 * in each file it finds all of them in one run.
 */
#include "config.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "certs.h"
#include "deliver.h"
#include "dns.h"
#include "peer.h"
#include "suite.h"
#include "unit.h"

enum { LINE_SIZE = 1024, DAY = 24 * 3600, CLEAN = 0, WARNINGS = 1, ERRORS = 2 };

static struct home home;
static struct dns *dns; /* NULL: a resolver on this machine that is not asked */

/* Replaces each occurrence; returns a static copy. */
static const char *replace(const char *line, const char *from, const char *to)
{
	static char copy[LINE_SIZE];
	const char *at = strstr(line, from);

	if (at == NULL)
		return line;
	snprintf(copy, sizeof copy, "%.*s%s%s", (int)(at - line), line, to,
	    at + strlen(from));
	return copy;
}

/* Addresses that this machine bears. */
static const char *make_local(const char *line)
{
	return replace(
	    replace(line, "192.0.2.26", "127.0.0.26"), "2001:db8::26", "::1");
}

/* The display that follows is the example of a control file. */
static void copy_example(FILE *page, const char *name)
{
	struct bytes text = {0};
	char line[LINE_SIZE];

	ck_assert(fgets(line, sizeof line, page) != NULL);
	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".Ed\n") != 0) {
		const char *start =
		    strncmp(line, "\\&", 2) == 0 ? line + 2 : line;

		bytes_add_text(&text, make_local(start));
	}
	home_control(&home, name, text.data);
	bytes_free(&text);
}

static FILE *open_page(const char *name)
{
	const char *directory = getenv("srcdir");
	char path[HOME_PATH];
	FILE *page;

	snprintf(path, sizeof path, "%s/man/%s.in",
	    directory != NULL ? directory : ".", name);
	page = fopen(path, "r");
	ck_assert_msg(page != NULL, "%s cannot be read", path);
	return page;
}

static void copy_examples(void)
{
	FILE *page = open_page("qmail-remote-control.5");
	char line[LINE_SIZE], name[LINE_SIZE];
	int count = 0;

	while (fgets(line, sizeof line, page) != NULL) {
		if (sscanf(line, ".\\\" file %100s", name) != 1)
			continue;
		copy_example(page, name);
		count++;
	}
	fclose(page);
	ck_assert_int_gt(count, 15);
	if (!peer_has_ipv6())
		home_control(&home, "outgoingip6", "::\n");
}

static void write_secret(const char *name)
{
	char path[HOME_PATH], file[LINE_SIZE];

	snprintf(file, sizeof file, "control/%s", name);
	home_write(&home, file, "secret\n", 7);
	ck_assert_int_eq(chmod(home_path(&home, file, path), 0600), 0);
}

/* What the examples point to, all in order. */
static void enter(void)
{
	const time_t later = time(NULL) + 90 * DAY;
	struct cert *ca = certs_make(&(struct cert_request){
	    .common_name = "Authority", .use = CERT_CA, .until = later});
	struct cert *client =
	    certs_make(&(struct cert_request){.common_name = "client.test",
		.use = CERT_CLIENT,
		.issuer = ca,
		.until = later});
	const struct cert *anchors[] = {ca, NULL};
	char path[HOME_PATH];

	home_make(&home);
	certs_write(home_path(&home, "bundle.pem", path), anchors);
	certs_save(client, home_path(&home, "control", path), "client");
	certs_free(client);
	certs_free(ca);
	write_secret("alice");
	write_secret("office");
	copy_examples();
}

static void set(const char *name, const char *format, const char *path)
{
	char value[HOME_PATH + LINE_SIZE];

	snprintf(value, sizeof value, format, path);
	setenv(name, value, 1);
}

static void set_default(const char *name, const char *format, const char *path)
{
	if (getenv(name) == NULL)
		set(name, format, path);
}

/* Becomes the program with these words as its arguments. */
static void become_check(const void *words)
{
	char *program = deliver_program(), *arguments[8] = {program};
	char *copy = strdup(words), *state = NULL, path[HOME_PATH];
	size_t count = 1;

	for (char *word = strtok_r(copy, " ", &state); word != NULL;
	     word = strtok_r(NULL, " ", &state))
		arguments[count++] = word;
	set("QR_TEST_HOME", "%s", home.path);
	set("QR_TEST_SYSTEM_TRUST", "%s", home_path(&home, "bundle.pem", path));
	set_default("QR_TEST_IO", "%s-io", program);
	/* There is none without libcurl, and any will do. */
	set_default("QR_TEST_STS", "%s-io", program);
	if (getenv("DNSCACHEIP") == NULL)
		setenv("DNSCACHEIP",
		    dns != NULL ? dns_address(dns) : "127.0.0.1", 1);
	snprintf(path, sizeof path, "%s-check", program);
	execv(path, arguments);
}

static void expect(const char *arguments, int status, const char *lines)
{
	struct bytes output;
	int ended = unit_run(become_check, arguments, &output);

	ck_assert_str_eq(output.length > 0 ? output.data : "", lines);
	ck_assert_int_eq(ended, status);
	bytes_free(&output);
}

/* Whether the line of this file is there, with these words. */
static bool finds(
    const struct bytes *output, const char *place, const char *words)
{
	char start[HOME_PATH + LINE_SIZE];
	const char *line;

	snprintf(start, sizeof start, "%s/control/%s", home.path, place);
	line = output->length > 0 ? strstr(output->data, start) : NULL;
	return line != NULL && strstr(line, words) != NULL &&
	       strstr(line, words) < strchr(line, '\n');
}

START_TEST(silent_on_examples)
{
	char clean[HOME_PATH + LINE_SIZE];

	expect("", CLEAN, "");
	snprintf(
	    clean, sizeof clean, "%s/control: nothing is wrong\n", home.path);
	expect("-v", CLEAN, clean);
}
END_TEST

/* A family that counts for one domain's senders only is right for its relay. */
START_TEST(silent_on_family_of_a_sender)
{
	home_control(&home, "outgoingip", "127.0.0.1\n");
	home_control(&home, "outgoingip6", "@x.test ::\n");
	home_control(&home, "authsenders", "@x.test:[2001:db8::1]\n");
	expect("", CLEAN, "");
}
END_TEST

/* They are as good as missing. */
START_TEST(silent_on_empty_files)
{
	static const char *const names[] = {"helohost", "smtproutes",
	    "authsenders", "timeoutconnect", "timeoutremote", "ipme",
	    "outgoingip", "outgoingip6", "trustanchors", "clientcert",
	    "clientkey", "tlspolicy"};

	for (int i = 0; i < COUNT(names); i++)
		home_control(&home, names[i], "");
	home_control(&home, "mtasts", "0\n");
	home_control(&home, "tlsstrictness", "0\n");
	expect("", CLEAN, "");
}
END_TEST

/* Where tlspolicy has a line for all others, tlsstrictness counts for nobody.
 */
START_TEST(silent_on_strictness_that_never_counts)
{
	home_remove_control(&home, "trustanchors");
	home_control(&home, "mtasts", "0\n");
	home_control(&home, "tlsstrictness", "2\n");
	home_control(&home, "tlspolicy", ":may\n");
	expect("", CLEAN, "");
}
END_TEST

/* Mail for it comes to it by another route, or by its own. */
START_TEST(silent_on_policies_of_relays)
{
	home_control(&home, "smtproutes",
	    "x.test:relay.test\ny.test:x.test\nz.test:z.test\nv.test:\n");
	home_control(&home, "tlspolicy",
	    "x.test:may\nz.test:may\nv.test:may\nu.test:may\n"
	    "w.test:may\n");
	home_control(&home, "authsenders", "@u:w.test\n");
	expect("", CLEAN, "");
}
END_TEST

/* What the page of qmail-remote-check itself shows. */
START_TEST(example_of_its_page)
{
	FILE *page = open_page("qmail-remote-check.8");
	char line[LINE_SIZE];
	struct bytes lines = {0};

	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".\\\" example\n") != 0)
		continue;
	ck_assert(fgets(line, sizeof line, page) != NULL);
	while (fgets(line, sizeof line, page) != NULL &&
	       strcmp(line, ".Ed\n") != 0)
		bytes_add_text(&lines, replace(line, "@QMAILHOME@", home.path));
	fclose(page);
	ck_assert_uint_gt(lines.length, 0);
	home_control(&home, "ipme", "127.0.0.1\n192.0.2\n");
	home_control(&home, "moreipme", "192.0.2.1\n");
	home_control(&home, "tlspolicy", "bank.example:secur\n");
	expect("", ERRORS, lines.data);
	bytes_free(&lines);
}
END_TEST

/* One fault in each file, and how its line begins. */
static const struct row {
	const char *name, *text;
	const char *place, *words;
	int status;
} rows[] = {
    {"me", "a\001b\n", "me:1: error:", "control character", ERRORS},
    {"helohost", "\001\n", "helohost:1: error:", "control character", ERRORS},
    {"smtproutes", "a:b\nc:[1.2.3\n", "smtproutes:2: error:", "not a relay",
	ERRORS},
    {"smtproutes", "a:b|u\n", "smtproutes:1: error:", "only one |", ERRORS},
    {"smtproutes", "relay\n", "smtproutes:1: warning:", "ignored", WARNINGS},
    {"smtproutes", "a:b\nA:c\n", "smtproutes:1: warning:", "line 2", WARNINGS},
    {"smtproutes", "a:b|u|secret\n", "smtproutes: error:", "chmod", ERRORS},
    {"authsenders", "a@b:c|u|file:/nope\n",
	"authsenders:1: error:", "No such file", ERRORS},
    {"authsenders", "a@b relay\n", "authsenders:1: error:", "no colon", ERRORS},
    {"timeoutconnect", "99999999999\n", "timeoutconnect:1: error:", "too large",
	ERRORS},
    {"timeoutremote", "99999999999\n", "timeoutremote:1: error:", "too large",
	ERRORS},
    {"timeoutdns", "x\n", "timeoutdns:1: error:", "not a number", ERRORS},
    {"timeoutdelivery", "1h\n", "timeoutdelivery:1: error:", "not a number",
	ERRORS},
    {"minrate", "-1\n", "minrate:1: error:", "not a number", ERRORS},
    {"addressfamily", "ipv5\n", "addressfamily:1: error:", "ipv4-only", ERRORS},
    {"ipme", "# x\n127.0.0.1\n127\n", "ipme:3: error:", "not an IP address",
	ERRORS},
    {"outgoingip", "192.0.2.1\n", "outgoingip:1: error:", "does not bear",
	ERRORS},
    {"outgoingip", "0.0.0.0\n@a 127.0.0.1\n@A 127.0.0.2\n",
	"outgoingip:3: error:", "line 2", ERRORS},
    {"outgoingip6", "1.2.3.4\n", "outgoingip6:1: error:", "IPv6", ERRORS},
    {"trustanchors", "/nope\n", "trustanchors:1: error:", "No such file",
	ERRORS},
    {"clientcert", "control/office\n", "office: error:", "", ERRORS},
    {"clientkey", "/nope\n", "clientkey:1: error:", "No such file", ERRORS},
    {"tlsstrictness", "3\n", "tlsstrictness:1: error:", "too large", ERRORS},
    {"tlspolicy", "d:may\ne:secur\n", "tlspolicy:2: error:", "dane-only",
	ERRORS},
    {"tlspolicy", "a:may\nA:none\n", "tlspolicy:2: error:", "line 1", ERRORS},
    {"dane", "yes\n", "dane:1: error:", "not a number", ERRORS},
    {"mtasts", "2\n", "mtasts:1: error:", "too large", ERRORS},
    {"smtproute", "a:b\n", "smtproute: warning:", "control/smtproutes",
	WARNINGS},
    {"mta-sts", "1\n", "mta-sts: warning:", "control/mtasts", WARNINGS},
    {"tls_policy", "a:may\n", "tls_policy: warning:", "control/tlspolicy",
	WARNINGS},
    {"TLSpolicy", "a:may\n", "TLSpolicy: warning:", "control/tlspolicy",
	WARNINGS},
    {"tlshosts", "", "tlshosts: warning:", "control/tlspolicy", WARNINGS},
    {"notlshosts", "", "notlshosts: warning:", "DOMAIN:none", WARNINGS},
    {"tlsdestinations", "", "tlsdestinations: warning:", "tlspolicy", WARNINGS},
    {"domainips", "", "domainips: warning:", "outgoingip", WARNINGS},
    {"domainbindings", "", "domainbindings: warning:", "outgoingip", WARNINGS},
    {"bindroutes", "", "bindroutes: warning:", "outgoingip", WARNINGS},
    {"qmtproutes", "", "qmtproutes: warning:", "smtproutes", WARNINGS},
    {"moreipme", "", "moreipme: warning:", "control/ipme", WARNINGS},
};

static void break_file(const struct row *row)
{
	char path[HOME_PATH], file[LINE_SIZE];

	snprintf(file, sizeof file, "control/%s", row->name);
	home_write(&home, file, row->text, strlen(row->text));
	ck_assert_int_eq(chmod(home_path(&home, file, path), 0644), 0);
}

/* Lines that are read, and come to nothing or to something else. */
static const struct row idle[] = {
    {"timeoutconnect", "1m\n",
	"timeoutconnect:1: warning:", "read as 1:", WARNINGS},
    {"timeoutremote", "-5\n",
	"timeoutremote:1: warning:", "read as 1200:", WARNINGS},
    {"trustanchors", "system\n# mine\n/etc/ca.pem\n",
	"trustanchors:3: warning:", "only the first line", WARNINGS},
    {"me", "a.test\nb.test\n", "me:2: warning:", "only the first line",
	WARNINGS},
    {"helohost", "out.test # us\n", "helohost:1: warning:", "of a host",
	WARNINGS},
    {"helohost", "192.0.2.1\n", "helohost:1: warning:", "of a host", WARNINGS},
    {"smtproutes", "a:b:25,c:25\n", "smtproutes:1: warning:", "of the port",
	WARNINGS},
    {"smtproutes", "a:[192.0.2.1]:25\r\n",
	"smtproutes:1: warning:", "of the port", WARNINGS},
    {"authsenders", "@a:b:587:user:pass\n",
	"authsenders:1: warning:", "of the port", WARNINGS},
    {"smtproutes", "a :b\n", "smtproutes:1: warning:", "no host", WARNINGS},
    {"smtproutes", "*:b\n", "smtproutes:1: warning:", "no host", WARNINGS},
    {"smtproutes", "user@a:b\n", "smtproutes:1: warning:", "no host", WARNINGS},
    {"tlspolicy", ":may\n*.a:none\n", "tlspolicy:2: warning:", "no host",
	WARNINGS},
    {"tlspolicy", "\"a\":none\n", "tlspolicy:1: warning:", "no host", WARNINGS},
    {"authsenders", "a.test:\n", "authsenders:1: warning:", "no sender",
	WARNINGS},
    {"authsenders", "*@a.test:\n", "authsenders:1: warning:", "no sender",
	WARNINGS},
    {"authsenders", "@.test:\n", "authsenders:1: warning:", "no sender",
	WARNINGS},
    {"outgoingip", "0.0.0.0\n@*.a 127.0.0.1\n",
	"outgoingip:2: warning:", "no sender", WARNINGS},
    {"outgoingip", "0.0.0.0\n@a@b 127.0.0.1\n",
	"outgoingip:2: warning:", "no sender", WARNINGS},
};

/* Each alone, and nothing else is found. */
static void expect_one(const struct row *row)
{
	struct bytes output;

	break_file(row);
	ck_assert_int_eq(unit_run(become_check, "", &output), row->status);
	ck_assert_msg(finds(&output, row->place, row->words), "%s",
	    output.length > 0 ? output.data : "nothing");
	ck_assert_ptr_eq(
	    strchr(output.data, '\n'), output.data + output.length - 1);
	bytes_free(&output);
}

START_TEST(one_fault)
{
	expect_one(&rows[_i]);
}
END_TEST

START_TEST(one_idle)
{
	expect_one(&idle[_i]);
}
END_TEST

/* The first fault of each file, all at once. */
START_TEST(all_faults)
{
	struct bytes output;
	size_t found = 0, lines = 0;

	for (int i = 0; i < COUNT(rows); i++)
		if (i == 0 || strcmp(rows[i].name, rows[i - 1].name) != 0)
			break_file(&rows[i]);
	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	for (int i = 0; i < COUNT(rows); i++) {
		if (i > 0 && strcmp(rows[i].name, rows[i - 1].name) == 0)
			continue;
		ck_assert_msg(finds(&output, rows[i].place, rows[i].words),
		    "%s:\n%s", rows[i].name, output.data);
		found++;
	}
	for (size_t i = 0; i < output.length; i++)
		lines += output.data[i] == '\n';
	ck_assert_uint_eq(lines, found);
	bytes_free(&output);
}
END_TEST

/* What several files say together. */
static const struct together {
	const char *files[4][2];
	const char *place, *words;
} togethers[] = {
    {{{"trustanchors", ""}, {"mtasts", "0"}, {"tlspolicy", ""}},
	"tlsstrictness:1: error:", "control/trustanchors"},
    {{{"trustanchors", ""}, {"tlsstrictness", "0"}, {"tlspolicy", ""}},
	"mtasts:1: error:", "control/trustanchors"},
    {{{"trustanchors", ""}, {"tlsstrictness", "0"}, {"mtasts", "0"},
	 {"tlspolicy", ":may\nx:secure\n"}},
	"tlspolicy:2: error:", "control/trustanchors"},
    /* No policy allows what the port, or the credentials, ask for. */
    {{{"smtproutes", ":\nx:relay.test:465\n"}, {"tlspolicy", ":none\n"}},
	"smtproutes:2: error:", "forbids"},
    {{{"authsenders", "@x:relay.test u file:control/alice\n"},
	 {"tlspolicy", ":none\n"}},
	"authsenders:1: error:", "forbids"},
    {{{"authsenders", "@x:[192.0.2.1] u file:control/alice\n"},
	 {"trustanchors", ""}, {"tlsstrictness", "0"}, {"tlspolicy", ""}},
	"authsenders:1: error:", "control/trustanchors"},
    {{{"addressfamily", "ipv6-only"}, {"outgoingip6", ""}},
	"addressfamily: error:", "no addresses"},
    /* Relays by an address that no delivery calls. */
    {{{"smtproutes", ":\nx:[2001:db8::1]\n"}, {"addressfamily", "ipv4-only"}},
	"smtproutes:2: error: the relay 2001:db8::1: ", "addressfamily"},
    {{{"authsenders", "@x:[2001:db8::1]\n"}, {"outgoingip6", ""}},
	"authsenders:1: error: the relay 2001:db8::1: ", "outgoingip"},
    {{{"smtproutes", "x:[192.0.2.1]\n"}, {"ipme", "192.0.2.1\n"}},
	"smtproutes:1: error: the relay 192.0.2.1 is this machine", "ipme"},
    {{{"trustanchors", ""}, {"dane", "0"}, {"tlsstrictness", "0"},
	 {"tlspolicy", "x:encrypt\ny:encrypt requiretls\n"}},
	"tlspolicy:2: error: \"requiretls\": ", "control/trustanchors"},
    /* Lines of a family that is left out, for senders who have another... */
    {{{"addressfamily", "ipv4-only"}, {"smtproutes", ""}},
	"outgoingip6:1: warning: ", "never used"},
    {{{"addressfamily", "ipv4-only"}, {"outgoingip6", "@x ::\n"},
	 {"smtproutes", ""}},
	"outgoingip6:1: warning: ", "never used"},
    {{{"addressfamily", "ipv6-only"}, {"outgoingip", "@.x 0.0.0.0\n"},
	 {"smtproutes", ""}},
	"outgoingip:1: warning: ", "never used"},
    /* ... and who have not. */
    {{{"addressfamily", "ipv4-only"}, {"outgoingip", ""},
	 {"outgoingip6", "@x ::\n"}},
	"outgoingip6:1: error: ", "mail waits"},
    {{{"addressfamily", "ipv6-only"}, {"outgoingip", "@.x 0.0.0.0\n"},
	 {"outgoingip6", "@y ::\n"}},
	"outgoingip:1: error: ", "mail waits"},
    /* What needs another file. */
    {{{"trustanchors", ""}, {"mtasts", "0"}, {"tlsstrictness", "1"},
	 {"tlspolicy", ""}},
	"tlsstrictness:1: warning: ", "control/trustanchors"},
    {{{"trustanchors", ""}, {"mtasts", "0"}, {"tlsstrictness", "0"},
	 {"tlspolicy", ":may\nx:prefer\n"}},
	"tlspolicy:2: warning: ", "control/trustanchors"},
    {{{"clientcert", ""}}, "clientkey: warning: ", "control/clientcert"},
    /* The relay's line is the one that counts. */
    {{{"smtproutes", "x.test:relay.test\n"}, {"tlspolicy", "X.test:secure\n"}},
	"tlspolicy:1: warning: ", "relay.test"},
    {{{"smtproutes", ":\nx.test:[192.0.2.25]:26\n"},
	 {"tlspolicy", ":may\nx.test:secure\n"}},
	"tlspolicy:2: warning: ", "[192.0.2.25]"},
};

START_TEST(faults_together)
{
	const struct together *together = &togethers[_i];
	struct bytes output;

	for (size_t i = 0; i < 4 && together->files[i][0] != NULL; i++)
		home_control(
		    &home, together->files[i][0], together->files[i][1]);
	ck_assert_int_eq(unit_run(become_check, "", &output),
	    strstr(together->place, "warning") != NULL ? WARNINGS : ERRORS);
	ck_assert_msg(finds(&output, together->place, together->words), "%s",
	    output.length > 0 ? output.data : "nothing");
	bytes_free(&output);
}
END_TEST

/* Lines that cannot be meant can be read all the same. */
static const struct row secrets[] = {
    {"smtproutes", "a:[1.2.3|user|secret\n", NULL, "chmod o-r", ERRORS},
    {"smtproutes", "a:b:0 user  secret\n", NULL, "chmod o-r", ERRORS},
    {"authsenders", "a@b relay user secret\n", NULL, "chmod o-r", ERRORS},
    {"authsenders", "@b:[1.2.3|user|file:/s\n", NULL, NULL, ERRORS},
    {"authsenders", "@b:[1.2.3|user\n", NULL, NULL, ERRORS},
};

START_TEST(secrets_of_faulty_lines)
{
	const struct row *row = &secrets[_i];
	struct bytes output;

	break_file(row);
	ck_assert_int_eq(unit_run(become_check, "", &output), row->status);
	ck_assert_msg(
	    bytes_contain(&output, "chmod o-r") == (row->words != NULL), "%s",
	    output.data);
	bytes_free(&output);
}
END_TEST

/* Certificates of the past, of the near future, and not valid yet. */
START_TEST(dates)
{
	static const struct {
		int from, until; /* days */
		const char *words;
	} rows_of_days[] = {{-10, -1, "expired on"}, {-10, 9, "expires on"},
	    {10, 90, "not valid before"}};
	time_t now = time(NULL);
	struct cert *client =
	    certs_make(&(struct cert_request){.common_name = "client.test",
		.use = CERT_CLIENT,
		.from = now + rows_of_days[_i].from * DAY,
		.until = now + rows_of_days[_i].until * DAY});
	char path[HOME_PATH];
	struct bytes output;

	certs_save(client, home_path(&home, "control", path), "client");
	certs_free(client);
	ck_assert_int_eq(unit_run(become_check, "", &output), WARNINGS);
	ck_assert_msg(
	    finds(&output, "client.pem:1: warning:", rows_of_days[_i].words),
	    "%s", output.data);
	ck_assert(finds(&output, "client.pem:1: warning:", "CN=client.test"));
	bytes_free(&output);
}
END_TEST

/* Adds certificates under the other name that PEM has; returns the lines. */
static int add_renamed(struct bytes *text, const char *pem)
{
	const char *mark;
	int lines = 0;

	while ((mark = strstr(pem, " CERTIFICATE")) != NULL) {
		bytes_add(text, pem, (size_t)(mark - pem));
		bytes_add_text(text, " X509");
		bytes_add_text(text, " CERTIFICATE");
		pem = mark + strlen(" CERTIFICATE");
	}
	bytes_add_text(text, pem);
	for (size_t i = 0; i < text->length; i++)
		lines += text->data[i] == '\n';
	return lines;
}

/* All expired certificates of a bundle, whatever else stands there. */
START_TEST(dates_of_anchors)
{
	struct cert *old =
	    certs_make(&(struct cert_request){.common_name = "Old",
		.use = CERT_CA,
		.from = time(NULL) - 2 * DAY,
		.until = time(NULL) - DAY});
	const struct cert *anchors[] = {old, NULL};
	char path[HOME_PATH], second[LINE_SIZE];
	struct bytes pem, text = {0}, output;
	int lines;

	certs_write(home_path(&home, "bundle.pem", path), anchors);
	certs_free(old);
	ck_assert(home_read(&home, "bundle.pem", &pem));
	bytes_add_text(&text, "-----BEGIN NOTHING-----\n");
	lines = add_renamed(&text, pem.data);
	bytes_add(&text, "\0\n", 2);
	bytes_add(&text, pem.data, pem.length);
	home_write(&home, "bundle.pem", text.data, text.length);
	ck_assert_int_eq(unit_run(become_check, "", &output), WARNINGS);
	ck_assert_msg(bytes_contain(&output,
			  "/bundle.pem:2: warning: the certificate of CN=Old "
			  "expired on "),
	    "%s", output.data);
	snprintf(second, sizeof second, "/bundle.pem:%d: warning: ", lines + 2);
	ck_assert_msg(bytes_contain(&output, second), "%s", output.data);
	bytes_free(&output);
	bytes_free(&text);
	bytes_free(&pem);
}
END_TEST

/* Those that no delivery reads: cut off, of another kind, or no certificate. */
START_TEST(anchors_that_are_none)
{
	static const char *const broken[] = {"-----BEGIN CERTIFICATE-----\n",
	    "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n"
	    "-----END TRUSTED CERTIFICATE-----\n",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
	char path[HOME_PATH], second[LINE_SIZE];
	struct bytes pem, text = {0}, output;
	int lines = 1;

	ck_assert(home_read(&home, "bundle.pem", &pem));
	bytes_add_text(&text, broken[_i]);
	bytes_add(&text, pem.data, pem.length);
	for (size_t i = 0; i < text.length; i++)
		lines += text.data[i] == '\n';
	bytes_add_text(&text, broken[_i]);
	home_write(&home, "bundle.pem", text.data, text.length);
	ck_assert_int_eq(unit_run(become_check, "", &output), WARNINGS);
	ck_assert_msg(
	    bytes_contain(&output, "/bundle.pem:1: warning: this certificate"),
	    "%s", output.data);
	snprintf(second, sizeof second, "%s:%d: warning: this certificate",
	    home_path(&home, "bundle.pem", path), lines);
	ck_assert_msg(bytes_contain(&output, second), "%s", output.data);
	bytes_free(&output);
	bytes_free(&text);
	bytes_free(&pem);
}
END_TEST

/* Secrets that others can read, and a run directory that is not there. */
START_TEST(permissions)
{
	static const struct {
		const char *file, *place;
		int status;
	} files[] = {{"control/client.key", "client.key: error:", ERRORS},
	    {"control/alice", "alice: error:", ERRORS}};
	char path[HOME_PATH];
	struct bytes output;

	for (int i = 0; i < COUNT(files); i++) {
		home_path(&home, files[i].file, path);
		ck_assert_int_eq(chmod(path, 0644), 0);
		ck_assert_int_eq(
		    unit_run(become_check, "", &output), files[i].status);
		ck_assert(finds(&output, files[i].place, "chmod o-r"));
		bytes_free(&output);
		ck_assert_int_eq(chmod(path, 0600), 0);
	}
	home_remove_tree(home_path(&home, "run/qmail-remote", path));
	ck_assert_int_eq(unit_run(become_check, "", &output), WARNINGS);
	ck_assert(strncmp(output.data, path, strlen(path)) == 0);
	bytes_free(&output);
}
END_TEST

/* A resolver elsewhere that nobody vouches for cannot serve dane. */
START_TEST(resolver)
{
	struct bytes output;

	setenv("DNSCACHEIP", "192.0.2.53", 1);
	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	ck_assert(finds(&output, "dane:1: error:", "192.0.2.53"));
	bytes_free(&output);
	home_control(&home, "dane", "0");
	expect("", CLEAN, "");
}
END_TEST

/* With --dns relays have to be there; without it nobody is asked. */
START_TEST(relays)
{
	struct bytes output;

	dns = dns_start("good.test A 192.0.2.1\n", NULL);
	home_control(&home, "smtproutes", "a:good.test\nb:bad.test:25\n");
	home_remove_control(&home, "authsenders");
	expect("", CLEAN, "");
	ck_assert_int_eq(unit_run(become_check, "--dns", &output), ERRORS);
	ck_assert(finds(
	    &output, "smtproutes:2: error: the relay bad.test ", "exist"));
	ck_assert(!finds(&output, "smtproutes:1:", ""));
	bytes_free(&output);
	/* Nobody knows whether it exists. */
	dns_stop(dns);
	dns = NULL;
	home_control(&home, "timeoutdns", "1\n");
	ck_assert_int_eq(unit_run(become_check, "--dns", &output), WARNINGS);
	ck_assert(
	    finds(&output, "smtproutes:1: warning: the relay good.test: ", ""));
	bytes_free(&output);
}
END_TEST

/* What stands around the control files, and they themselves: one line each. */
static const struct {
	const char *file, *place;
	int status;
} gone[] = {
    {"control", "control: error: No such file", ERRORS},
    {"queue/lock/tcpto", "queue/lock/tcpto: warning: No such file", WARNINGS},
    {"run/qmail-remote", "run/qmail-remote: warning: No such file", WARNINGS},
};

START_TEST(nothing_there)
{
	char path[HOME_PATH], aside[HOME_PATH], start[HOME_PATH + LINE_SIZE];
	struct bytes output;

	home_path(&home, gone[_i].file, path);
	ck_assert_int_eq(rename(path, home_path(&home, "aside", aside)), 0);
	ck_assert_int_eq(unit_run(become_check, "", &output), gone[_i].status);
	home_path(&home, gone[_i].place, start);
	ck_assert_msg(
	    strncmp(output.data, start, strlen(start)) == 0, "%s", output.data);
	ck_assert_ptr_eq(
	    strchr(output.data, '\n'), output.data + output.length - 1);
	bytes_free(&output);
}
END_TEST

/* A file that cannot be read is not also one that lacks something. */
/* Who is denied is told, as root, who reads it, is not. */
START_TEST(denied)
{
	static const char *const files[] = {"control/smtproutes",
	    "control/dane", "bundle.pem", "control/client.key",
	    "control/alice"};
	char path[HOME_PATH];
	struct bytes output;

	if (geteuid() == 0)
		return;
	ck_assert_int_eq(chmod(home_path(&home, files[_i], path), 0), 0);
	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	ck_assert_msg(bytes_contain(&output, "Permission denied: let the user"),
	    "%s", output.data);
	bytes_free(&output);
}
END_TEST

START_TEST(unreadable_me)
{
	struct bytes output;
	char path[HOME_PATH];

	home_remove_control(&home, "helohost");
	home_remove_control(&home, "me");
	ck_assert_int_eq(mkdir(home_path(&home, "control/me", path), 0700), 0);
	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	ck_assert(finds(&output, "me: error:", "Is a directory"));
	ck_assert_ptr_eq(
	    strchr(output.data, '\n'), output.data + output.length - 1);
	bytes_free(&output);
	rmdir(path);
	home_control(&home, "me", "a.test\r\n");
	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	ck_assert(finds(&output, "me:1: error:", "control character"));
	ck_assert_ptr_eq(
	    strchr(output.data, '\n'), output.data + output.length - 1);
	bytes_free(&output);
}
END_TEST

/* What is installed, and how it is found: missing, of another version, of
   another package, not complete, or silent. */
static const struct part {
	const char *variable, *file, *kind;
	bool module;
} parts[] = {
    {"QR_TEST_REMOTE", "qmail-remote", "error", false},
    {"QR_TEST_IO", "qmail-remote-io", "error", false},
    {"QR_TEST_RELAY", "qmail-remote-relay", "error", false},
    {"QR_TEST_STS", "qmail-remote-sts", "error", false},
    {"QR_TEST_CDB", "cdb.so", "error", true},
    {"QR_TEST_IDN", "idn.so", "warning", true},
};
static const char *const states[][2] = {
    {NULL, "No such file or directory"},
    {"#!/bin/sh\necho qmail-remote 0.9.0\n", "says \"qmail-remote 0.9.0\""},
    {"#!/bin/sh\necho 'DI was invoked improperly.'\n", "says \"DI was "},
    {"#!/nonexistent/shell\n", "No such file or directory"},
    {"#!/bin/sh\nexit 1\n", "says \"\""},
};

static void put_part(const char *file, const char *text, char path[HOME_PATH])
{
	home_path(&home, file, path);
	if (text == NULL)
		return;
	home_write(&home, file, text, strlen(text));
	ck_assert_int_eq(chmod(path, 0755), 0);
}

/* They would be looked for beside qmail-remote-io. */
static void keep_others(void)
{
	char *program = deliver_program(), *tests = dirname(strdup(program));

	set("QR_TEST_RELAY", "%s-relay", program);
	set("QR_TEST_IDN", "%s/idn.so", tests);
	set("QR_TEST_SASL", "%s/sasl.so", tests);
}

START_TEST(other_parts)
{
	const struct part *part = &parts[_i / COUNT(states)];
	const char *const *state = states[_i % COUNT(states)];
	char path[HOME_PATH], start[HOME_PATH + LINE_SIZE];
	struct bytes output;

	if (part->module && state[0] != NULL)
		return;
	put_part(part->file, state[0], path);
	keep_others();
	setenv(part->variable, path, 1);
	ck_assert_int_eq(unit_run(become_check, "", &output),
	    strcmp(part->kind, "error") == 0 ? ERRORS : WARNINGS);
	snprintf(start, sizeof start, "%s: %s: ", path, part->kind);
	ck_assert_msg(
	    bytes_contain(&output, start) && bytes_contain(&output, state[1]),
	    "%s", output.data);
	bytes_free(&output);
}
END_TEST

START_TEST(usage)
{
	static const char *const wrong[] = {"-x", "x", "--dn=s", "-v x", "-jx"};
	struct bytes output;

	for (int i = 0; i < COUNT(wrong); i++)
		expect(wrong[i], 64, "");
	ck_assert_int_eq(unit_run(become_check, "--help", &output), 0);
	ck_assert(bytes_contain(&output, "Usage: qmail-remote-check [-jv]"));
	bytes_free(&output);
}
END_TEST

#ifdef HAVE_JANSSON
START_TEST(json)
{
	char expected[3 * HOME_PATH];

	home_control(&home, "minrate", "\"fa\\st");
	home_control(&home, "moreipme", "");
	snprintf(expected, sizeof expected,
	    "{\"version\": \"" PACKAGE_VERSION "\", \"errors\": 1, "
	    "\"warnings\": 1, \"faults\": ["
	    "{\"file\": \"%s/control/minrate\", \"line\": 1, "
	    "\"severity\": \"error\", "
	    "\"what\": \"\\\"\\\"fa\\\\st\\\": not a number\"}, "
	    "{\"file\": \"%s/control/moreipme\", \"line\": null, "
	    "\"severity\": \"warning\", "
	    "\"what\": \"another qmail-remote reads it, this one does not: "
	    "write the addresses into control/ipme\"}]}\n",
	    home.path, home.path);
	expect("-j", ERRORS, expected);
}
END_TEST
#endif

#ifdef HAVE_GSASL
enum { HAS_SASL = 1 };
#else
enum { HAS_SASL = 0 };
#endif

START_TEST(without_sasl)
{
	struct bytes output;

	ck_assert_int_eq(unit_run(become_check, "", &output), ERRORS);
	ck_assert(bytes_contain(&output, "sasl.so: error: "));
	ck_assert_ptr_eq(
	    strchr(output.data, '\n'), output.data + output.length - 1);
	bytes_free(&output);
	home_control(&home, "smtproutes", "a:b\n");
	home_remove_control(&home, "authsenders");
	expect("", CLEAN, "");
}
END_TEST

/* The examples have credentials, for which the module has to be there. */
static void add_tests_of_examples(TCase *tcase)
{
	tcase_add_test(tcase, silent_on_examples);
	tcase_add_test(tcase, silent_on_family_of_a_sender);
	tcase_add_test(tcase, silent_on_empty_files);
	tcase_add_test(tcase, silent_on_strictness_that_never_counts);
	tcase_add_test(tcase, silent_on_policies_of_relays);
	tcase_add_test(tcase, example_of_its_page);
	tcase_add_loop_test(tcase, one_fault, 0, COUNT(rows));
	tcase_add_loop_test(tcase, one_idle, 0, COUNT(idle));
	tcase_add_test(tcase, all_faults);
	tcase_add_loop_test(tcase, faults_together, 0, COUNT(togethers));
	tcase_add_loop_test(tcase, secrets_of_faulty_lines, 0, COUNT(secrets));
	tcase_add_loop_test(tcase, dates, 0, 3);
	tcase_add_test(tcase, dates_of_anchors);
	tcase_add_loop_test(tcase, anchors_that_are_none, 0, 3);
	tcase_add_test(tcase, permissions);
	tcase_add_test(tcase, resolver);
	tcase_add_test(tcase, relays);
	tcase_add_loop_test(tcase, nothing_there, 0, COUNT(gone));
	tcase_add_loop_test(tcase, denied, 0, 5);
	tcase_add_test(tcase, unreadable_me);
	tcase_add_loop_test(
	    tcase, other_parts, 0, COUNT(parts) * COUNT(states));
#ifdef HAVE_JANSSON
	tcase_add_test(tcase, json);
#endif
}

LOOPBACK_SUITE("tool-check")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_checked_fixture(tcase, enter, NULL);
	tcase_add_test(tcase, usage);
	if (HAS_SASL)
		add_tests_of_examples(tcase);
	else
		tcase_add_test(tcase, without_sasl);
}
