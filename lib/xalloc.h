/* SPDX-License-Identifier: ISC */
/*
 * Allocation that does not fail: without memory the process ends in the
 * report "Out of memory", so that the message waits; tools complain.  Not for
 * use once a server may have taken the message.  The caller owns what is
 * returned and frees it with free.
 */
#ifndef XALLOC_H
#define XALLOC_H

#include <stdarg.h>
#include <stddef.h>

/* So many bytes, for libraries that are given an allocator. */
void *xmalloc(size_t size);

/* So many zeroed objects of one size; the product is checked. */
void *xcalloc(size_t count, size_t size);

/* Makes room for so many objects of one size; the product is checked. */
void *xrealloc(void *memory, size_t count, size_t size);

char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);

/* As asprintf and vasprintf. */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list arguments)
    __attribute__((format(printf, 1, 0)));

#endif
