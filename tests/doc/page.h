/* SPDX-License-Identifier: ISC */
/* The manual pages, for tests that do what stands there. */
#ifndef PAGE_H
#define PAGE_H

#include <stdio.h>

/* Opens the source of a page; that it cannot be read fails the test. */
FILE *page_open(const char *name);

#endif
