# SPDX-License-Identifier: ISC
#
# "make bench" measures this build; tests/bench/bench --help has options.

bench_floors = tests/bench/start-remote tests/bench/start-io \
	tests/bench/bare-socket tests/bench/bare-tls \
	tests/bench/bare-smtp tests/bench/bare-starttls
bench_programs = tests/bench/bench $(bench_floors)

tests_bench_bench_SOURCES = tests/bench/bench.c \
	tests/bench/bench-bulk.c tests/bench/bench-bulk.h \
	tests/bench/bench-cost.c tests/bench/bench-cost.h \
	tests/bench/bench-floor.c tests/bench/bench-floor.h \
	tests/bench/bench-memory.c tests/bench/bench-memory.h \
	tests/bench/bench-series.c tests/bench/bench-series.h \
	tests/bench/bench-sink.c tests/bench/bench-sink.h \
	tests/bench/bench-stage.c tests/bench/bench-stage.h \
	tests/bench/bench-additions.c tests/bench/bench-additions.h \
	tests/bench/bench-table.c tests/bench/bench-table.h \
	tests/bench/bench-time.c tests/bench/bench-time.h \
	tests/bench/bench-tree.c tests/bench/bench-tree.h
tests_bench_bench_LDADD = $(test_libs)

# Linked as the programs are whose start-up they stand for.
tests_bench_start_remote_LDADD = $(remote_libs) tests/libpaths.a
tests_bench_start_io_LDADD = $(io_libs)
tests_bench_start_io_LDFLAGS = $(io_ldflags)

bare = tests/bench/bare-connect.c tests/bench/bare-connect.h
tests_bench_bare_socket_SOURCES = tests/bench/bare-socket.c $(bare)
tests_bench_bare_socket_LDADD =
tests_bench_bare_tls_SOURCES = tests/bench/bare-tls.c $(bare)
tests_bench_bare_tls_LDADD = $(GNUTLS_LIBS)
tests_bench_bare_smtp_SOURCES = tests/bench/bare-smtp.c \
	tests/bench/bare-dialogue.h $(bare)
tests_bench_bare_smtp_LDADD =
tests_bench_bare_starttls_SOURCES = tests/bench/bare-starttls.c \
	tests/bench/bare-dialogue.h $(bare)
tests_bench_bare_starttls_LDADD = $(GNUTLS_LIBS)

EXTRA_DIST += doc/performance.md
EXTRA_PROGRAMS += $(bench_programs)

bench: $(test_programs) $(bench_programs)
	@tests/bench/bench $(BENCH_FLAGS)
.PHONY: bench
