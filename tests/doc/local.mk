# SPDX-License-Identifier: ISC
#
# Whether what is written is true.  The scripts print TAP.

page = tests/doc/page.c tests/doc/page.h
tests += tests/doc/test-walkthrough
tests_doc_test_walkthrough_SOURCES = tests/doc/test-walkthrough.c $(page)
if HAVE_GSASL
tests += tests/doc/test-provider
tests_doc_test_provider_SOURCES = tests/doc/test-provider.c $(page)
endif
scripts += \
	tests/doc/doc-control.sh \
	tests/doc/doc-faults.sh \
	tests/doc/doc-install.sh \
	tests/doc/doc-licences.sh \
	tests/doc/doc-man.sh \
	tests/doc/doc-probe.sh \
	tests/doc/doc-reports.sh \
	tests/doc/doc-rooms.sh \
	tests/doc/doc-switch.sh \
	tests/doc/doc-tcpto.sh \
	tests/doc/doc-texts.sh \
	tests/doc/doc-translations.sh
EXTRA_DIST += $(scripts) tests/doc/stage.sh tests/doc/walk.sh \
	doc/finding-faults.md tests/rooms.sh tests/installcheck.sh tests/tap.sh

# For doc-faults.sh.
neighbours = tests/doc/neighbours
EXTRA_PROGRAMS += $(neighbours)
tests_doc_neighbours_LDADD = $(test_libs)

# What qmail-rspawn does, by hand and for installcheck.
EXTRA_PROGRAMS += tests/rspawn
tests_rspawn_LDADD = $(test_libs)
