# SPDX-License-Identifier: ISC
#
# The fuzzing targets.  "make check" goes through their corpora with
# fuzz/replay; "make check-fuzz" makes a build with clang in which "make fuzz"
# looks for more.

fuzz_targets = address answer auth capabilities control credentials \
	message reply routes session sts-policy sts-record tcpto tlsa tlspolicy \
	transaction

fuzz_support = fuzz/fuzz.c fuzz/fuzz.h fuzz/home.c fuzz/home.h \
	fuzz/model.c fuzz/model.h fuzz/server.c fuzz/server.h
fuzz_sources = fuzz/fuzz-address.c fuzz/fuzz-answer.c fuzz/fuzz-auth.c \
	fuzz/fuzz-capabilities.c fuzz/fuzz-control.c fuzz/fuzz-credentials.c \
	fuzz/fuzz-message.c fuzz/fuzz-reply.c fuzz/fuzz-routes.c \
	fuzz/fuzz-session.c fuzz/fuzz-sts-policy.c \
	fuzz/fuzz-sts-record.c fuzz/fuzz-tcpto.c fuzz/fuzz-tlsa.c \
	fuzz/fuzz-tlspolicy.c \
	fuzz/fuzz-transaction.c

fuzz_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/fuzz
fuzz_libs = $(relay_libs) $(remote_libs) tests/libpaths.a

# The targets put functions of their own in place of these.
fuzz_wrap = -Wl,--wrap=_exit,--wrap=clock_gettime \
	-Wl,--wrap=report_recipient,--wrap=transport_descriptors

tests += fuzz/replay
fuzz_replay_SOURCES = fuzz/replay.c $(fuzz_sources) $(fuzz_support)
fuzz_replay_CPPFLAGS = $(fuzz_cppflags) -DFUZZ_REPLAY
fuzz_replay_LDFLAGS = $(AM_LDFLAGS) $(fuzz_wrap)
fuzz_replay_LDADD = $(fuzz_libs)

EXTRA_DIST += fuzz/README.md fuzz/corpus fuzz/run.sh

EXTRA_LIBRARIES += fuzz/libfuzz.a
fuzz_libfuzz_a_SOURCES = $(fuzz_support)
fuzz_libfuzz_a_CPPFLAGS = $(fuzz_cppflags)

# Which targets, for how long each, how many at a time, and where what they
# find is kept.
FUZZ_TARGETS = $(fuzz_targets)
FUZZ_SECONDS = 60
FUZZ_JOBS = 2
FUZZ_FOUND = fuzz/found

CLANG = clang
check-fuzz:
	$(check_with) CC="$(CLANG)" CFLAGS="-g -O1 -fno-sanitize-recover=all \
		-fsanitize=fuzzer-no-link,address,undefined"
	$(MAKE) $(AM_MAKEFLAGS) --no-print-directory -C $@ fuzz

fuzz: $(test_modules) fuzz/libfuzz.a src/librelay.a src/libmail.a \
		src/libremote.a lib/libqr.a tests/libpaths.a
	@for target in $(FUZZ_TARGETS); do \
		$(CC) $(DEFAULT_INCLUDES) $(fuzz_cppflags) $(CFLAGS) \
		    -fsanitize=fuzzer $(fuzz_wrap) -o fuzz/fuzz-$$target \
		    $(srcdir)/fuzz/fuzz-$$target.c fuzz/libfuzz.a \
		    $(fuzz_libs) fuzz/libfuzz.a || exit 1; \
	done
	@srcdir="$(srcdir)" FUZZ_SECONDS="$(FUZZ_SECONDS)" \
		FUZZ_JOBS="$(FUZZ_JOBS)" FUZZ_FOUND="$(FUZZ_FOUND)" \
		$(SHELL) $(srcdir)/fuzz/run.sh $(FUZZ_TARGETS)

clean-local: clean-fuzz
clean-fuzz:
	rm -rf fuzz/found check-fuzz
	rm -f $(fuzz_sources:.c=)
.PHONY: check-fuzz clean-fuzz fuzz
