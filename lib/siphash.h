/* SPDX-License-Identifier: ISC */
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a short hash that says nothing of
 * what was hashed to those who do not have the key.
 */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY = 16 };

uint64_t siphash(
    const unsigned char key[SIPHASH_KEY], const void *bytes, size_t size);

#endif
