/* SPDX-License-Identifier: ISC */
/* What one delivery costs: CPU, memory, system calls. */
#ifndef BENCH_COST_H
#define BENCH_COST_H

#include "bench-stage.h"

void bench_cpu(const struct stage *stage);
void bench_memory(const struct stage *stage);
void bench_calls(const struct stage *stage);
void bench_routes(const struct stage *stage);

#endif
