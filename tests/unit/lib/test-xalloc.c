/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

enum { LARGE = 64 << 20 };

static void exhaust_calloc(const char *large)
{
	xcalloc(strlen(large), 1);
}

static void exhaust_realloc(const char *large)
{
	xrealloc(xcalloc(1, 1), strlen(large) / 8, 8);
}

static void exhaust_strdup(const char *large)
{
	xstrdup(large);
}

static void exhaust_strndup(const char *large)
{
	xstrndup(large, strlen(large) - 1);
}

static void exhaust_asprintf(const char *large)
{
	xasprintf("%s", large);
}

static void overflow_calloc(const char *large)
{
	xcalloc(SIZE_MAX / strlen(large) + 1, strlen(large));
}

static void overflow_realloc(const char *large)
{
	xrealloc(NULL, SIZE_MAX / strlen(large) + 1, strlen(large));
}

static void (*const failing[])(const char *) = {exhaust_calloc, exhaust_realloc,
    exhaust_strdup, exhaust_strndup, exhaust_asprintf, overflow_calloc,
    overflow_realloc};

/* Without any more memory than it has. */
/* AddressSanitizer's allocator needs room of its own. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static void run_limited(const void *argument)
{
	static const struct rlimit none = {1, 1};
	char *large = malloc(LARGE + 1);
	int index = *(const int *)argument;

	memset(large, 'x', LARGE);
	large[LARGE] = '\0';
	if (setrlimit(RLIMIT_AS, &none) == 0)
		failing[index](large);
}

START_TEST(exhaustion)
{
	static const char expected[] = "ZOut of memory. (#4.3.0)\n";
	struct bytes output;

	ck_assert_int_eq(unit_run(run_limited, &_i, &output), 0);
	ck_assert_uint_eq(output.length, sizeof expected);
	ck_assert_mem_eq(output.data, expected, sizeof expected);
}
END_TEST

START_TEST(allocation)
{
	static const char zeros[24];
	char *memory = xcalloc(3, 8);

	ck_assert_mem_eq(memory, zeros, sizeof zeros);
	memory[23] = 'x';
	memory = xrealloc(memory, 1000, 8);
	ck_assert_int_eq(memory[23], 'x');
	ck_assert_ptr_nonnull(xcalloc(0, 8));
	ck_assert_ptr_nonnull(xrealloc(NULL, 0, 8));
	ck_assert_str_eq(xstrdup("text"), "text");
	ck_assert_str_eq(xstrndup("text", 2), "te");
	ck_assert_str_eq(xstrndup("text", 9), "text");
	ck_assert_str_eq(xasprintf("%d %s", 5, "x"), "5 x");
}
END_TEST

SUITE("xalloc")
{
	if (!SANITIZED)
		tcase_add_loop_test(tcase, exhaustion, 0, COUNT(failing));
	tcase_add_test(tcase, allocation);
}
