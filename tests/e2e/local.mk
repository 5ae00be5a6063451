# SPDX-License-Identifier: ISC

scene = tests/e2e/scene.c tests/e2e/scene.h
tls_bench = $(scene) tests/e2e/tls-bench.c tests/e2e/tls-bench.h

tests += tests/e2e/tls-matrix
tests_e2e_tls_matrix_SOURCES = tests/e2e/tls-matrix.c $(tls_bench)

clear = $(scene) tests/e2e/clear.c tests/e2e/clear.h

tests += tests/e2e/deliver-reports
tests_e2e_deliver_reports_SOURCES = tests/e2e/deliver-reports.c $(clear)
tests += tests/e2e/deliver-stages
tests_e2e_deliver_stages_SOURCES = tests/e2e/deliver-stages.c $(clear)
