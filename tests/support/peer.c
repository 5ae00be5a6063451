/* SPDX-License-Identifier: ISC */
/*
 * One child accepts connections and forks another for each of them.  All are
 * one process group, so that they can be ended together.
 */
#include "config.h"

#include "peer.h"

#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patience.h"
#include "peer-listen.h"
#include "peer-session.h"
#include "record.h"

/* Seconds for connections to come to their end, and for the peer itself. */
enum { GRACE = 20, STOP = 30 };

struct peer {
	pid_t process;
	uint16_t port;
	int record;
	int alive; /* becomes readable when the children have ended */
};

struct listener {
	const struct peer_address *addresses;
	size_t count;
	int signals; /* signalfd: SIGTERM and SIGCHLD */
	struct record record;
	unsigned children;
	unsigned *numbers;  /* connections to each address */
	const int *sockets; /* the addresses' */
	int64_t began;
	unsigned accepted;     /* connections to all of them */
	struct pollfd *polled; /* the addresses that serve, then signals */
};

/* Ends this process together with its parent. */
static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static void play(const struct listener *listener, size_t index, int fd)
{
	static const struct peer_script zeros;
	const struct peer_address *address = &listener->addresses[index];
	int on = 1;

	/* Otherwise addresses would stay in use after the peer's end. */
	for (size_t i = 0; i < listener->count; i++)
		close(listener->polled[i].fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	signal(SIGPIPE, SIG_IGN);
	record_add(&listener->record, RECORD_CONNECT, listener->numbers[index],
	    address->address, strlen(address->address));
	peer_session(fd, address->script != NULL ? address->script : &zeros,
	    listener->numbers[index], &listener->record);
	_exit(0);
}

/* Returns false when no connection was waiting. */
static bool accept_one(struct listener *listener, size_t index)
{
	int fd = accept4(listener->polled[index].fd, NULL, NULL, SOCK_CLOEXEC);
	pid_t parent = getpid();
	pid_t child;

	if (fd == -1)
		return false;
	listener->numbers[index]++;
	listener->accepted++;
	child = fork();
	if (child == -1)
		err(99, "peer: fork");
	if (child == 0) {
		die_with(parent);
		play(listener, index, fd);
	}
	listener->record.connection++;
	listener->children++;
	close(fd);
	return true;
}

/* Returns true when the signal was SIGTERM. */
static bool take_signal(struct listener *listener)
{
	struct signalfd_siginfo signal;

	if (read(listener->signals, &signal, sizeof signal) != sizeof signal)
		return false;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		listener->children--;
	return signal.ssi_signo == SIGTERM;
}

/* Gives the connections time to come to their end. */
static void finish(struct listener *listener)
{
	struct pollfd signals = {.fd = listener->signals, .events = POLLIN};
	int64_t end = record_now() + patience(GRACE) * INT64_C(1000000);

	kill(0, SIGTERM);
	while (listener->children > 0 && record_now() < end)
		if (poll(&signals, 1, (int)patience(GRACE) * 1000) > 0)
			take_signal(listener);
	kill(0, SIGKILL);
}

static void open_signals(struct listener *listener)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	listener->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (listener->signals == -1)
		err(99, "peer: signalfd");
	listener->polled[listener->count] =
	    (struct pollfd){.fd = listener->signals, .events = POLLIN};
}

static bool is_waiting(const struct listener *listener, size_t index)
{
	return listener->addresses[index].kind == PEER_LATE &&
	       listener->polled[index].fd == -1;
}

/* Milliseconds until this one serves. */
static int delay(const struct listener *listener, size_t index)
{
	int64_t passed = (record_now() - listener->began) / 1000;
	int64_t ms = listener->addresses[index].ms;

	return passed < ms ? (int)(ms - passed) : 0;
}

/* A black hole opens: those that filled it go. */
static void open_late(struct listener *listener, size_t index)
{
	int filler, fd = listener->sockets[index];

	while ((filler = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) != -1)
		close(filler);
	listener->polled[index].fd = fd;
}

static bool is_due(const struct listener *listener, size_t index)
{
	unsigned after = listener->addresses[index].after;

	return after > 0 ? listener->accepted >= after
			 : delay(listener, index) == 0;
}

/* Opens those whose turn it is.  Returns milliseconds to the next look, or -1.
 */
static int open_due(struct listener *listener)
{
	int wait = -1;

	for (size_t i = 0; i < listener->count; i++) {
		if (!is_waiting(listener, i))
			continue;
		if (is_due(listener, i))
			open_late(listener, i);
		else if (listener->addresses[i].after > 0)
			continue;
		else if (wait == -1 || delay(listener, i) < wait)
			wait = delay(listener, i);
	}
	return wait;
}

static void serve(struct listener *listener)
{
	struct pollfd *signals = &listener->polled[listener->count];
	bool stop = false;

	open_signals(listener);
	while (!stop) {
		if (poll(listener->polled, listener->count + 1,
			open_due(listener)) == -1)
			err(99, "peer: poll");
		if (signals->revents != 0)
			stop = take_signal(listener);
		/* Those that wait at the end belong to the record. */
		for (size_t i = 0; i < listener->count; i++)
			while (accept_one(listener, i))
				continue;
	}
	finish(listener);
}

static void listener_init(struct listener *listener, const int *sockets,
    const struct peer_address *addresses, size_t count)
{
	listener->addresses = addresses;
	listener->count = count;
	listener->sockets = sockets;
	listener->began = record_now();
	listener->numbers = calloc(count, sizeof *listener->numbers);
	listener->polled = calloc(count + 1, sizeof *listener->polled);
	if (listener->numbers == NULL || listener->polled == NULL)
		err(99, "peer");
	for (size_t i = 0; i < count; i++) {
		bool serves = addresses[i].kind == PEER_SERVES;

		listener->polled[i] = (struct pollfd){
		    .fd = serves ? sockets[i] : -1, .events = POLLIN};
	}
}

static _Noreturn void run(struct listener *listener, pid_t parent)
{
	setpgid(0, 0);
	die_with(parent);
	serve(listener);
	_exit(0);
}

/* Forks; SIGTERM is blocked in the child from its first moment. */
static pid_t fork_blocked(void)
{
	sigset_t all, old;
	pid_t child;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	child = fork();
	if (child == -1)
		err(99, "peer: fork");
	if (child != 0)
		sigprocmask(SIG_SETMASK, &old, NULL);
	return child;
}

struct peer *peer_start(const struct peer_address *addresses, size_t count)
{
	struct peer *peer = calloc(1, sizeof *peer);
	int *sockets = calloc(count, sizeof *sockets);
	struct listener listener = {0};
	pid_t parent = getpid();
	int alive[2];

	if (peer == NULL || sockets == NULL || pipe2(alive, O_CLOEXEC) == -1)
		err(99, "peer");
	peer->port = peer_listen(sockets, addresses, count);
	peer->record = record_create();
	peer->alive = alive[0];
	listener.record.fd = peer->record;
	listener_init(&listener, sockets, addresses, count);
	peer->process = fork_blocked();
	if (peer->process == 0)
		run(&listener, parent);
	close(alive[1]);
	for (size_t i = 0; i < count; i++)
		close(sockets[i]);
	free(sockets);
	free(listener.numbers);
	free(listener.polled);
	return peer;
}

struct peer *peer_start_one(const struct peer_script *script)
{
	struct peer_address address = {
	    .address = "127.0.0.1", .script = script};

	return peer_start(&address, 1);
}

uint16_t peer_port(const struct peer *peer)
{
	return peer->port;
}

int peer_process(const struct peer *peer)
{
	return peer->process;
}

struct transcript *peer_stop(struct peer *peer)
{
	struct pollfd alive = {.fd = peer->alive, .events = POLLIN};
	struct transcript *transcript;
	int status;

	kill(peer->process, SIGTERM);
	poll(&alive, 1, (int)patience(STOP) * 1000);
	kill(-peer->process, SIGKILL);
	if (waitpid(peer->process, &status, 0) == -1 || WIFEXITED(status))
		errx(99, "peer: it ended by itself");
	transcript = transcript_read(peer->record);
	close(peer->record);
	close(peer->alive);
	free(peer);
	return transcript;
}
