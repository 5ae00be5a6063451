/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "bench-series.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

static double measure(const struct trial *trial, enum series_quantity quantity)
{
	double runs = trial->command->count > 0 ? trial->command->count : 1;
	struct tree_usage usage;

	tree_run(trial->command, &usage);
	switch (quantity) {
	case SERIES_CPU: return (double)usage.cpu / 1e3 / runs;
	case SERIES_WALL: return (double)usage.elapsed / 1e3 / runs;
	case SERIES_RATE: return runs / ((double)usage.elapsed / 1e6);
	case SERIES_THROUGHPUT: break;
	}
	return trial->bytes / 1048576 / ((double)usage.elapsed / 1e6);
}

void series_take(struct trial *trials, size_t count,
    enum series_quantity quantity, unsigned rounds)
{
	for (unsigned round = 0; round <= rounds; round++) {
		for (size_t i = 0; i < count; i++) {
			double value = measure(&trials[i], quantity);

			if (round > 0)
				series_add(&trials[i].series, value);
		}
	}
}

void series_add(struct series *series, double value)
{
	if (series->count == SERIES_MAX)
		errx(99, "too many rounds");
	series->values[series->count++] = value;
}

static int compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

double series_median(const struct series *series)
{
	struct series sorted = *series;
	size_t half = sorted.count / 2;

	if (sorted.count == 0)
		return (double)NAN;
	qsort(sorted.values, sorted.count, sizeof *sorted.values, compare);
	if (sorted.count % 2 == 1)
		return sorted.values[half];
	return (sorted.values[half - 1] + sorted.values[half]) / 2;
}

double series_ratio(const struct series *series, const struct series *to)
{
	struct series ratios = {0};

	for (size_t i = 0; i < series->count && i < to->count; i++)
		series_add(&ratios, series->values[i] / to->values[i]);
	return series_median(&ratios);
}
