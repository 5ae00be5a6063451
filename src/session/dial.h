/* SPDX-License-Identifier: ISC */
/*
 * Calling the servers of a message, in order, several at a time where they
 * keep silent (stagger.h has the rules), and giving one connection after the
 * other to whoever speaks to them.
 *
 *     dial_start(&dial, &servers, &settings);
 *     while (dial_next(&dial, &server, &connection, &worst))
 *             ... if the session is ready, break; otherwise close it ...
 *     dial_end(&dial);
 */
#ifndef SESSION_DIAL_H
#define SESSION_DIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "deadline.h"
#include "failure.h"
#include "route/source.h"
#include "session/stagger.h"
#include "tcpto.h"

struct dial_settings {
	unsigned long timeout_connect; /* seconds for each; 0: no limit */
	struct deadline deadline;      /* from then on nobody is called */
	const struct source *source;   /* what to bind to */
	const struct tcpto *tcpto;
	bool keep_tcpto; /* it stays as it is, whatever comes of calls */
};

enum dial_state {
	DIAL_IDLE,	  /* it has not been called */
	DIAL_PASSED_OVER, /* nor will it be: tcpto says so */
	DIAL_CALLED,
	DIAL_THERE,
	DIAL_FAILED,
	DIAL_DROPPED /* closed, so that others could be called */
};

/* What became of calling a server. */
struct dial_call {
	enum dial_state state;
	int error;     /* errno, for DIAL_FAILED */
	int64_t began; /* milliseconds */
	/* Until it was there, in milliseconds; -1: another one was spoken to
	   meanwhile. */
	int64_t took;
};

struct line;

struct dial {
	struct dial_settings settings;
	struct stagger stagger;
	struct line *lines; /* one for each server */
};

/* Calls nobody yet.  The servers stay the caller's until dial_end. */
void dial_start(struct dial *dial, const struct servers *servers,
    const struct dial_settings *settings);

/*
 * The next connection that is there: a non-blocking descriptor without
 * Nagle's delay, which is the caller's, and the server's index.  Those that
 * were called meanwhile stay under way, and are the first to be given next
 * time.  Returns false when no server is left or the deadline has passed.
 *
 * What becomes of connects is kept in *worst where that tells more, and in
 * tcpto: a timeout only where timeout_connect or the system ended it.
 */
bool dial_next(
    struct dial *dial, size_t *server, int *descriptor, struct failure *worst);

/* What has become of a server's call so far. */
const struct dial_call *dial_told(const struct dial *dial, size_t server);

/*
 * Calls a server once more that dial_next has given, and no other meanwhile.
 * Returns false with the failure.
 */
bool dial_again(
    struct dial *dial, size_t server, int *descriptor, struct failure *failure);

/* Closes what is under way, without a word. */
void dial_end(struct dial *dial);

#endif
