/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-table.h"

#include <stdarg.h>
#include <stdio.h>

enum { LABEL_WIDTH = 30, CELL_WIDTH = 9 };

static void print_text(const char *text)
{
	printf(" %*s", CELL_WIDTH, text);
}

static void print_number(double number)
{
	printf(" %*.*f", CELL_WIDTH, number < 100 ? 2 : 0, number);
}

void table_begin(const char *title, const char *floor, bool versus)
{
	printf("\n%s", title);
	if (floor != NULL)
		printf("; floor: %s", floor);
	printf("\n%-*s", LABEL_WIDTH, "");
	print_text("new");
	if (versus) {
		print_text("old");
		print_text("new/old");
	}
	if (floor != NULL) {
		print_text("floor");
		print_text("new/floor");
	}
	printf("  target\n");
}

static bool is_met(const struct table_row *row)
{
	double value = series_median(row->values);

	if (row->target == TABLE_AT_MOST)
		return value <= row->limit;
	value = series_ratio(row->values, row->floor);
	return row->target == TABLE_TIMES_FLOOR ? value <= row->limit
						: value >= row->limit;
}

static void print_target(const struct table_row *row)
{
	static const char *const formats[] = {[TABLE_NO_TARGET] = "",
	    [TABLE_AT_MOST] = "at most %g: ",
	    [TABLE_TIMES_FLOOR] = "at most %g x: ",
	    [TABLE_SHARE_OF_FLOOR] = "at least %g x: "};

	if (row->target == TABLE_NO_TARGET)
		return;
	printf("  ");
	printf(formats[row->target], row->limit);
	printf("%s", is_met(row) ? "met" : "missed");
}

void table_row(const struct table_row *row)
{
	printf("  %-*s", LABEL_WIDTH - 2, row->label);
	print_number(series_median(row->values));
	if (row->old != NULL) {
		print_number(series_median(row->old));
		print_number(series_ratio(row->values, row->old));
	}
	if (row->floor != NULL) {
		print_number(series_median(row->floor));
		print_number(series_ratio(row->values, row->floor));
	}
	print_target(row);
	printf("\n");
	fflush(stdout);
}

void table_say(const char *format, ...)
{
	va_list arguments;

	printf("  ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}
