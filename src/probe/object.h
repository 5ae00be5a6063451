/* SPDX-License-Identifier: ISC */
/*
 * What all objects of a probe's JSON are made of.  Texts, whatever bytes they
 * hold, come out as valid UTF-8 that is safe to show; NULL is null.
 */
#ifndef PROBE_OBJECT_H
#define PROBE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "failure.h"

json_t *object_text(const char *text);
json_t *object_texts(const char *const *texts, size_t count);

/* Octets in hexadecimal. */
json_t *object_hex(const unsigned char *bytes, size_t size);

void object_put_text(json_t *object, const char *key, const char *text);
void object_put_number(json_t *object, const char *key, int64_t number);
void object_put_bool(json_t *object, const char *key, bool value);
void object_put_hex(
    json_t *object, const char *key, const unsigned char *bytes, size_t size);

/* Where something stands: null for both if nowhere. */
void object_put_place(json_t *object, const char *file, unsigned long line);

/* The letter and the text of a report; null where there is none. */
void object_put_report(json_t *object, const struct failure *failure);

#endif
