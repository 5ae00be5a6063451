/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "probe/page.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "probe/visible.h"
#include "xalloc.h"

enum { INDENT = 2, GAP = 2, NARROWEST = 20, WIDEST = 1000 };

/* Whether standard output is a terminal. */
static bool is_seen(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

bool page_is_able(void)
{
	const char *terminal = getenv("TERM");

	return is_seen() && terminal != NULL && *terminal != '\0' &&
	       strcmp(terminal, "dumb") != 0;
}

static bool is_coloured(void)
{
	const char *no = getenv("NO_COLOR");

	return page_is_able() && (no == NULL || *no == '\0');
}

/* Columns of the terminal; SIZE_MAX where nobody minds. */
static size_t find_width(void)
{
	const char *columns = getenv("COLUMNS");
	unsigned long width = columns != NULL ? strtoul(columns, NULL, 10) : 0;
	struct winsize size;

	if (width >= NARROWEST && width <= WIDEST)
		return width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return is_seen() ? 80 : SIZE_MAX;
}

static struct page_row *add(struct page *page)
{
	page->rows = xrealloc(page->rows, page->count + 1, sizeof *page->rows);
	return &page->rows[page->count++];
}

void page_head(struct page *page, const char *text)
{
	*add(page) = (struct page_row){
	    .colour = PAGE_HEAD, .label = visible_line(text, strlen(text))};
}

void page_row(struct page *page, unsigned depth, const char *label,
    enum page_colour colour, const char *format, ...)
{
	struct page_row *row = add(page);
	va_list arguments;

	va_start(arguments, format);
	*row = (struct page_row){.depth = depth,
	    .label = xstrdup(label),
	    .colour = colour,
	    .value = xvasprintf(format, arguments)};
	va_end(arguments);
}

void page_list(struct page *page, unsigned depth, const char *label,
    const char *const *texts, size_t count)
{
	char *list = count > 0 ? xstrdup(texts[0]) : NULL;

	for (size_t i = 1; i < count; i++) {
		char *before = list;

		list = xasprintf("%s, %s", before, texts[i]);
		free(before);
	}
	if (list != NULL)
		page_row(page, depth, label, PAGE_PLAIN, "%s", list);
	free(list);
}

static void print_coloured(
    enum page_colour colour, bool coloured, const char *text, size_t size)
{
	static const char *const codes[] = {
	    [PAGE_GOOD] = "32",
	    [PAGE_DOUBTFUL] = "33",
	    [PAGE_BAD] = "31",
	    [PAGE_HEAD] = "1",
	};

	coloured = coloured && codes[colour] != NULL;
	if (coloured)
		printf("\033[%sm", codes[colour]);
	fwrite(text, 1, size, stdout);
	if (coloured)
		fputs("\033[0m", stdout);
}

/* How much of a line fits: up to a blank, or else as many characters. */
static size_t fit(const char *line, size_t width)
{
	size_t length = strlen(line), best = 0, at = 1;

	if (visible_columns(line, length) <= width)
		return length;
	for (; at < length && visible_columns(line, at) <= width; at++)
		if (line[at] == ' ' && line[at - 1] != ' ')
			best = at;
	if (best > 0)
		return best;
	/* Not in the middle of a character. */
	for (at--; at > 1 && ((unsigned char)line[at] & 0xc0) == 0x80; at--)
		continue;
	return at > 0 ? at : 1;
}

/* One line of a value, on as many lines as it needs. */
static void print_line(const struct page_row *row, bool coloured,
    const char *line, size_t column, size_t width)
{
	size_t room = width > column + NARROWEST ? width - column : NARROWEST;

	while (*line != '\0') {
		size_t length = fit(line, room);

		print_coloured(row->colour, coloured, line, length);
		line += length;
		line += strspn(line, " ");
		printf("\n%*s", *line != '\0' ? (int)column : 0, "");
	}
}

static void print_row(
    const struct page_row *row, bool coloured, size_t column, size_t width)
{
	size_t indent = INDENT * (size_t)row->depth;
	size_t label = visible_columns(row->label, strlen(row->label));
	size_t gap = column - indent - label;
	const char *at = row->value;

	printf("%*s%s", (int)indent, "", row->label);
	do {
		size_t length = strcspn(at, "\n");
		char *line = visible_line(at, length);

		if (*line != '\0')
			printf("%*s", (int)gap, "");
		else
			putchar('\n');
		print_line(row, coloured, line, column, width);
		free(line);
		at += length + (at[length] == '\n');
		gap = column;
	} while (*at != '\0');
}

static size_t find_column(const struct page *page)
{
	size_t column = 0;

	for (size_t i = 0; i < page->count; i++) {
		const struct page_row *row = &page->rows[i];
		size_t end = INDENT * (size_t)row->depth + GAP +
			     visible_columns(row->label, strlen(row->label));

		if (row->value != NULL && end > column)
			column = end;
	}
	return column;
}

void page_print(struct page *page)
{
	size_t column = find_column(page), width = find_width();
	bool coloured = is_coloured();

	for (size_t i = 0; i < page->count; i++) {
		struct page_row *row = &page->rows[i];

		if (row->value != NULL) {
			print_row(row, coloured, column, width);
		} else {
			fputs(i > 0 ? "\n" : "", stdout);
			print_coloured(row->colour, coloured, row->label,
			    strlen(row->label));
			putchar('\n');
		}
		free(row->label);
		free(row->value);
	}
	free(page->rows);
	*page = (struct page){0};
}
