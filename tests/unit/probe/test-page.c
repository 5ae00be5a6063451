/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/page.h"

#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "suite.h"
#include "unit.h"

static void print(struct page *page)
{
	page_print(page);
	fflush(stdout);
}

static void expect(void (*run)(const void *), const void *argument,
    const char *columns, const char *wanted)
{
	struct bytes output;

	if (columns != NULL)
		setenv("COLUMNS", columns, 1);
	else
		unsetenv("COLUMNS");
	ck_assert_int_eq(unit_run(run, argument, &output), UNIT_RETURNED);
	ck_assert_str_eq(output.length > 0 ? output.data : "", wanted);
	bytes_free(&output);
}

/* Values below each other, whatever is before them. */
static void print_forms(const void *argument)
{
	static const char *const names[] = {"mx.a.test", "*.b.test", "c.test"};
	struct page page = {0};

	(void)argument;
	page_head(&page, "a.test");
	page_row(&page, 1, "Route", PAGE_GOOD, "%s, port %u", "to b", 25U);
	page_row(&page, 1, "Certificate", PAGE_BAD, "%s", "CN=a\033[2J");
	page_list(&page, 2, "mx", names, 3);
	page_list(&page, 2, "match", names, 1);
	page_list(&page, 2, "none", names, 0);
	page_head(&page, "Res\nult");
	page_row(&page, 1, "Report", PAGE_PLAIN, "%s", "Z one\ntwo\n\nthree\n");
	page_row(&page, 1, "Notes", PAGE_PLAIN, "%s", "");
	print(&page);
	/* It is empty, and may be used again. */
	ck_assert_uint_eq(page.count, 0);
	page_head(&page, "b.test");
	print(&page);
}

START_TEST(forms)
{
	expect(print_forms, NULL, NULL,
	    "a.test\n"
	    "  Route        to b, port 25\n"
	    "  Certificate  CN=a\\x1b[2J\n"
	    "    mx         mx.a.test, *.b.test, c.test\n"
	    "    match      mx.a.test\n"
	    "\n"
	    "Res\\x0ault\n"
	    "  Report       Z one\n"
	    "               two\n"
	    "\n"
	    "               three\n"
	    "  Notes\n"
	    "b.test\n");
}
END_TEST

/* Where lines end on a terminal of so many columns. */
static const struct form {
	const char *value, *columns, *wanted;
} widths[] = {
    {"one two three four five", NULL, "  Report  one two three four five\n"},
    {"one two three four five", "33", "  Report  one two three four five\n"},
    {"one two three four five", "32",
	"  Report  one two three four\n          five\n"},
    {"one two three  four five", "31",
	"  Report  one two three  four\n          five\n"},
    /* Blanks where it is broken go. */
    {"one two three four     five", "30",
	"  Report  one two three four\n          five\n"},
    /* What has no blanks is cut. */
    {"0123456789012345678901234", "30",
	"  Report  01234567890123456789\n          01234\n"},
    {"x 01234567890123456789012", "30",
	"  Report  x\n          01234567890123456789\n          012\n"},
    /* At least so many, however narrow, and no nonsense. */
    {"0123456789012345678901234", "20",
	"  Report  01234567890123456789\n          01234\n"},
    {"0123456789012345678901234", "5", "  Report  0123456789012345678901234\n"},
    {"0123456789012345678901234", "wide",
	"  Report  0123456789012345678901234\n"},
    {"0123456789012345678901234", "99999999999999999999",
	"  Report  0123456789012345678901234\n"},
    /* Not in the middle of a character, or of an escape, which takes four. */
    {"\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
     "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
     "\303\244\303\244\303\244",
	"30",
	"  Report  "
	"\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
	"\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
	"\303\244\303\244\303\244\303\244\n          \303\244\n"},
    {"\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245"
     "\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245",
	"31",
	"  Report  "
	"\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245"
	"\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\n"
	"          \346\227\245\n"},
};

static void print_width(const void *argument)
{
	const struct form *form = argument;
	struct page page = {0};

	page_row(&page, 1, "Report", PAGE_GOOD, "%s", form->value);
	print(&page);
}

START_TEST(width)
{
	const struct form *form = &widths[_i];
	bool known = setlocale(LC_ALL, "C.UTF-8") != NULL;

	if (known || (unsigned char)form->value[0] < 128)
		expect(print_width, form, form->columns, form->wanted);
}
END_TEST

static bool has_terminals(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master >= 0)
		close(master);
	return master >= 0;
}

/* Runs it in a child whose standard output is a terminal of so many columns. */
static struct bytes run_on_terminal(unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status;
	struct bytes output = {0};
	char buffer[4096];
	ssize_t got;
	pid_t child;

	ck_assert(grantpt(master) == 0 && unlockpt(master) == 0);
	ck_assert_int_eq(ioctl(master, TIOCSWINSZ, &size), 0);
	child = fork();
	if (child == 0) {
		int end = open(ptsname(master), O_RDWR | O_NOCTTY);

		dup2(end, STDOUT_FILENO);
		print_width(&widths[0]);
		_exit(page_is_able() ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	got = read(master, buffer, sizeof buffer);
	bytes_add(&output, buffer, got > 0 ? (size_t)got : 0);
	close(master);
	ck_assert_int_eq(WIFEXITED(status), 1);
	ck_assert_int_eq(WEXITSTATUS(status),
	    getenv("TERM") != NULL && *getenv("TERM") == 'x');
	return output;
}

/* Colours are for terminals that have them, and for those who want them. */
static const struct {
	const char *terminal, *no_color;
	bool coloured;
} terminals[] = {
    {"xterm", NULL, true},
    {"xterm", "", true},
    {"xterm", "1", false},
    {"dumb", NULL, false},
    {"", NULL, false},
    {NULL, NULL, false},
};

static void set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

START_TEST(colours)
{
	static const char on[] = "\033[32mone two three four five\033[0m";
	struct bytes output;

	if (!has_terminals())
		return;
	set("TERM", terminals[_i].terminal);
	set("NO_COLOR", terminals[_i].no_color);
	set("COLUMNS", NULL);
	output = run_on_terminal(80);
	ck_assert(bytes_contain(&output, "one two three four five"));
	ck_assert_int_eq(bytes_contain(&output, on), terminals[_i].coloured);
	ck_assert_int_eq(
	    bytes_contain(&output, "\033"), terminals[_i].coloured);
	bytes_free(&output);
	expect(print_width, &widths[0], NULL, widths[0].wanted);
}
END_TEST

/* The terminal's width, where nobody says another. */
START_TEST(terminal_width)
{
	struct bytes output;

	if (!has_terminals())
		return;
	set("TERM", "dumb");
	set("COLUMNS", NULL);
	output = run_on_terminal(32);
	ck_assert(bytes_contain(&output, "four\r\n          five\r\n"));
	bytes_free(&output);
	set("COLUMNS", "80");
	output = run_on_terminal(32);
	ck_assert(bytes_contain(&output, "four five\r\n"));
	bytes_free(&output);
}
END_TEST

SUITE("page")
{
	tcase_add_test(tcase, forms);
	tcase_add_loop_test(tcase, width, 0, COUNT(widths));
	tcase_add_loop_test(tcase, colours, 0, COUNT(terminals));
	tcase_add_test(tcase, terminal_width);
}
