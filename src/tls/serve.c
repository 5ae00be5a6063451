/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/serve.h"

#include <stdint.h>

#include "confine.h"
#include "deadline.h"
#include "descriptors.h"
#include "parcel.h"
#include "tls/handshake.h"
#include "tls/anchor_files.h"
#include "tls/copy.h"
#include "tls/protocol.h"
#include "tls/session.h"

/* How long the server may take to let us say goodbye. */
enum { GOODBYE_MS = 100 };

static bool say_and_free(struct parcel *parcel)
{
	bool said = parcel_say(parcel, RELAY_CHANNEL);

	parcel_free(parcel);
	return said;
}

/* Hears the task, which lives as long as the process. */
static bool hear_task(struct tls_task *task)
{
	struct parcel parcel;

	return parcel_hear(
		   &parcel, RELAY_CHANNEL, TLS_TASK_SIZE, deadline_in(0)) &&
	       tls_task_take(&parcel, task);
}

/* Loads what the task names, and says whether that went well. */
static struct tls *prepare(const struct tls_task *task)
{
	struct parcel welcome = {0};
	struct failure failure;
	struct tls *tls = tls_prepare(task, RELAY_CONNECTION, &failure);
	bool ready =
	    tls != NULL && confine_rights(CONFINE_TO_SOCKETS, &failure);

	parcel_put_version(&welcome);
	parcel_put_text(&welcome, ready ? NULL : failure.text);
	return say_and_free(&welcome) && ready ? tls : NULL;
}

static bool await_go(struct tls_patience *patience)
{
	struct parcel parcel;

	if (!parcel_hear(
		&parcel, RELAY_CHANNEL, 2 * sizeof(uint64_t), deadline_in(0)))
		return false;
	patience->deadline.at = (int64_t)parcel_take_number(&parcel);
	patience->of_delivery = parcel_take_number(&parcel) != 0;
	return parcel_is_empty(&parcel);
}

/* Whoever has asked for the session is the one who may open files. */
static bool ask(
    void *context, const struct parcel *question, struct parcel *answer)
{
	const struct tls_patience *patience = context;
	struct parcel parcel = {0};

	parcel_put_number(&parcel, RELAY_ASKS);
	parcel_put_parcel(&parcel, question);
	return say_and_free(&parcel) &&
	       parcel_hear(answer, RELAY_CHANNEL, 2 * ANCHORS_SIZE_MAX,
		   patience->deadline);
}

static bool shake_hands(struct tls *tls)
{
	static struct handshake handshake;
	struct tls_patience patience = {.listener = RELAY_CHANNEL};
	struct parcel parcel = {0};
	bool done;

	patience.oracle = (struct trust_oracle){&patience, ask};
	if (!await_go(&patience))
		return false;
	done = tls_shake_hands(tls, &patience, &handshake);
	parcel_put_number(&parcel, RELAY_TELLS);
	handshake_put(&parcel, &handshake);
	return say_and_free(&parcel) && done;
}

/* Nobody listens any more once the session has been handed over. */
static void explain_end(const struct tls *tls)
{
	struct reason reason = {.english = ""};
	struct parcel parcel = {0};

	tls_explain_end(tls, &reason);
	reason_put(&parcel, &reason);
	say_and_free(&parcel);
}

static void say_goodbye(struct tls *tls, int connection)
{
	struct deadline deadline = deadline_in_ms(GOODBYE_MS);
	struct pollfd waiting = {.fd = connection, .events = POLLOUT};

	while (!tls_say_goodbye(tls))
		if (deadline_poll(&waiting, 1, deadline) <= 0)
			return;
}

/* A task that is another version's, or none, is answered by our version alone.
 */
static void refuse(void)
{
	struct parcel welcome = {0};

	parcel_put_version(&welcome);
	parcel_put_text(&welcome, "");
	say_and_free(&welcome);
}

void relay_serve(void)
{
	static const int kept[] = {
	    RELAY_CONNECTION, RELAY_LOCAL, RELAY_CHANNEL};
	struct transport server, local;
	struct tls_task task;
	struct tls *tls;

	confine_memory();
	if (!descriptors_keep(kept, sizeof kept / sizeof kept[0]))
		return;
	if (!hear_task(&task)) {
		refuse();
		return;
	}
	tls = prepare(&task);
	if (tls == NULL || !shake_hands(tls))
		return;
	server = tls_transport(tls);
	local = transport_descriptors(RELAY_LOCAL, RELAY_LOCAL);
	relay_copy(&server, &local);
	explain_end(tls);
	say_goodbye(tls, RELAY_CONNECTION);
}
