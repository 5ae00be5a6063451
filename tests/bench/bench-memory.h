/* SPDX-License-Identifier: ISC */
/* What /proc says about the processes below this one. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdbool.h>

/*
 * KiB that all processes below this one have, once that has stopped to
 * change: the peaks of their resident sets, or what is private to them now.
 */
long memory_of_children(bool private_only);

void memory_kill_children(void);

#endif
