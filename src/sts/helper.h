/* SPDX-License-Identifier: ISC */
/* Running qmail-remote-sts (call.h). */
#ifndef STS_HELPER_H
#define STS_HELPER_H

#include "deadline.h"
#include "sts/call.h"

/*
 * Runs the program, which has no descriptor but its end of a pipe and an empty
 * environment, until it has given its result or the deadline has passed; it is
 * gone then.  The result is a part of the octets returned, which the caller
 * frees.
 */
char *sts_helper_run(const char *program, const struct sts_call *call,
    struct deadline deadline, struct sts_result *result);

#endif
