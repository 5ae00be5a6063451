/* SPDX-License-Identifier: ISC */
/* The paths.c of the programs under test: the environment says everything. */
#include "config.h"

#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_ROOM = 4096 };

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL ? value : otherwise;
}

const char *path_home(void)
{
	return from_environment("QR_TEST_HOME", "/nonexistent");
}

const char *path_run(void)
{
	static char path[PATH_ROOM];

	snprintf(path, sizeof path, "%s/run/qmail-remote", path_home());
	return from_environment("QR_TEST_RUN", path);
}

const char *path_programs(void)
{
	return TESTS_DIRECTORY;
}

const char *path_program(void)
{
	return from_environment(
	    "QR_TEST_REMOTE", TESTS_DIRECTORY "/qmail-remote");
}

const char *path_user(void)
{
	return from_environment("QR_TEST_USER", "");
}

const char *path_group(void)
{
	return from_environment("QR_TEST_GROUP", "");
}

const char *path_io(void)
{
	return from_environment(
	    "QR_TEST_IO", TESTS_DIRECTORY "/qmail-remote-io");
}

/* It knows no paths: the tests need no other one than users do. */
const char *path_sts(void)
{
	return from_environment(
	    "QR_TEST_STS", TESTS_DIRECTORY "/../src/qmail-remote-sts");
}

/* What belongs to a program is beside it. */
static const char *beside_io(const char *name, char path[PATH_ROOM])
{
	const char *io = path_io();
	const char *slash = strrchr(io, '/');
	int length = slash != NULL ? (int)(slash + 1 - io) : 0;

	snprintf(path, PATH_ROOM, "%.*s%s", length, io, name);
	return path;
}

const char *path_relay(void)
{
	static char path[PATH_ROOM];

	return from_environment("QR_TEST_RELAY", beside_io("qmail-remote-relay", path));
}

const char *path_cdb(void)
{
	return from_environment("QR_TEST_CDB", TESTS_DIRECTORY "/cdb.so");
}

const char *path_idn(void)
{
	static char path[PATH_ROOM];

	return from_environment("QR_TEST_IDN", beside_io("idn.so", path));
}

const char *path_sasl(void)
{
	static char path[PATH_ROOM];

	return from_environment("QR_TEST_SASL", beside_io("sasl.so", path));
}

const char *path_system_trust(void)
{
	return from_environment("QR_TEST_SYSTEM_TRUST", "/nonexistent/trust");
}

const char *path_default_trustanchors(void)
{
	return from_environment("QR_TEST_DEFAULT_TRUSTANCHORS", "");
}

const char *path_locale(void)
{
	return from_environment("QR_TEST_LOCALE", "");
}

/* With what sanitizers, coverage and the faults' library go by. */
bool path_depends_on(const char *variable)
{
	static const char *const names[] = {"QR_TEST_", "FAULT_", "ASAN_",
	    "LSAN_", "UBSAN_", "GCOV_", "LLVM_PROFILE_FILE="};
	static const char preload[] = "LD_PRELOAD=";

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return strncmp(variable, preload, sizeof preload - 1) == 0 &&
	       getenv("FAULT_PAGE") != NULL;
}

uint16_t path_smtp_port(void)
{
	return (uint16_t)strtoul(
	    from_environment("QR_TEST_PORT", "25"), NULL, 10);
}

uint16_t path_https_port(void)
{
	return (uint16_t)strtoul(
	    from_environment("QR_TEST_HTTPS_PORT", "443"), NULL, 10);
}

bool path_local_policies(void)
{
	return getenv("QR_TEST_LOCAL_POLICIES") != NULL;
}

const char *path_resolv_conf(void)
{
	return from_environment("QR_TEST_RESOLV_CONF", "/etc/resolv.conf");
}

/* The tests take 127.0.0.2 and its neighbours for foreign hosts. */
unsigned path_loopback_bits(void)
{
	return (unsigned)strtoul(
	    from_environment("QR_TEST_LOOPBACK_BITS", "32"), NULL, 10);
}
