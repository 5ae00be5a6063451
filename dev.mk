# SPDX-License-Identifier: ISC
#
# Targets for developers; HACKING says what they need and what they are for.

# The tests again, in a build of its own, with these flags.
check_with = rm -rf $@ && mkdir $@ && cd $@ && \
	$(abs_srcdir)/configure --enable-tests

check-valgrind: all
	$(MAKE) $(AM_MAKEFLAGS) check CK_FORK=yes \
		LOG_COMPILER="valgrind $(VALGRIND_FLAGS)"
VALGRIND_FLAGS = -q --error-exitcode=99 --leak-check=no --track-fds=no \
	--trace-children=yes --trace-children-skip='/bin/*,/usr/bin/*'

check-asan:
	$(check_with) CC="$(CC)" CFLAGS="-g -O1 -fno-omit-frame-pointer \
		-fsanitize=address,undefined -fno-sanitize-recover=all"
	ASAN_OPTIONS=detect_leaks=0 $(MAKE) $(AM_MAKEFLAGS) -C $@ check

coverage:
	$(check_with) CC=gcc CFLAGS="-g -O0 --coverage"
	$(MAKE) $(AM_MAKEFLAGS) -C $@ check
	gcovr -r "$(abs_srcdir)" --object-directory $@ \
		-f '.*/src/.*' -f '.*/lib/.*' \
		--html-details $@/index.html --print-summary
	@echo "see $(abs_builddir)/$@/index.html"

syntax-check:
	cd "$(srcdir)" && CC="$(CC)" \
		CONFIG="$(abs_builddir)" $(SHELL) tests/syntax-check.sh

mostlyclean-local:
	rm -rf check-asan coverage dist-twice

.PHONY: check-valgrind check-asan coverage syntax-check
EXTRA_DIST += tests/syntax-check.sh
