/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/encrypt.h"

#include <string.h>

#include "dns/domain.h"
#include "i18n.h"
#include "session/evidence.h"
#include "session/greet.h"
#include "xalloc.h"

/* Says that TLS with the server came to nothing, why, and who demands it. */
static void set_failure(struct failure *failure, const struct opening *opening,
    const struct reason *reason, const char *origin)
{
	if (origin != NULL)
		failure_set(failure, FAILURE_TEMPORARY,
		    _("Connected to %s but TLS with %s failed: %s, demanded "
		      "by %s. (#4.7.0)\n"),
		    opening->address, opening->name, reason->local, origin);
	else
		failure_set(failure, FAILURE_TEMPORARY,
		    _("Connected to %s but TLS with %s failed: %s. "
		      "(#4.7.0)\n"),
		    opening->address, opening->name, reason->local);
	failure->rank = FAILURE_ANSWERED;
}

/* Says who demands the TLS that was not to be had, before the server's words.
 */
static void name_origin(struct failure *failure, const struct opening *opening,
    const struct demand *demand)
{
	char *end = strchr(failure->text, '\n');
	const char *said;

	if (demand->tls_origin == NULL || end == NULL)
		return;
	said = xstrdup(end + 1);
	end[1] = '\0';
	failure_add(failure, _("TLS with %s is demanded by %s.\n"),
	    opening->name, demand->tls_origin);
	failure_add(failure, "%s", said);
}

/* Names of other demands come beside those of a policy. */
_Static_assert((int)POLICY_WORDS_MAX + 16 <= (int)TLS_NAMES_MAX &&
		   (int)POLICY_WORDS_MAX <= (int)TLS_PINS_MAX,
    "a line of tlspolicy fits into a task");

static void take_pins(struct tls_task *task, const struct policy *policy)
{
	unsigned char(*pins)[TLS_PIN_SIZE] =
	    xcalloc(policy->pin_count, sizeof *pins);

	for (size_t i = 0; i < policy->pin_count; i++)
		memcpy(pins[i], policy->pins[i].sha256, sizeof pins[i]);
	task->pins = (const unsigned char(*)[TLS_PIN_SIZE])pins;
	task->pin_count = policy->pin_count;
}

/* The name to ask for (RFC 6066); NULL for a server without one. */
static char *server_name_indication(
    const struct demand *demand, const struct exchanger *exchanger)
{
	const char *name =
	    demand->checks[CHECK_TLSA] ? exchanger->tlsa.base : exchanger->name;

	return name != NULL ? domain_undotted(name) : NULL;
}

/* TLSA records and pins, which have to match, say nothing of what a key may be
   used for, and verify by themselves. */
static bool rests_on_anchors(const struct demand *demand)
{
	const bool *checks = demand->checks;

	return checks[CHECK_NAMED] || checks[CHECK_STS] ||
	       (checks[CHECK_VERIFIED] && !checks[CHECK_TLSA] &&
		   !checks[CHECK_PINNED]);
}

/* What the relay has to know, and to find out. */
static struct tls_task task_for(const struct terms *terms,
    const struct demand *demand, const struct opening *opening)
{
	const struct settings *settings = terms->settings;
	const struct exchanger *exchanger = opening->server->exchanger;
	bool dane = demand->checks[CHECK_TLSA];
	struct tls_task task = {.server = opening->name,
	    .sni = server_name_indication(demand, exchanger),
	    .names = demand->names,
	    .name_count = demand->name_count,
	    .anchors = settings->trustanchors,
	    .records = dane ? exchanger->tlsa.records : NULL,
	    .record_count = dane ? exchanger->tlsa.count : 0,
	    .clientcert = settings->clientcert,
	    .clientkey = settings->clientkey,
	    .run_directory = terms->run_directory,
	    .lenient = !rests_on_anchors(demand),
	    .binding = demand->credentials,
	    .certificates = opening->turns != NULL};

	take_pins(&task, terms->policy);
	return task;
}

static enum encrypt_result shake_hands(const struct terms *terms,
    const struct demand *demand, struct opening *opening,
    struct failure *failure)
{
	struct handshake *handshake = &opening->handshake;
	const char *origin = demand->tls_origin;
	struct deadline deadline = deadline_earlier(
	    deadline_in(terms->settings->timeout_connect), opening->deadline);
	struct reason reason;

	relay_shake_hands(&opening->relay, deadline,
	    deadline.at == opening->deadline.at, handshake);
	reason = handshake->reason;
	if (handshake->done && evidence_meets(demand, handshake, opening->name,
				   &reason, &origin)) {
		opening->summary =
		    evidence_summary(demand, handshake, opening->server);
		opening_start_tls(opening);
		return ENCRYPT_DONE;
	}
	if (handshake->misconfigured) {
		failure_set(failure, FAILURE_TEMPORARY,
		    _("GnuTLS could not be set up: %s. (#4.3.0)\n"),
		    reason.local);
		return ENCRYPT_HOPELESS;
	}
	set_failure(failure, opening, &reason, origin);
	return ENCRYPT_FAILED;
}

static bool start_relay(const struct terms *terms, const struct demand *demand,
    struct opening *opening, struct failure *failure)
{
	struct tls_task task = task_for(terms, demand, opening);

	return relay_start(
	    &opening->relay, &task, opening->connection, failure);
}

/* The relay starts, and loads what it needs, while the server answers. */
enum encrypt_result encrypt_by_starttls(const struct terms *terms,
    const struct demand *demand, struct opening *opening,
    struct failure *failure)
{
	struct dialogue dialogue = opening_dialogue(opening);
	enum greet_tls answer;

	greet_ask_tls(&dialogue);
	if (!start_relay(terms, demand, opening, failure))
		return ENCRYPT_HOPELESS;
	answer = greet_hear_tls(&dialogue, failure);
	if (!relay_await(&opening->relay, failure))
		return ENCRYPT_HOPELESS;
	switch (answer) {
	case GREET_TLS_READY:
		return shake_hands(terms, demand, opening, failure);
	case GREET_TLS_REFUSED: relay_abandon(&opening->relay); break;
	case GREET_TLS_BROKEN: break;
	}
	name_origin(failure, opening, demand);
	return answer == GREET_TLS_REFUSED ? ENCRYPT_REFUSED : ENCRYPT_FAILED;
}

enum encrypt_result encrypt_at_once(const struct terms *terms,
    const struct demand *demand, struct opening *opening,
    struct failure *failure)
{
	if (!start_relay(terms, demand, opening, failure) ||
	    !relay_await(&opening->relay, failure))
		return ENCRYPT_HOPELESS;
	return shake_hands(terms, demand, opening, failure);
}

/* What the server said stays in the failure. */
void encrypt_explain_hello(const struct demand *demand,
    const struct opening *opening, struct failure *failure)
{
	bool died = failure->rank == FAILURE_DIED;
	const char *said = strchr(failure->text, '\n');
	struct reason reason = {.english = ""};

	if (died)
		relay_explain_end(&opening->relay,
		    deadline_passed(opening->deadline), &reason);
	else
		reason_set(&reason, N_("no good answer to EHLO"));
	set_failure(failure, opening, &reason, demand->tls_origin);
	if (!died && said != NULL)
		failure_add(failure, "%s", said + 1);
}
