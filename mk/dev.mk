# SPDX-License-Identifier: ISC
#
# Targets for developers; HACKING says what they need and what they are for.

# The tests again, in a build of its own, with these flags.
check_with = rm -rf $@ && mkdir $@ && cd $@ && \
	$(abs_srcdir)/configure --enable-tests

# The relay's filter would let no call of valgrind's own pass, and tests that
# look at processes and times from outside would see valgrind's.
check-valgrind:
	$(check_with) --disable-seccomp CC="$(CC)"
	tests=`echo $(TESTS) | sed -e 's,tests/fault/[^ ]*,,g' \
		-e 's,tests/e2e/tls-processes,,' \
		-e 's,tests/unit/lib/test-deadline,,' \
		-e 's,tests/unit/support/test-deliver,,'`; \
	$(MAKE) $(AM_MAKEFLAGS) -C $@ check TESTS="$$tests" CK_FORK=yes \
		CK_TIMEOUT_MULTIPLIER=20 \
		LOG_COMPILER="valgrind $(VALGRIND_FLAGS)"
VALGRIND_FLAGS = -q --error-exitcode=99 --leak-check=no --track-fds=no \
	--trace-children=yes --trace-children-skip='/bin/*,/usr/bin/*'

check-asan:
	$(check_with) --disable-seccomp CC="$(CC)" CFLAGS="-g -O1 -fno-omit-frame-pointer \
		-fsanitize=address,undefined -fno-sanitize-recover=all"
	ASAN_OPTIONS=detect_leaks=0 $(MAKE) $(AM_MAKEFLAGS) -C $@ check

# tests/support/coverage.c lets processes that end without exit count as well.
# It is slow: a test that took too long has a second chance, and the verdict on
# the faults, which are there for what they reach, is that of "make check".  The
# two scripts that run make themselves would link programs that do not count, and
# a child of vfork would end what its parent counts.  The figures are those of
# lib/ and src/ together.
COVERAGE_LINES = 95
COVERAGE_BRANCHES = 90
COVERAGE_FAULTS = 100
coverage_build = -C $@ LIBS="$(abs_builddir)/$@/counted.o -ldl" \
	LDFLAGS="-Wl,--wrap=_exit,--wrap=__gcov_execv,--wrap=kill \
		-Wl,--wrap=setrlimit,--wrap=prctl \
		-Wl,--export-dynamic-symbol=coverage_writers"
coverage:
	$(check_with) --prefix="$(abs_builddir)/$@/installed" \
		--with-qmail="$(abs_builddir)/$@/installed/qmail" \
		CC=gcc CPPFLAGS=-DCOVERAGE CFLAGS="-g -O0 --coverage" \
		ac_cv_func_vfork=no
	cd $@ && rm -f *.gcno && gcc -fPIC -I. -c \
		$(abs_srcdir)/tests/support/coverage.c -o counted.o
	tests=`echo $(TESTS) | sed -e 's,tests/fault/[^ ]*,,g' \
		-e 's,tests/doc/doc-install.sh,,' \
		-e 's,tests/doc/doc-switch.sh,,'`; \
	$(MAKE) $(AM_MAKEFLAGS) $(coverage_build) check TESTS="$$tests" || \
		$(MAKE) $(AM_MAKEFLAGS) $(coverage_build) recheck \
			TESTS="$$tests"
	cd $@ && for test in $(fault_tests); do \
		LC_ALL=C FAULT_SAMPLE=$(COVERAGE_FAULTS) $$test || :; \
	done
	$(MAKE) $(AM_MAKEFLAGS) $(coverage_build) install
	$(MAKE) $(AM_MAKEFLAGS) $(coverage_build) installcheck
	gcovr -r "$(abs_srcdir)" --object-directory $@ \
		-f '.*/src/.*' -f '.*/lib/.*' -e '.*/tests/.*' \
		--txt $@/lines.txt --html-details $@/index.html \
		--print-summary --fail-under-line $(COVERAGE_LINES) \
		--fail-under-branch $(COVERAGE_BRANCHES)
	@echo "see $(abs_builddir)/$@/index.html"

check-static: config.h
	@srcdir="$(srcdir)" $(SHELL) $(srcdir)/tests/check-static.sh \
		$(DEFS) $(DEFAULT_INCLUDES) $(fuzz_cppflags) $(path_flags) \
		$(GNUTLS_CFLAGS) $(CARES_CFLAGS) $(LIBIDN2_CFLAGS) \
		$(CDB_CFLAGS) $(GSASL_CFLAGS) $(CURL_CFLAGS) \
		$(JANSSON_CFLAGS) $(CPPFLAGS)
.PHONY: check-static
EXTRA_DIST += tests/check-static.sh

syntax-check:
	cd "$(srcdir)" && CC="$(CC)" \
		CONFIG="$(abs_builddir)" $(SHELL) tests/syntax-check.sh

mostlyclean-local:
	rm -rf check-asan check-valgrind coverage dist-twice

.PHONY: check-valgrind check-asan coverage syntax-check
EXTRA_DIST += tests/syntax-check.sh tests/support/coverage.c
