/* SPDX-License-Identifier: ISC */
/* Why something did not work, to stand inside the sentence of a report. */
#ifndef REASON_H
#define REASON_H

#include "parcel.h"

/* In English, for K reports, and in the user's language. */
struct reason {
	char english[256];
	char local[512];
};

/* The format, marked by N_, is translated; what does not fit is cut. */
void reason_set(struct reason *reason, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes it for another process, and reads it back. */
void reason_put(struct parcel *parcel, const struct reason *reason);
void reason_take(struct parcel *parcel, struct reason *reason);

#endif
