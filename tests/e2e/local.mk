# SPDX-License-Identifier: ISC

scene = tests/e2e/scene.c tests/e2e/scene.h \
	tests/e2e/shadow.c tests/e2e/shadow.h
tls_bench = $(scene) tests/e2e/tls-bench.c tests/e2e/tls-bench.h

tests += tests/e2e/tls-matrix
tests_e2e_tls_matrix_SOURCES = tests/e2e/tls-matrix.c $(tls_bench)

dane_bench = tests/e2e/dane-bench.c tests/e2e/dane-bench.h $(tls_bench)

tests += tests/e2e/policy-matrix tests/e2e/policy-words
tests_e2e_policy_matrix_SOURCES = tests/e2e/policy-matrix.c $(tls_bench)
tests_e2e_policy_words_SOURCES = tests/e2e/policy-words.c $(tls_bench)
tests += tests/e2e/dane-match tests/e2e/dane-names tests/e2e/dane-policy
tests_e2e_dane_match_SOURCES = tests/e2e/dane-match.c $(dane_bench)
tests_e2e_dane_names_SOURCES = tests/e2e/dane-names.c $(dane_bench)
tests_e2e_dane_policy_SOURCES = tests/e2e/dane-policy.c $(dane_bench)

clear = $(scene) tests/e2e/clear.c tests/e2e/clear.h

tests += tests/e2e/deliver-reports
tests_e2e_deliver_reports_SOURCES = tests/e2e/deliver-reports.c $(clear)
tests += tests/e2e/deliver-stages
tests_e2e_deliver_stages_SOURCES = tests/e2e/deliver-stages.c $(clear)
tests += tests/e2e/deliver-breaks
tests_e2e_deliver_breaks_SOURCES = tests/e2e/deliver-breaks.c $(clear)
tests += tests/e2e/deliver-body
tests_e2e_deliver_body_SOURCES = tests/e2e/deliver-body.c $(clear)
tests += tests/e2e/resolve-answers tests/e2e/resolve-dane
tests_e2e_resolve_answers_SOURCES = tests/e2e/resolve-answers.c $(scene)
tests_e2e_resolve_dane_SOURCES = tests/e2e/resolve-dane.c $(scene)
tests += tests/e2e/resolve-trouble
tests_e2e_resolve_trouble_SOURCES = tests/e2e/resolve-trouble.c $(scene)
tests += tests/e2e/resolve-order
tests_e2e_resolve_order_SOURCES = tests/e2e/resolve-order.c $(scene)
tests += tests/e2e/deliver-pipelining
tests_e2e_deliver_pipelining_SOURCES = tests/e2e/deliver-pipelining.c $(clear)
tests += tests/e2e/deliver-extensions
tests_e2e_deliver_extensions_SOURCES = tests/e2e/deliver-extensions.c $(clear)
tests += tests/e2e/deliver-doubt
tests_e2e_deliver_doubt_SOURCES = tests/e2e/deliver-doubt.c \
	tests/e2e/clear.c tests/e2e/clear.h $(tls_bench)
tests += tests/e2e/deliver-pace
tests_e2e_deliver_pace_SOURCES = tests/e2e/deliver-pace.c \
	tests/e2e/clear.c tests/e2e/clear.h $(tls_bench)
tests += tests/e2e/deliver-recipients
tests_e2e_deliver_recipients_SOURCES = tests/e2e/deliver-recipients.c $(clear)
tests += tests/e2e/deliver-addresses
tests_e2e_deliver_addresses_SOURCES = tests/e2e/deliver-addresses.c $(clear)
tests += tests/e2e/deliver-control
tests_e2e_deliver_control_SOURCES = tests/e2e/deliver-control.c $(clear)
tests += tests/e2e/deliver-tcpto
tests_e2e_deliver_tcpto_SOURCES = tests/e2e/deliver-tcpto.c $(clear)
tests += tests/e2e/deliver-deadline
tests_e2e_deliver_deadline_SOURCES = tests/e2e/deliver-deadline.c $(tls_bench)
tests += tests/e2e/deliver-dial
tests_e2e_deliver_dial_SOURCES = tests/e2e/deliver-dial.c $(scene)
languages = tests/e2e/catalogues.c tests/e2e/catalogues.h \
	tests/e2e/languages.c tests/e2e/languages.h $(clear)
tests += tests/e2e/deliver-languages
tests_e2e_deliver_languages_SOURCES = tests/e2e/deliver-languages.c $(languages)
tests += tests/e2e/deliver-english
tests_e2e_deliver_english_SOURCES = tests/e2e/deliver-english.c $(languages)
tests += tests/e2e/resolve-next
tests_e2e_resolve_next_SOURCES = tests/e2e/resolve-next.c $(scene)
tests += tests/e2e/resolve-routes
tests_e2e_resolve_routes_SOURCES = tests/e2e/resolve-routes.c $(scene)
tests += tests/e2e/deliver-invocation
tests_e2e_deliver_invocation_SOURCES = tests/e2e/deliver-invocation.c $(clear)
tests += tests/e2e/environment
tests_e2e_environment_SOURCES = tests/e2e/environment.c $(tls_bench)
tests += tests/e2e/tls-relay
tests_e2e_tls_relay_SOURCES = tests/e2e/tls-relay.c $(tls_bench)
tests += tests/e2e/tls-processes
tests_e2e_tls_processes_SOURCES = tests/e2e/tls-processes.c $(tls_bench)
tests += tests/e2e/tls-hosts
tests_e2e_tls_hosts_SOURCES = tests/e2e/tls-hosts.c $(tls_bench)
tests += tests/e2e/tls-trust
tests_e2e_tls_trust_SOURCES = tests/e2e/tls-trust.c $(tls_bench)
tests += tests/e2e/tls-chains
tests_e2e_tls_chains_SOURCES = tests/e2e/tls-chains.c $(tls_bench)
tests += tests/e2e/resolve-limits
tests_e2e_resolve_limits_SOURCES = tests/e2e/resolve-limits.c $(scene)
tests += tests/e2e/tls-asides
tests_e2e_tls_asides_SOURCES = tests/e2e/tls-asides.c $(tls_bench)
tests += tests/e2e/modules
tests_e2e_modules_SOURCES = tests/e2e/modules.c $(tls_bench)
tests += tests/e2e/tool-check
tests += tests/e2e/tool-probe-page
tests_e2e_tool_probe_page_SOURCES = tests/e2e/tool-probe-page.c $(sts_bench)
tests += tests/e2e/tool-probe
tests_e2e_tool_probe_SOURCES = tests/e2e/tool-probe.c \
	tests/e2e/auth-bench.c tests/e2e/auth-bench.h $(tls_bench)

auth_bench = $(tls_bench) tests/e2e/auth-bench.c tests/e2e/auth-bench.h
if HAVE_GSASL
tests += tests/e2e/auth-evidence
tests_e2e_auth_evidence_SOURCES = tests/e2e/auth-evidence.c $(auth_bench)
tests += tests/e2e/auth-matrix
tests_e2e_auth_matrix_SOURCES = tests/e2e/auth-matrix.c $(auth_bench)
tests += tests/e2e/auth-relays
tests_e2e_auth_relays_SOURCES = tests/e2e/auth-relays.c $(auth_bench)
tests += tests/e2e/auth-secrets
tests_e2e_auth_secrets_SOURCES = tests/e2e/auth-secrets.c $(auth_bench)
endif

sts_bench = tests/e2e/sts-bench.c tests/e2e/sts-bench.h $(tls_bench)
tests += tests/e2e/sts-program
tests_e2e_sts_program_SOURCES = tests/e2e/sts-program.c $(sts_bench)
if HAVE_CURL
tests += tests/e2e/sts-matrix
tests_e2e_sts_matrix_SOURCES = tests/e2e/sts-matrix.c $(sts_bench)
tests += tests/e2e/sts-cache tests/e2e/sts-fetch
tests_e2e_sts_cache_SOURCES = tests/e2e/sts-cache.c $(sts_bench)
tests_e2e_sts_fetch_SOURCES = tests/e2e/sts-fetch.c $(sts_bench)
tests += tests/e2e/sts-trouble tests/e2e/sts-hostile
tests_e2e_sts_hostile_SOURCES = tests/e2e/sts-hostile.c $(sts_bench)
tests_e2e_sts_trouble_SOURCES = tests/e2e/sts-trouble.c $(sts_bench)
tests += tests/e2e/sts-terms
tests_e2e_sts_terms_SOURCES = tests/e2e/sts-terms.c tests/e2e/sts-bench.c \
	tests/e2e/sts-bench.h $(tls_bench)
endif
