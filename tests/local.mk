# SPDX-License-Identifier: ISC
#
# The tests.  A test is one program, and its source is the file of its name;
# the fragments below only list them.

support_sources = \
	tests/support/body.c tests/support/body.h \
	tests/support/bytes.c tests/support/bytes.h \
	tests/support/certs.c tests/support/certs.h \
	tests/support/certs-extensions.c tests/support/certs-extensions.h \
	tests/support/deliver-monitor.c tests/support/deliver-monitor.h \
	tests/support/deliver.c tests/support/deliver.h \
	tests/support/dns-answer.c tests/support/dns-answer.h \
	tests/support/dns-damage.c tests/support/dns-damage.h \
	tests/support/dns-log.c tests/support/dns-log.h \
	tests/support/dns-message.c tests/support/dns-message.h \
	tests/support/dns-name.c tests/support/dns-name.h \
	tests/support/dns-parse.c \
	tests/support/dns-server.c tests/support/dns-server.h \
	tests/support/dns-type.c tests/support/dns-type.h \
	tests/support/dns-zone.c tests/support/dns-zone.h \
	tests/support/dns.c tests/support/dns.h \
	tests/support/home.c tests/support/home.h \
	tests/support/https.c tests/support/https.h \
	tests/support/net.c tests/support/net.h \
	tests/support/ocsp.c tests/support/ocsp.h \
	tests/support/outcome.c tests/support/outcome.h \
	tests/support/patience.c tests/support/patience.h \
	tests/support/peer-act.c tests/support/peer-act.h \
	tests/support/peer-auth.c tests/support/peer-auth.h \
	tests/support/peer-scram.c tests/support/peer-scram.h \
	tests/support/peer-listen.c tests/support/peer-listen.h \
	tests/support/peer-session.c tests/support/peer-session.h \
	tests/support/peer-stage.c tests/support/peer-stage.h \
	tests/support/peer-tls.c tests/support/peer-tls.h \
	tests/support/mechanisms.h \
	tests/support/peer.c tests/support/peer.h \
	tests/support/process.c tests/support/process.h \
	tests/support/record.c tests/support/record.h \
	tests/support/rspawn.c tests/support/rspawn.h \
	tests/support/tlsa-text.c tests/support/tlsa-text.h \
	tests/support/transcript-print.c \
	tests/support/transcript.c tests/support/transcript.h \
	tests/support/wire.c tests/support/wire.h

# The programs as they are installed, but for their paths.c, which asks the
# environment, and the modules beside them.
test_modules = $(modules:src/%=tests/%)
test_tools = tests/qmail-remote-check tests/qmail-remote-probe \
	tests/qmail-remote-tcpto
programs_under_test = tests/qmail-remote tests/qmail-remote-io \
	tests/qmail-remote-relay $(test_tools)
test_programs = $(programs_under_test) $(test_modules)
$(test_modules): $(modules)
	$(AM_V_GEN)$(MKDIR_P) tests && cp src/$(@F) $@

tests_qmail_remote_SOURCES = src/qmail-remote.c src/startup.c src/startup.h
tests_qmail_remote_LDADD = $(remote_libs) tests/libpaths.a
tests_qmail_remote_check_SOURCES = src/qmail-remote-check.c $(tool_sources)
tests_qmail_remote_check_LDADD = $(check_libs) tests/libpaths.a
tests_qmail_remote_probe_SOURCES = src/qmail-remote-probe.c $(tool_sources)
tests_qmail_remote_probe_LDADD = $(probe_libs) tests/libpaths.a
tests_qmail_remote_tcpto_SOURCES = src/qmail-remote-tcpto.c $(tool_sources)
tests_qmail_remote_tcpto_LDADD = lib/libqr.a tests/libpaths.a $(LIBINTL)
tests_qmail_remote_io_SOURCES = src/qmail-remote-io.c src/startup.c \
	src/startup.h
tests_qmail_remote_io_LDADD = $(io_libs) tests/libpaths.a
tests_qmail_remote_io_LDFLAGS = $(io_ldflags)
tests_qmail_remote_relay_SOURCES = src/qmail-remote-relay.c src/startup.c \
	src/startup.h
tests_qmail_remote_relay_LDADD = $(relay_libs) tests/libpaths.a

EXTRA_PROGRAMS = $(programs_under_test) tests/demo tests/dnsd tests/smtpd
EXTRA_LIBRARIES = tests/libpaths.a tests/libsupport.a tests/libsuite.a
tests_libpaths_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DTESTS_DIRECTORY='"$(abs_builddir)/tests"'
tests_libpaths_a_SOURCES = tests/support/paths.c lib/paths.h
tests_libsupport_a_SOURCES = $(support_sources)
tests_libsuite_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_libsuite_a_SOURCES = tests/support/suite.c tests/support/suite.h \
	tests/support/dns-client.c tests/support/dns-client.h

CLEANFILES += $(test_modules) $(EXTRA_PROGRAMS) $(EXTRA_LIBRARIES)

AM_DEFAULT_SOURCE_EXT = .c
test_libs = tests/libsupport.a $(relay_libs) $(remote_libs) tests/libpaths.a
LDADD = tests/libsuite.a $(test_libs) $(CHECK_LIBS)
tests_demo_LDADD = $(test_libs)
tests_dnsd_LDADD = $(test_libs)
tests_smtpd_LDADD = $(test_libs)

tests =
include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/e2e/local.mk
include $(srcdir)/tests/fault/local.mk
scripts =
include $(srcdir)/tests/doc/local.mk
include $(srcdir)/tests/interop/local.mk
include $(srcdir)/tests/bench/local.mk

if HAVE_CHECK
check_PROGRAMS = $(tests) $(programs_under_test) $(neighbours)
check_DATA = $(test_modules)
TESTS = $(tests) $(scripts)
else
check-local:
	@echo 'Nothing was checked: Check is missing, or --disable-tests' \
		'was given to configure.' >&2; exit 1
endif

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = LC_ALL=C; export LC_ALL; HOME=/nonexistent; \
	export HOME; unset LANGUAGE DNSCACHEIP;

demo: $(test_programs) tests/demo
	@tests/demo
.PHONY: demo
