/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "paths.h"

const char *path_home(void)
{
	return QMAIL_HOME;
}

const char *path_run(void)
{
	return QMAIL_RUN "/qmail-remote";
}

const char *path_programs(void)
{
	return QMAIL_PROGRAMS;
}

const char *path_program(void)
{
	return QMAIL_PROGRAMS "/" QMAIL_REMOTE_NAME;
}

const char *path_user(void)
{
	return QMAILR_USER;
}

const char *path_group(void)
{
	return QMAIL_GROUP;
}

const char *path_io(void)
{
	return PKGLIBEXECDIR "/qmail-remote-io";
}

const char *path_sts(void)
{
	return PKGLIBEXECDIR "/qmail-remote-sts";
}

const char *path_relay(void)
{
	return PKGLIBEXECDIR "/qmail-remote-relay";
}

const char *path_cdb(void)
{
	return PKGLIBEXECDIR "/cdb.so";
}

const char *path_idn(void)
{
	return PKGLIBEXECDIR "/idn.so";
}

const char *path_sasl(void)
{
	return PKGLIBEXECDIR "/sasl.so";
}

const char *path_system_trust(void)
{
	return SYSTEM_TRUST;
}

const char *path_default_trustanchors(void)
{
	return DEFAULT_TRUSTANCHORS;
}

const char *path_locale(void)
{
	return LOCALEDIR;
}

bool path_depends_on(const char *variable)
{
	(void)variable;
	return false;
}

uint16_t path_smtp_port(void)
{
	return 25;
}

uint16_t path_https_port(void)
{
	return 443;
}

bool path_local_policies(void)
{
	return false;
}

const char *path_resolv_conf(void)
{
	return "/etc/resolv.conf";
}

unsigned path_loopback_bits(void)
{
	return 8;
}
