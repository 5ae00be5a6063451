/* SPDX-License-Identifier: ISC */
/* Numbers that nobody can foretell. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills in bytes from the system's generator.  False: it has none to give. */
bool random_fill(void *bytes, size_t size);

/*
 * From the system's generator; where that has nothing to give, from the clock
 * and where the process lies.
 */
uint64_t random_bits(void);

#endif
