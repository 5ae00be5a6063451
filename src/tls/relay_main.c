/* SPDX-License-Identifier: ISC */
/* The relay's own part: the module that qmail-remote loads in the child. */
#include "config.h"

#include <stdint.h>
#include <unistd.h>

#include "confine.h"
#include "deadline.h"
#include "descriptors.h"
#include "i18n.h"
#include "parcel.h"
#include "tls/handshake.h"
#include "tls/copy.h"
#include "tls/relay_module.h"
#include "tls/session.h"

/* How long the server may take to let us say goodbye. */
enum { GOODBYE_MS = 100 };

static bool say_and_free(struct parcel *parcel, int channel)
{
	bool said = parcel_say(parcel, channel);

	parcel_free(parcel);
	return said;
}

/* Hears the task, which lives as long as the process. */
static bool hear_task(const struct relay_ends *ends, struct tls_task *task)
{
	struct parcel parcel;

	return parcel_hear(
		   &parcel, ends->channel, TLS_TASK_SIZE, deadline_in(0)) &&
	       tls_task_take(&parcel, task);
}

/* Loads what the task names, and says whether that went well. */
static struct tls *prepare(
    const struct relay_ends *ends, const struct tls_task *task)
{
	struct parcel welcome = {0};
	struct failure failure;
	struct tls *tls = tls_prepare(task, ends->connection, &failure);

	parcel_put_version(&welcome);
	parcel_put_text(&welcome, tls != NULL ? NULL : failure.text);
	return say_and_free(&welcome, ends->channel) ? tls : NULL;
}

static bool await_go(const struct relay_ends *ends, struct deadline *deadline)
{
	struct parcel parcel;

	if (!parcel_hear(
		&parcel, ends->channel, sizeof(uint64_t), deadline_in(0)))
		return false;
	deadline->at = (int64_t)parcel_take_number(&parcel);
	return parcel_is_empty(&parcel);
}

static bool shake_hands(const struct relay_ends *ends, struct tls *tls)
{
	static struct handshake handshake;
	struct parcel parcel = {0};
	struct deadline deadline;
	bool done;

	if (!await_go(ends, &deadline))
		return false;
	done = tls_shake_hands(tls, ends->channel, deadline, &handshake);
	handshake_put(&parcel, &handshake);
	return say_and_free(&parcel, ends->channel) && done;
}

/* Nobody listens any more once the session has been handed over. */
static void explain_end(const struct relay_ends *ends, const struct tls *tls)
{
	struct reason reason = {.english = ""};
	struct parcel parcel = {0};

	tls_explain_end(tls, &reason);
	reason_put(&parcel, &reason);
	say_and_free(&parcel, ends->channel);
}

static void say_goodbye(struct tls *tls, int connection)
{
	struct deadline deadline = deadline_in_ms(GOODBYE_MS);
	struct pollfd waiting = {.fd = connection, .events = POLLOUT};

	while (!tls_say_goodbye(tls))
		if (deadline_poll(&waiting, 1, deadline) <= 0)
			return;
}

/* From here on the relay copies and does nothing else. */
static void confine(const struct relay_ends *ends)
{
	const int kept[] = {ends->connection, ends->local, ends->channel};

	i18n_load();
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		_exit(0);
	confine_rights();
}

static void run(const struct relay_ends *ends)
{
	struct transport server, local;
	struct tls_task task;
	struct tls *tls;

	confine_memory();
	if (!hear_task(ends, &task))
		return;
	tls = prepare(ends, &task);
	if (tls == NULL || !shake_hands(ends, tls))
		return;
	server = tls_transport(tls);
	local = transport_descriptors(ends->local, ends->local);
	confine(ends);
	relay_copy(&server, &local);
	explain_end(ends, tls);
	say_goodbye(tls, ends->connection);
}

const struct relay_module relay_module = {{PACKAGE_VERSION}, run};
