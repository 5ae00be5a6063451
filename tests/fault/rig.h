/* SPDX-License-Identifier: ISC */
/*
 * What a delivery needs that a fault is to come to, and whether it ended as
 * every delivery has to: in time, with exactly one report that is true.
 */
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deliver.h"
#include "fault.h"
#include "peer.h"

/* Where the client is led to, and where the server is behind a cutter. */
#define RIG_ADDRESS "127.0.0.2"
#define RIG_BEHIND "127.0.0.1"

#define RIG_USER "office@example.net"
#define RIG_SECRET "correct horse"

struct rig_kind {
	const char *name;
	/* But for TLS; with an account, of RIG_USER, the route has it too. */
	struct peer_script script;
	enum deliver_input input;
	bool dns;		/* an exchanger, not a route */
	const char *strictness; /* NULL: no TLS */
	const char *priority;	/* of the TLS server; NULL: GnuTLS's own */
	/* A line of tlspolicy for all mail, in which @PIN@ stands for the
	   server's key; or NULL. */
	const char *policy;
	bool dane;    /* the server has TLSA records, which count */
	bool private; /* it must not go in clear, whatever happens */
	/* In place of a delivery, as in deliver.h; and what it says that finds
	   no fault. */
	const char *tool;
	const char *const *arguments;
	const char *says;
};

/* One that must not go in clear: by TLSA records, or a line of tlspolicy. */
#define RIG_PRIVATE(label, words, tlsa)                                        \
	{                                                                      \
		.name = (label),                                               \
		.script = {.capabilities = "STARTTLS\nPIPELINING"},            \
		.dns = true, .strictness = "0\n", .policy = (words),           \
		.dane = (tlsa), .private = true                                \
	}

/* DANE, and each level above "prefer". */
#define RIG_LEVELS                                                             \
	RIG_PRIVATE("DANE", NULL, true),                                       \
	    RIG_PRIVATE("encrypt", "encrypt", false),                          \
	    RIG_PRIVATE("verify", "verify", false),                            \
	    RIG_PRIVATE("secure", "secure match=mx.a.test", false),            \
	    RIG_PRIVATE("fingerprint", "fingerprint pin=@PIN@", false),        \
	    RIG_PRIVATE("dane-only", "dane-only", true)

/* A tool, with or without a server that is verified. */
#define RIG_TOOL(label, program, words, sign)                                  \
	{                                                                      \
		.name = (label),                                               \
		.script = {.capabilities = "STARTTLS\nPIPELINING"},            \
		.dns = true, .strictness = "2\n", .tool = (program),           \
		.arguments = (words), .says = (sign)                           \
	}

/* All of them, as they are used. */
extern const char *const rig_no_words[],
    *const rig_loud_words[], *const rig_host_words[],
				 *const rig_json_words[],
				     *const rig_json_host_words[];
#define RIG_TOOLS                                                              \
	RIG_TOOL("check", "-check", rig_loud_words, "nothing is wrong"),       \
	    RIG_TOOL("probe", "-probe", rig_host_words, "MAIL at "),           \
	    RIG_TOOL("tcpto", "-tcpto", rig_no_words, "")
#define RIG_TOOLS_JSON                                                         \
	RIG_TOOL("check -j", "-check", rig_json_words, "\"faults\": []"),      \
	    RIG_TOOL("probe -jv", "-probe", rig_json_host_words,               \
		"\"verdict\": \"delivers\"")

/* The same for all processes; files are in the home. */
struct rig_shared {
	const struct rig_kind *kind;
	struct home home;
	struct peer_tls *tls; /* or NULL */
	char *tlsa, *pin;     /* of its certificate, or NULL */
};

/* One for each process. */
struct rig {
	const struct rig_shared *shared;
	struct home home;
	struct dns *dns; /* of the delivery that is under way */
	struct peer *peer;
	struct outcome outcome;	       /* of the last delivery */
	struct transcript *transcript; /* of the last peer */
	struct fault_page *page;
	char page_variable[HOME_PATH + 16];
};

void rig_share(struct rig_shared *shared, const struct rig_kind *kind);
void rig_unshare(struct rig_shared *shared);

/* Timeouts are in seconds. */
void rig_make(
    struct rig *rig, const struct rig_shared *shared, unsigned timeout);
void rig_free(struct rig *rig);

/* Servers for the next delivery.  Returns the port of SMTP. */
uint16_t rig_serve(struct rig *rig, const char *address);

/* Delivers; shim is the library to be preloaded or NULL. */
void rig_deliver(struct rig *rig, uint16_t port, const char *shim);

/* Ends the servers; the transcript can be read. */
void rig_stop(struct rig *rig);

/* How many times a server has said that the whole message is accepted. */
size_t rig_accepted(const struct rig *rig);

/*
 * Returns NULL, or what is wrong with the delivery.  accepted: how many
 * servers have said so, and the client could hear it; silent: its standard
 * output has failed.
 */
const char *rig_judge(const struct rig *rig, size_t accepted, bool silent);

/* Whether a tool ended as it does when nothing fails. */
bool rig_tool_works(const struct rig *rig);

/* A line about a delivery; the caller frees it. */
char *rig_describe(const struct rig *rig, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
