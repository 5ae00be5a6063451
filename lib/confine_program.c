/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <stddef.h>

#ifdef HAVE_SECCOMP

#include "confine_program.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "confine_arch.h"

static void put(struct program *program, struct sock_filter instruction)
{
	if (program->size < PROGRAM_CODE_MAX)
		program->code[program->size] = instruction;
	program->size++;
}

static void put_load(struct program *program, size_t offset)
{
	put(program, (struct sock_filter)BPF_STMT(
			 BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

/* The 32 bits of an argument that matter. */
static void put_load_argument(struct program *program, unsigned index)
{
	size_t offset =
	    offsetof(struct seccomp_data, args) + index * sizeof(uint64_t);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	offset += sizeof(uint32_t);
#endif
	put_load(program, offset);
}

static void put_return(struct program *program, unsigned result)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, result));
}

static void put_refusal(struct program *program)
{
	put_return(program, SECCOMP_RET_ERRNO | ENOSYS);
}

static void put_jump(struct program *program, unsigned condition,
    unsigned value, size_t if_so, size_t otherwise)
{
	put(program,
	    (struct sock_filter)BPF_JUMP(BPF_JMP | condition | BPF_K, value,
		(unsigned char)if_so, (unsigned char)otherwise));
}

static void put_allowed(struct program *program, unsigned call)
{
	put_jump(program, BPF_JEQ, call, 0, 1);
	put_return(program, SECCOMP_RET_ALLOW);
}

void program_start(struct program *program)
{
	program->size = 0;
	put_load(program, offsetof(struct seccomp_data, arch));
	put_jump(program, BPF_JEQ, CONFINE_ARCH, 1, 0);
	put_refusal(program);
	put_load(program, offsetof(struct seccomp_data, nr));
}

void program_allow_without(
    struct program *program, unsigned call, unsigned argument, unsigned bits)
{
	put_jump(program, BPF_JEQ, call, 0, 4);
	put_load_argument(program, argument);
	put_jump(program, BPF_JSET, bits, 1, 0);
	put_return(program, SECCOMP_RET_ALLOW);
	put_refusal(program);
}

void program_allow_among(struct program *program, unsigned call,
    unsigned argument, const unsigned *values, size_t count)
{
	put_jump(program, BPF_JEQ, call, 0, 2 * count + 2);
	put_load_argument(program, argument);
	for (size_t i = 0; i < count; i++)
		put_allowed(program, values[i]);
	put_refusal(program);
}

/*
 * Goes on at the end if the call is none of these, which are sorted, and one
 * instruction behind it if it is; takes 2 * count - 1 instructions.
 */
static void put_search(
    struct program *program, const unsigned *calls, size_t count, size_t end)
{
	size_t half = count / 2, to_end = end - program->size - 1;

	if (count == 1) {
		put_jump(program, BPF_JEQ, *calls, to_end + 1, to_end);
		return;
	}
	put_jump(program, BPF_JGE, calls[half], 2 * half - 1, 0);
	put_search(program, calls, half, end);
	put_search(program, calls + half, count - half, end);
}

static int compare(const void *a, const void *b)
{
	const unsigned *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

void program_end(struct program *program, unsigned *calls, size_t count)
{
	qsort(calls, count, sizeof *calls, compare);
	put_search(program, calls, count, program->size + 2 * count - 1);
	put_refusal(program);
	put_return(program, SECCOMP_RET_ALLOW);
}

/* Whether the kernel has been built with such filters. */
static bool is_offered(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
}

bool program_set(const struct program *program)
{
	const struct sock_fprog code = {.len = program->size,
	    .filter = (struct sock_filter *)program->code};

	if (program->size > PROGRAM_CODE_MAX) {
		errno = E2BIG;
		return false;
	}
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &code, 0, 0) == 0 ||
	       !is_offered();
}

#endif
