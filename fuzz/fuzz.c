/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "descriptors.h"
#include "xalloc.h"

enum { SEPARATOR = 0xff, AHEAD_SECONDS = 60 };

_Noreturn void __wrap__exit(int status);

/*
 * In place of _exit, by the linker's --wrap: a process that ends in a report
 * would look like one that went through all of its inputs.
 */
_Noreturn void __wrap__exit(int status)
{
	fprintf(stderr, "the code under test ended the process (%d)\n", status);
	abort();
}

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

/*
 * In place of clock_gettime: the wall clock is ahead, so that nothing waits
 * until a file that was written just now is old enough to be trusted.
 */
int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	int status = __real_clock_gettime(clock, time);

	if (clock == CLOCK_REALTIME)
		time->tv_sec += AHEAD_SECONDS;
	return status;
}

_Noreturn void fuzz_fail(const char *condition, const char *file, int line)
{
	fprintf(
	    stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
	abort();
}

struct fuzz_input fuzz_input(const uint8_t *bytes, size_t size)
{
	return (struct fuzz_input){(const char *)bytes, size, size == 0};
}

bool fuzz_part(struct fuzz_input *input, const char **bytes, size_t *size)
{
	const char *end;

	if (input->over)
		return false;
	end = memchr(input->bytes, SEPARATOR, input->size);
	input->over = end == NULL;
	*bytes = input->bytes;
	*size = end != NULL ? (size_t)(end - input->bytes) : input->size;
	if (!input->over) {
		input->bytes += *size + 1;
		input->size -= *size + 1;
	}
	return true;
}

char *fuzz_text(struct fuzz_input *input)
{
	const char *bytes;
	size_t size;

	return fuzz_part(input, &bytes, &size) ? xstrndup(bytes, size)
					       : xstrdup("");
}

struct fuzz_random fuzz_random(const uint8_t *bytes, size_t size)
{
	struct fuzz_random random = {size + 1};

	for (size_t i = 0; i < size; i++)
		random.state = (random.state ^ bytes[i]) * 0x100000001b3;
	return random;
}

size_t fuzz_between(struct fuzz_random *random, size_t least, size_t most)
{
	random->state =
	    random->state * 6364136223846793005 + 1442695040888963407;
	return least + (size_t)(random->state >> 33) % (most - least + 1);
}

int fuzz_file(const void *bytes, size_t size)
{
	static int descriptor = -1;

	if (descriptor < 0)
		descriptor = descriptors_nameless("fuzz");
	FUZZ_CHECK(descriptor >= 0);
	FUZZ_CHECK(ftruncate(descriptor, 0) == 0);
	FUZZ_CHECK(pwrite(descriptor, bytes, size, 0) == (ssize_t)size);
	FUZZ_CHECK(lseek(descriptor, 0, SEEK_SET) == 0);
	return descriptor;
}

bool fuzz_is_printable(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 127)
			return false;
	return true;
}

/* Our own words; what the remote host says is passed as it is. */
void fuzz_check_text(const char *text)
{
	const char *remote = strstr(text, "\nRemote host said: ");

	FUZZ_CHECK(remote != NULL ||
		   (*text != '\0' && text[strlen(text) - 1] == '\n'));
	while (*text != '\0' && (remote == NULL || text <= remote)) {
		size_t length = strcspn(text, "\n");

		FUZZ_CHECK(fuzz_is_printable(text, length));
		text += length + (text[length] == '\n');
	}
}
