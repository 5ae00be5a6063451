/* SPDX-License-Identifier: ISC */
/* Numbers that nobody can foretell. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

/*
 * From the system's generator; where that has nothing to give, from the clock
 * and where the process lies.
 */
uint64_t random_bits(void);

#endif
