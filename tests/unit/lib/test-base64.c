/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "base64.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

/* RFC 4648 section 10, and bytes of all kinds. */
static const struct form {
	const char *bytes, *text;
} forms[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xff\xef\xbe\xfb", "/+++"
			 "+w=="},
};

START_TEST(base64_form)
{
	const struct form *form = &forms[_i];
	size_t length = strlen(form->bytes), size;
	char *text = base64_encode(form->bytes, length), *bytes;

	ck_assert_str_eq(text, form->text);
	ck_assert(base64_decode(text, strlen(text), &bytes, &size));
	ck_assert_uint_eq(size, length);
	ck_assert_mem_eq(bytes, form->bytes, length + 1);
	free(text);
	free(bytes);
}
END_TEST

static const char *const wrong[] = {
    "Z",
    "Zg",
    "Zg=",
    "Zg===",
    "Zg==Zg==",
    "=",
    "====",
    "Z===",
    "Z=g=",
    "Zh==", /* bits that stand for nothing */
    "Zm9=",
    "Zm9v ",
    " Zm9v",
    "Zm9v\n",
    "Zm-v",
    "Zm_v",
    "Zm9v*m9v",
    "Zm\xc3\xb6",
};

START_TEST(no_form)
{
	char *bytes;
	size_t size;

	ck_assert(!base64_decode(wrong[_i], strlen(wrong[_i]), &bytes, &size));
	ck_assert_ptr_null(bytes);
}
END_TEST

START_TEST(any_bytes)
{
	uint64_t state = 1;

	for (size_t length = 0; length < 300; length++) {
		char in[300], *text, *out;
		size_t size;

		for (size_t i = 0; i < length; i++)
			in[i] = (char)unit_random(&state, 256);
		text = base64_encode(in, length);
		ck_assert_uint_eq(strlen(text), (length + 2) / 3 * 4);
		ck_assert(base64_decode(text, strlen(text), &out, &size));
		ck_assert_uint_eq(size, length);
		ck_assert_mem_eq(in, out, length);
		free(text);
		free(out);
	}
}
END_TEST

SUITE("base64")
{
	tcase_add_loop_test(tcase, base64_form, 0, COUNT(forms));
	tcase_add_loop_test(tcase, no_form, 0, COUNT(wrong));
	tcase_add_test(tcase, any_bytes);
}
