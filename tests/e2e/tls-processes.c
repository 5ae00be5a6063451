/* SPDX-License-Identifier: ISC */
/*
 * The two processes of a session under TLS, seen from outside while it goes
 * on: what they hold, what they may do, and what becomes of one without the
 * other.
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
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <check.h>
#include <gnutls/x509.h>

#include "process.h"
#include "suite.h"
#include "tls-bench.h"

enum {
	PATH = 64,
	SETTLED = 8, /* looks at which both processes slept */
	LOOKS = 5000,
	LARGEST_MAP = 64 << 20,
};

struct session {
	const struct home *home;
	const char *program; /* that which the relay serves */
	pid_t io, relay;
};

/* Looks for the program with its relay below a process. */
static bool find_session(pid_t below, struct session *session)
{
	pid_t children[PROCESS_CHILDREN], relay[PROCESS_CHILDREN];
	size_t count = process_children(below, children);

	for (size_t i = 0; i < count; i++) {
		if (process_is_called(children[i], session->program) &&
		    process_children(children[i], relay) == 1) {
			session->io = children[i];
			session->relay = relay[0];
			return true;
		}
		if (find_session(children[i], session))
			return true;
	}
	return false;
}

/* Waits until the processes are there and have nothing left to do. */
static void await_session(pid_t below, struct session *session)
{
	unsigned settled = 0;

	for (unsigned look = 0; settled < SETTLED; look++) {
		bool found = find_session(below, session);

		if (look == LOOKS)
			errx(1, "there is no session");
		settled = found && process_sleeps(session->io) &&
				  process_sleeps(session->relay)
			      ? settled + 1
			      : 0;
		poll(NULL, 0, 2);
	}
}

/*
 * Starts a process that waits for the session which this one is about to
 * begin, and then acts on it.
 */
static pid_t start_watcher(const struct home *home, const char *program,
    void (*act)(const struct session *session))
{
	pid_t parent = getpid();
	pid_t watcher = fork();

	ck_assert_int_ne(watcher, -1);
	if (watcher == 0) {
		struct session session = {.home = home, .program = program};

		await_session(parent, &session);
		act(&session);
		_exit(0);
	}
	return watcher;
}

/* One delivery to a server that falls silent at that stage. */
static void deliver_watched(struct scene *scene, enum peer_stage silent,
    void (*act)(const struct session *session))
{
	struct peer_script script = {.capabilities = "PIPELINING\nSTARTTLS",
	    .overrides = {{.at = silent, .action = PEER_STALL}}};
	struct peer_tls_options options = {.client = PEER_TLS_REQUIRE};
	struct tls_bench bench;
	pid_t watcher;
	int status;

	scene->zone = TLS_ZONE;
	scene->servers[0] =
	    (struct peer_address){.address = "127.0.0.2", .script = &script};
	if (scene->home.path[0] == '\0')
		scene_furnish(scene);
	home_control(&scene->home, "tlsstrictness", "2\n");
	tls_bench_make(&bench, scene);
	tls_bench_identify(&bench, bench.ca);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, &options);
	scene_start(scene);
	tls_bench_free(&bench);
	watcher = start_watcher(&scene->home,
	    silent == PEER_HANDSHAKE ? "qmail-remote" : "qmail-remote-io", act);
	scene_deliver(scene, "a.test");
	ck_assert_int_eq(waitpid(watcher, &status, 0), watcher);
	ck_assert_int_eq(status, 0);
	scene_stop(scene);
}

static void kill_relay(const struct session *session)
{
	kill(session->relay, SIGKILL);
}

static void kill_io(const struct session *session)
{
	kill(session->io, SIGKILL);
}

static const struct stage {
	enum peer_stage silent;
	const char *text;
} stages[] = {
    {PEER_MAIL, "but connection died. (#4.4.2)\n"},
    {PEER_RCPT, "but connection died. (#4.4.2)\n"},
    {PEER_DATA, "but connection died. (#4.4.2)\n"},
    {PEER_DOT, "but connection died. Possible duplicate! (#4.4.2)\n"},
};

START_TEST(relay_killed)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, stages[_i].silent, kill_relay);
	scene_expect(&scene, 'Z', stages[_i].text);
	scene_free(&scene);
}
END_TEST

/* The relay takes its leave of the server as it should. */
START_TEST(io_killed)
{
	struct scene scene = {.unprobed = "its processes are ended"};
	const struct transcript_connection *connection;

	deliver_watched(&scene, stages[_i].silent, kill_io);
	ck_assert(WIFSIGNALED(scene.outcome.status));
	ck_assert_uint_eq(scene.outcome.strays, 0);
	connection = &scene.transcript->connections[0];
	ck_assert(connection->eof && connection->close_notify);
	scene_free(&scene);
}
END_TEST

/* A handshake that nobody waits for any more is given up. */
START_TEST(killed_in_handshake)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, PEER_HANDSHAKE, kill_io);
	ck_assert(WIFSIGNALED(scene.outcome.status));
	ck_assert_uint_eq(scene.outcome.strays, 0);
	scene_free(&scene);
}
END_TEST

static void stop_relay(const struct session *session)
{
	kill(session->relay, SIGSTOP);
}

/* What a certificate may do to the relay does not last longer than TLS may. */
START_TEST(relay_stopped_in_handshake)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	scene_furnish(&scene);
	scene_control(&scene, "timeoutconnect", "5\n");
	deliver_watched(&scene, PEER_HANDSHAKE, stop_relay);
	scene_expect(&scene, 'Z', "the TLS relay ended early. (#4.7.0)");
	ck_assert_uint_eq(scene.outcome.strays, 0);
	scene_free(&scene);
}
END_TEST

/* Then there is no TLS, and the mail waits. */
START_TEST(relay_killed_in_handshake)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, PEER_HANDSHAKE, kill_relay);
	scene_expect(&scene, 'Z', "the TLS relay ended early. (#4.7.0)");
	scene_free(&scene);
}
END_TEST

static void expect_line(const char *text, const char *name, const char *value)
{
	const char *line = strstr(text, name);

	if (line == NULL)
		errx(1, "%s: not there", name);
	line += strlen(name);
	line += strspn(line, " \t");
	if (strncmp(line, value, strlen(value)) != 0 ||
	    strchr(" \t\n", line[strlen(value)]) == NULL)
		errx(1, "%s: %.20s", name, line);
}

/*
 * Nothing but /dev/null on 0 to 2, and three sockets: the server's, that of
 * qmail-remote-io, and one on which nobody listens any more.
 */
static void expect_descriptors(pid_t relay)
{
	unsigned sockets = 0, others = 0;
	struct dirent *entry;
	char path[PATH], target[PATH];
	DIR *directory;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)relay);
	directory = opendir(path);
	if (directory == NULL)
		return; /* closed even to us, as it should be */
	while ((entry = readdir(directory)) != NULL) {
		ssize_t length = readlinkat(
		    dirfd(directory), entry->d_name, target, sizeof target - 1);

		if (length <= 0)
			continue;
		target[length] = '\0';
		if (strncmp(target, "socket:", 7) == 0)
			sockets++;
		else if (strcmp(target, "/dev/null") != 0)
			others++;
	}
	closedir(directory);
	if (others != 0 || sockets > 3)
		errx(1, "%u sockets, %u others", sockets, others);
}

/* What has been given up by whoever listens to a server. */
static void expect_confined(pid_t pid)
{
	char text[4096];

	process_read(pid, "limits", text, sizeof text);
	expect_line(text, "Max open files", "2");
	expect_line(text, "Max processes", "0");
	process_read(pid, "status", text, sizeof text);
	expect_line(text, "NoNewPrivs:", "1");
#ifdef HAVE_SECCOMP
	expect_line(text, "Seccomp:", "2");
#endif
}

static void inspect_relay(const struct session *session)
{
	char text[4096];

	expect_confined(session->relay);
	process_read(session->relay, "limits", text, sizeof text);
	expect_line(text, "Max file size", "0");
	expect_line(text, "Max core file size", "0");
	expect_descriptors(session->relay);
	kill_relay(session);
}

static void inspect_io(const struct session *session)
{
	expect_confined(session->io);
	kill_relay(session);
}

/* Before the server has said anything under TLS, and once all is set up. */
static const enum peer_stage confined_stages[] = {PEER_HANDSHAKE, PEER_RCPT};

START_TEST(relay_is_confined)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, confined_stages[_i], inspect_relay);
	scene_expect(&scene, 'Z',
	    confined_stages[_i] == PEER_HANDSHAKE ? "ended early"
						  : "connection died");
	scene_free(&scene);
}
END_TEST

START_TEST(io_is_confined)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, PEER_MAIL, inspect_io);
	scene_expect(&scene, 'Z', "connection died");
	scene_free(&scene);
}
END_TEST

#ifdef HAVE_SECCOMP
/* Where the 32 bits of a number of 64 are that matter. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { LOW_HALF = 4 };
#else
enum { LOW_HALF = 0 };
#endif

/* From here on, and in all that is started, no filter can be set. */
static void refuse_filters(void)
{
	static struct sock_filter code[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args) + LOW_HALF),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct sock_fprog program = {
	    sizeof code / sizeof code[0], code};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0), 0);
}

/* Who cannot be confined listens to nobody: in TLS, and in clear. */
START_TEST(confinement_refused)
{
	struct peer_script script = {
	    .capabilities = _i == 0 ? "STARTTLS" : "PIPELINING"};
	struct scene scene = {.unprobed = "its processes are ended",
	    .zone = TLS_ZONE,
	    .servers = {{.address = "127.0.0.2", .script = &script}}};
	struct tls_bench bench;

	scene_furnish(&scene);
	tls_bench_make(&bench, &scene);
	script.tls = tls_bench_serve(&bench, TLS_GOOD, NULL);
	scene_start(&scene);
	refuse_filters();
	scene_deliver(&scene, "a.test");
	scene_expect(&scene, 'Z',
	    "Unable to give up rights: Operation not permitted. (#4.3.0)\n");
	scene_stop(&scene);
	ck_assert_uint_eq(scene_messages(&scene), 0);
	scene_free(&scene);
	tls_bench_free(&bench);
}
END_TEST
#endif

/* Looks for bytes in what a process could write to. */
static bool has_in_memory(pid_t pid, const void *bytes, size_t size)
{
	char path[PATH], line[512];
	bool found = false;
	FILE *maps;
	int memory;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (memory == -1 || maps == NULL)
		err(1, "%s", path);
	while (!found && fgets(line, sizeof line, maps) != NULL) {
		unsigned long from, to;
		char *copy;
		ssize_t got;

		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 ||
		    strstr(line, " rw") == NULL || to - from > LARGEST_MAP)
			continue;
		copy = malloc(to - from);
		got = pread(memory, copy, to - from, (off_t)from);
		found =
		    got > 0 && memmem(copy, (size_t)got, bytes, size) != NULL;
		free(copy);
	}
	fclose(maps);
	close(memory);
	return found;
}

/* The secret number of the client's key. */
static void load_secret(const struct home *home, gnutls_datum_t *secret)
{
	char path[HOME_PATH];
	gnutls_x509_privkey_t key;
	gnutls_datum_t text;

	if (gnutls_load_file(home_path(home, "client.key", path), &text) != 0 ||
	    gnutls_x509_privkey_init(&key) != 0 ||
	    gnutls_x509_privkey_import(key, &text, GNUTLS_X509_FMT_PEM) != 0 ||
	    gnutls_x509_privkey_export_ecc_raw(key, NULL, NULL, NULL, secret) !=
		0)
		errx(1, "client.key");
	gnutls_x509_privkey_deinit(key);
	gnutls_free(text.data);
}

static bool may_look(pid_t pid)
{
	char path[PATH];
	int memory;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (memory != -1)
		close(memory);
	return memory != -1;
}

static void look_for_secret(const struct session *session)
{
	static const char known[] = "bob@example.test";
	gnutls_datum_t secret;

	if (may_look(session->io)) {
		load_secret(session->home, &secret);
		if (!has_in_memory(session->io, known, sizeof known))
			errx(1, "there is nothing in its memory");
		if (has_in_memory(session->io, secret.data, secret.size) ||
		    has_in_memory(session->io, "PRIVATE KEY-----", 16))
			errx(1, "there is the key in its memory");
	}
	kill_relay(session);
}

START_TEST(io_has_no_key)
{
	struct scene scene = {.unprobed = "its processes are ended"};

	deliver_watched(&scene, PEER_RCPT, look_for_secret);
	scene_expect(&scene, 'Z', "connection died");
	ck_assert_str_ne(scene.transcript->connections[0].facts.client, "");
	scene_free(&scene);
}
END_TEST

LOOPBACK_SUITE("tls-processes")
{
	tcase_add_unchecked_fixture(tcase, home_begin, home_end);
	tcase_add_loop_test(tcase, relay_killed, 0, (int)COUNT(stages));
	tcase_add_loop_test(tcase, io_killed, 0, (int)COUNT(stages));
	tcase_add_test(tcase, killed_in_handshake);
	tcase_add_test(tcase, relay_killed_in_handshake);
	tcase_add_test(tcase, relay_stopped_in_handshake);
	tcase_add_loop_test(
	    tcase, relay_is_confined, 0, (int)COUNT(confined_stages));
	tcase_add_test(tcase, io_is_confined);
#ifdef HAVE_SECCOMP
	tcase_add_loop_test(tcase, confinement_refused, 0, 2);
#endif
	tcase_add_test(tcase, io_has_no_key);
}
