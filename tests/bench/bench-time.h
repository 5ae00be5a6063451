/* SPDX-License-Identifier: ISC */
/* How long one delivery takes where the network is slow. */
#ifndef BENCH_TIME_H
#define BENCH_TIME_H

#include "bench-stage.h"

void bench_round_trips(const struct stage *stage);
void bench_latency(const struct stage *stage);
void bench_resolution(const struct stage *stage);

#endif
