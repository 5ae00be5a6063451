/* SPDX-License-Identifier: ISC */
/* What policies, DANE, MTA-STS and AUTH add to a delivery. */
#ifndef BENCH_ADDITIONS_H
#define BENCH_ADDITIONS_H

#include "bench-stage.h"

void bench_additions(const struct stage *stage);

#endif
