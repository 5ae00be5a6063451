/* SPDX-License-Identifier: ISC */
/*
 * Where a secret is not: in arguments and environments while it is used, in
 * what is left in the run directory, in reports of servers that repeat it, and
 * in a core.
 */
#include "config.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <gnutls/gnutls.h>

#include "auth-bench.h"
#include "process.h"
#include "suite.h"

#define CREDENTIALS "|" AUTH_USER "|"
#define FROM_FILE CREDENTIALS "file:control/secret"

enum { LOOKS = 20000, SETTLED = 5, FORMS = 6 };

/* All that would tell the secret: itself, and base64 of what holds it. */
struct forms {
	struct bytes texts[FORMS];
	size_t count;
};

static void add_base64(struct forms *forms, const char *bytes, size_t size)
{
	const gnutls_datum_t data = {(void *)(size_t)bytes, (unsigned)size};
	gnutls_datum_t text;

	ck_assert_int_eq(gnutls_base64_encode2(&data, &text), 0);
	bytes_add(&forms->texts[forms->count++], text.data, text.size);
	gnutls_free(text.data);
}

static void make_forms(struct forms *forms)
{
	static const char plain[] = "\0" AUTH_USER "\0" AUTH_SECRET;
	static const char old[] =
	    "user=" AUTH_USER "\1auth=Bearer " AUTH_SECRET "\1\1";

	memset(forms, 0, sizeof *forms);
	bytes_add_text(&forms->texts[forms->count++], AUTH_SECRET);
	add_base64(forms, AUTH_SECRET, strlen(AUTH_SECRET));
	add_base64(forms, plain, sizeof plain - 1);
	add_base64(forms, old, sizeof old - 1);
}

static void free_forms(struct forms *forms)
{
	for (size_t i = 0; i < forms->count; i++)
		bytes_free(&forms->texts[i]);
}

static bool tells(const struct forms *forms, const void *bytes, size_t size)
{
	for (size_t i = 0; i < forms->count; i++)
		if (size > 0 && memmem(bytes, size, forms->texts[i].data,
				    forms->texts[i].length) != NULL)
			return true;
	return false;
}

static void read_file(const char *path, struct bytes *bytes)
{
	char chunk[4096];
	ssize_t got;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	while (descriptor >= 0 &&
	       (got = read(descriptor, chunk, sizeof chunk)) > 0)
		bytes_add(bytes, chunk, (size_t)got);
	if (descriptor >= 0)
		close(descriptor);
}

/*
 * Whether a file of a process keeps the secret.  What a process that leaves no
 * core has in its environment nobody but root can read, and so nobody is told.
 */
static bool keeps_secret(const struct forms *forms, pid_t pid, const char *name)
{
	struct bytes bytes = {0};
	char path[64];
	bool kept;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	if (geteuid() != 0 && access(path, R_OK) != 0 && errno == EACCES)
		return true;
	read_file(path, &bytes);
	kept = bytes.length > 0 && !tells(forms, bytes.data, bytes.length);
	if (!kept)
		warnx("%s tells the secret, or nothing", path);
	bytes_free(&bytes);
	return kept;
}

/* Finds a sleeping program of this name below a process. */
static pid_t find(pid_t below, const char *name)
{
	pid_t children[PROCESS_CHILDREN];
	size_t count = process_children(below, children);

	for (size_t i = 0; i < count; i++) {
		pid_t found = process_is_called(children[i], name) &&
				      process_sleeps(children[i])
				  ? children[i]
				  : find(children[i], name);

		if (found > 0)
			return found;
	}
	return 0;
}

static pid_t await(pid_t below, const char *name)
{
	unsigned settled = 0;
	pid_t found = 0;

	for (unsigned look = 0; settled < SETTLED; look++) {
		pid_t now = find(below, name);

		if (look == LOOKS)
			errx(1, "no %s waits", name);
		settled = now > 0 && now == found ? settled + 1 : 0;
		found = now;
		poll(NULL, 0, 2);
	}
	return found;
}

/* Looks at the program and its relay while the server is silent. */
static void watch(pid_t below, const char *name)
{
	struct forms forms;
	pid_t all[PROCESS_CHILDREN + 1] = {await(below, name)};
	size_t count = 1 + process_children(all[0], all + 1);
	bool kept = true;

	make_forms(&forms);
	for (size_t i = 0; i < count; i++)
		kept = keeps_secret(&forms, all[i], "cmdline") &&
		       keeps_secret(&forms, all[i], "environ") && kept;
	/* It ends, and leaves no core. */
	kill(all[0], SIGQUIT);
	_exit(kept ? 0 : 2);
}

static const struct moment {
	enum peer_stage silent;
	unsigned nth;
	const char *mechanism, *program;
} moments[] = {
    {PEER_AUTH, 1, "PLAIN", "qmail-remote"},
    {PEER_AUTH, 1, "SCRAM-SHA-256", "qmail-remote"},
    {PEER_AUTH_RESPONSE, 2, "LOGIN", "qmail-remote"},
    {PEER_MAIL, 1, "PLAIN", "qmail-remote-io"},
    {PEER_DOT, 1, "PLAIN", "qmail-remote-io"},
};

/* As good as unlimited, if it may be; and by SIGQUIT, which shells ignore for
   what they run in the background. */
static void want_core(void)
{
	struct rlimit limit;

	signal(SIGQUIT, SIG_DFL);
	getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_CORE, &limit);
}

START_TEST(processes)
{
	const struct moment *moment = &moments[_i];
	char offer[64];
	struct auth_bench bench;
	pid_t test = getpid(), watcher;
	int status;

	auth_bench_make(&bench);
	bench.scene.unprobed = "its processes are ended";
	snprintf(offer, sizeof offer, "AUTH %s", moment->mechanism);
	bench.script.capabilities_tls = offer;
	bench.script.overrides[0] = (struct peer_override){
	    .at = moment->silent, .nth = moment->nth, .action = PEER_STALL};
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	auth_bench_route(&bench, CREDENTIALS AUTH_SECRET);
	want_core();
	watcher = fork();
	if (watcher == 0)
		watch(test, moment->program);
	scene_deliver(&bench.scene, "b.test");
	ck_assert_int_eq(waitpid(watcher, &status, 0), watcher);
	ck_assert_int_eq(status, 0);
	ck_assert(WIFSIGNALED(bench.scene.outcome.status));
	ck_assert(!WCOREDUMP(bench.scene.outcome.status));
	auth_bench_free(&bench);
}
END_TEST

/* Looks at all files below a directory. */
static void search(
    const struct forms *forms, const char *directory, bool compiled)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;

	ck_assert_ptr_nonnull(entries);
	while ((entry = readdir(entries)) != NULL) {
		char path[HOME_PATH];
		struct bytes bytes = {0};
		struct stat status;
		bool told;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
		ck_assert_int_eq(lstat(path, &status), 0);
		if (S_ISDIR(status.st_mode)) {
			search(forms, path, compiled);
			continue;
		}
		read_file(path, &bytes);
		told = tells(forms, bytes.data, bytes.length);
		/* Only what is compiled from a file with the secret in it. */
		ck_assert_msg(
		    !told || (compiled && (status.st_mode & 077) == 0),
		    "%s, mode %o", path, (unsigned)status.st_mode & 07777);
		bytes_free(&bytes);
	}
	closedir(entries);
}

static const struct kept {
	const char *file, *line; /* with the port after %u */
	bool compiled;		 /* the secret stands in it */
	bool refused;
} kepts[] = {
    {"smtproutes", ":" TLS_HOST ":%u" CREDENTIALS AUTH_SECRET, true, false},
    {"smtproutes", ":" TLS_HOST ":%u" CREDENTIALS AUTH_SECRET, true, true},
    {"smtproutes", ":" TLS_HOST ":%u" FROM_FILE, false, false},
    {"smtproutes", ":" TLS_HOST ":%u" FROM_FILE, false, true},
    {"smtproutes", ":" TLS_HOST ":%u" CREDENTIALS "bearer:" AUTH_SECRET, true,
	true},
    {"smtproutes", ":" TLS_HOST ":%u" CREDENTIALS "bearer:file:control/secret",
	false, false},
    {"authsenders", "@client.test:" TLS_HOST ":%u" CREDENTIALS AUTH_SECRET,
	true, true},
    {"authsenders", "@client.test:" TLS_HOST ":%u" FROM_FILE, false, true},
};

START_TEST(files)
{
	const struct kept *kept = &kepts[_i];
	char run[HOME_PATH], line[512];
	struct auth_bench bench;
	struct forms forms;

	auth_bench_make(&bench);
	if (kept->refused)
		bench.script.account.secret = "another one";
	auth_bench_start(&bench, "127.0.0.2", TLS_GOOD);
	home_control(&bench.scene.home, "secret", AUTH_SECRET "\n");
	snprintf(line, sizeof line, kept->line, peer_port(bench.scene.peer));
	scene_control(&bench.scene, kept->file, "%s\n", line);
	scene_deliver(&bench.scene, "b.test");
	scene_expect(&bench.scene, kept->refused ? 'Z' : 'K', "");
	scene_stop(&bench.scene);
	make_forms(&forms);
	ck_assert(!tells(&forms, bench.scene.outcome.output.data,
	    bench.scene.outcome.output.length));
	search(
	    &forms, home_path(&bench.scene.home, "run", run), kept->compiled);
	free_forms(&forms);
	auth_bench_free(&bench);
}
END_TEST

/* A relay that has the secret by heart, at every stage; the code decides. */
static const enum peer_stage stages[] = {PEER_GREETING, PEER_EHLO,
    PEER_STARTTLS, PEER_EHLO_TLS, PEER_AUTH, PEER_MAIL, PEER_RCPT, PEER_DATA,
    PEER_DOT};
static const char *const codes[] = {"250", "421", "454", "535", "550", "xyz"};

START_TEST(echoes)
{
	enum peer_stage stage = stages[(size_t)_i / COUNT(codes)];
	const char *code = codes[(size_t)_i % COUNT(codes)];
	struct bytes reply = {0};
	struct auth_bench bench;
	struct forms forms;

	make_forms(&forms);
	for (size_t i = 0; i < forms.count; i++) {
		bytes_add_text(&reply, code);
		bytes_add_text(&reply, i + 1 < forms.count ? "-" : " ");
		bytes_add(&reply, forms.texts[i].data, forms.texts[i].length);
		bytes_add_text(&reply, "\r\n");
	}
	auth_bench_make(&bench);
	bench.script.capabilities_tls = "AUTH PLAIN";
	bench.script.overrides[0] =
	    (struct peer_override){.at = stage, .bytes = reply.data};
	auth_bench_play(&bench, "127.0.0.2", TLS_GOOD);
	ck_assert(outcome_well_formed(&bench.scene.outcome));
	ck_assert_msg(!tells(&forms, bench.scene.outcome.output.data,
			  bench.scene.outcome.output.length),
	    "%s", bench.scene.outcome.chunks[0].text);
	free_forms(&forms);
	bytes_free(&reply);
	auth_bench_free(&bench);
}
END_TEST

LOOPBACK_SUITE("auth-secrets")
{
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, processes, 0, (int)COUNT(moments));
	tcase_add_loop_test(tcase, files, 0, (int)COUNT(kepts));
	tcase_add_loop_test(
	    tcase, echoes, 0, (int)(COUNT(stages) * COUNT(codes)));
}
