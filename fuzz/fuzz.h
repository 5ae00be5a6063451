/* SPDX-License-Identifier: ISC */
/*
 * What the fuzzing targets share.  A target takes bytes, hands them to the
 * code under test and aborts when a promise of that code does not hold.
 *
 * The same source is a libFuzzer target on its own and, with FUZZ_REPLAY, one
 * of many in the program that goes through the corpora in "make check".  The
 * '_' of a name here is '-' in names of files.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUZZ_TARGETS(TARGET)                                                   \
	TARGET(address)                                                        \
	TARGET(answer)                                                         \
	TARGET(auth)                                                           \
	TARGET(capabilities)                                                   \
	TARGET(control)                                                        \
	TARGET(credentials)                                                    \
	TARGET(message)                                                        \
	TARGET(reply)                                                          \
	TARGET(routes)                                                         \
	TARGET(session)                                                        \
	TARGET(sts_policy)                                                     \
	TARGET(sts_record)                                                     \
	TARGET(tcpto)                                                          \
	TARGET(tlsa)                                                           \
	TARGET(tlspolicy)                                                      \
	TARGET(transaction)

#ifdef FUZZ_REPLAY
#define FUZZ_TARGET(name) fuzz_##name
#else
#define FUZZ_TARGET(name) LLVMFuzzerTestOneInput
#endif

#define FUZZ_DECLARE(name)                                                     \
	int FUZZ_TARGET(name)(const uint8_t *bytes, size_t size);
FUZZ_TARGETS(FUZZ_DECLARE)

/* Ends the process loudly unless the condition holds. */
#define FUZZ_CHECK(condition)                                                  \
	((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* Input with several parts: a byte 0xff stands between two of them. */
struct fuzz_input {
	const char *bytes;
	size_t size;
	bool over;
};

struct fuzz_input fuzz_input(const uint8_t *bytes, size_t size);

/* The next part.  Returns false after the last one. */
bool fuzz_part(struct fuzz_input *input, const char **bytes, size_t *size);

/* The next part up to a NUL as a string, "" after the last one; the caller
 * frees it. */
char *fuzz_text(struct fuzz_input *input);

/* Numbers that depend on the input alone, for places to split it. */
struct fuzz_random {
	uint64_t state;
};

struct fuzz_random fuzz_random(const uint8_t *bytes, size_t size);

/* From least to most. */
size_t fuzz_between(struct fuzz_random *random, size_t least, size_t most);

/*
 * A nameless file with these bytes, read from its start.  There is only one:
 * the next call overwrites it.
 */
int fuzz_file(const void *bytes, size_t size);

/* What holds for the text of each report, unless it is empty. */
void fuzz_check_text(const char *text);

/* Whether text is one that stays on its line and has no control characters. */
bool fuzz_is_printable(const char *text, size_t size);

#endif
