/* SPDX-License-Identifier: ISC */
/*
 * Everything that is fixed when the package is configured.  The tests link
 * a paths.c of their own, which asks the environment; ours does not.
 */
#ifndef PATHS_H
#define PATHS_H

#include <stdbool.h>
#include <stdint.h>

/* The qmail home, the working directory of both programs. */
const char *path_home(void);

/* The directory of our own run-time files, absolute. */
const char *path_run(void);

/* The directory of the programs that are run by others. */
const char *path_programs(void);

/* The program qmail-remote among them, by the name that it was given. */
const char *path_program(void);

/* The user and the group that deliveries run as; "" for any. */
const char *path_user(void);
const char *path_group(void);

/* The program qmail-remote-io. */
const char *path_io(void);

/* The program qmail-remote-sts, which need not be there. */
const char *path_sts(void);

/* The program qmail-remote-relay. */
const char *path_relay(void);

/* The modules of tinycdb, of libidn2 and of libgsasl. */
const char *path_cdb(void);
const char *path_idn(void);
const char *path_sasl(void);

/* The platform's PEM bundle of trust anchors. */
const char *path_system_trust(void);

/* What an absent control/trustanchors means; empty for none. */
const char *path_default_trustanchors(void);

/* The directory of message catalogues. */
const char *path_locale(void);

/* The port of mail exchangers, and of routes that name none. */
uint16_t path_smtp_port(void);

/* The port of MTA-STS policy hosts. */
uint16_t path_https_port(void);

/* Whether policies are fetched from this machine too: it is so in tests. */
bool path_local_policies(void);

/* Whether any of these depends on this variable ("NAME=VALUE"). */
bool path_depends_on(const char *variable);

/* The system's list of DNS servers. */
const char *path_resolv_conf(void);

/* The bits that 127.0.0.1 has in common with all of the loopback network. */
unsigned path_loopback_bits(void);

#endif
