/* SPDX-License-Identifier: ISC */
/* Mechanisms that the library of this build has: it binds to TLS from 2.0 on. */
#ifndef MECHANISMS_H
#define MECHANISMS_H

#include <gsasl.h>

#if GSASL_VERSION_NUMBER >= 0x020000
#define MECHANISMS_BEST "SCRAM-SHA-256-PLUS"
#define MECHANISMS_BOUND "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
#else
#define MECHANISMS_BEST "SCRAM-SHA-256"
#define MECHANISMS_BOUND
#endif

#endif
