/* SPDX-License-Identifier: ISC */
/*
 * A page for people: headings, and rows of a label and a value, the values
 * below each other and within the width of the terminal.
 */
#ifndef PROBE_PAGE_H
#define PROBE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

enum page_colour { PAGE_PLAIN, PAGE_GOOD, PAGE_DOUBTFUL, PAGE_BAD, PAGE_HEAD };

struct page_row {
	unsigned depth; /* 0 and without a value: a heading */
	char *label;
	enum page_colour colour;
	char *value; /* any text, whose lines stay lines; NULL: none */
};

/* Starts as zeros. */
struct page {
	struct page_row *rows;
	size_t count;
};

/* A heading with a blank line before it, unless it is the first. */
void page_head(struct page *page, const char *text);

/* A row; the label is translated and lives on. */
void page_row(struct page *page, unsigned depth, const char *label,
    enum page_colour colour, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* A row of texts with commas between them; without texts there is none. */
void page_list(struct page *page, unsigned depth, const char *label,
    const char *const *texts, size_t count);

/* Prints all of it to standard output, and empties it. */
void page_print(struct page *page);

/* Whether standard output is a terminal that has colours, and can go back. */
bool page_is_able(void);

#endif
