/* SPDX-License-Identifier: ISC */
/* What a policy of MTA-STS costs that is kept and fresh. */
#ifndef BENCH_STS_H
#define BENCH_STS_H

#include "bench-stage.h"

void bench_sts(const struct stage *stage);

#endif
