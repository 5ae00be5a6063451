# SPDX-License-Identifier: ISC
tests_libsuite_a_SOURCES += tests/unit/unit.c tests/unit/unit.h
tests += \
	tests/unit/test-certs \
	tests/unit/test-dns \
	tests/unit/test-peer \
	tests/unit/test-reply \
	tests/unit/test-report \
	tests/unit/test-xalloc
