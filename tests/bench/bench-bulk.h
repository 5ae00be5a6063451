/* SPDX-License-Identifier: ISC */
/* Large messages, and many at the same time. */
#ifndef BENCH_BULK_H
#define BENCH_BULK_H

#include "bench-stage.h"

void bench_throughput(const struct stage *stage);
void bench_rates(const struct stage *stage);

#endif
