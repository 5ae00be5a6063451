# SPDX-License-Identifier: ISC
tests_libsuite_a_SOURCES += tests/unit/unit.c tests/unit/unit.h \
	tests/unit/chain.c tests/unit/chain.h \
	tests/unit/message-model.c tests/unit/message-model.h \
	tests/unit/raw-client.c tests/unit/raw-client.h \
	tests/unit/route-text.c tests/unit/route-text.h \
	tests/unit/tcpto-model.c tests/unit/tcpto-model.h \
	tests/unit/session/auth-scene.c tests/unit/session/auth-scene.h \
	tests/unit/words.c tests/unit/words.h
tests += \
	tests/unit/dns/test-answer \
	tests/unit/dns/test-domain \
	tests/unit/dns/test-nameserver \
	tests/unit/dns/test-resolver \
	tests/unit/dns/test-tlsa \
	tests/unit/lib/test-address \
	tests/unit/lib/test-ascii \
	tests/unit/lib/test-base64 \
	tests/unit/lib/test-cdbcache \
	tests/unit/lib/test-cdbcache-damage \
	tests/unit/lib/test-confine \
	tests/unit/lib/test-control \
	tests/unit/lib/test-deadline \
	tests/unit/lib/test-decimal \
	tests/unit/lib/test-descriptors \
	tests/unit/lib/test-environment \
	tests/unit/lib/test-failure \
	tests/unit/lib/test-faults \
	tests/unit/lib/test-i18n \
	tests/unit/lib/test-ip \
	tests/unit/lib/test-keyed \
	tests/unit/lib/test-lock \
	tests/unit/lib/test-mask \
	tests/unit/lib/test-reply \
	tests/unit/lib/test-parcel \
	tests/unit/lib/test-report \
	tests/unit/lib/test-sealedcdb \
	tests/unit/lib/test-siphash \
	tests/unit/lib/test-stream \
	tests/unit/lib/test-tcpto \
	tests/unit/lib/test-utf8 \
	tests/unit/lib/test-xalloc \
	tests/unit/mail/test-commands \
	tests/unit/mail/test-envelope \
	tests/unit/mail/test-message \
	tests/unit/mail/test-message-encoder \
	tests/unit/mail/test-pace \
	tests/unit/mail/test-refusal \
	tests/unit/mail/test-transaction \
	tests/unit/mail/test-verdict \
	tests/unit/probe/test-facts \
	tests/unit/probe/test-page \
	tests/unit/probe/test-visible \
	tests/unit/route/test-credentials \
	tests/unit/route/test-policy \
	tests/unit/route/test-routes \
	tests/unit/route/test-routes-forms \
	tests/unit/route/test-senders \
	tests/unit/route/test-settings \
	tests/unit/route/test-source \
	tests/unit/servers/test-inquiry \
	tests/unit/servers/test-order \
	tests/unit/servers/test-local \
	tests/unit/servers/test-lookup \
	tests/unit/session/test-lockout \
	tests/unit/session/test-trouble \
	tests/unit/session/test-turns \
	tests/unit/session/test-greet \
	tests/unit/session/test-handoff \
	tests/unit/sts/test-address \
	tests/unit/sts/test-age \
	tests/unit/sts/test-cache \
	tests/unit/sts/test-call \
	tests/unit/sts/test-fetch \
	tests/unit/sts/test-helper \
	tests/unit/session/test-demand \
	tests/unit/session/test-dial \
	tests/unit/session/test-stagger \
	tests/unit/sts/test-policy \
	tests/unit/sts/test-record \
	tests/unit/support/test-certs \
	tests/unit/support/test-deliver \
	tests/unit/support/test-dns \
	tests/unit/support/test-peer \
	tests/unit/tls/test-copy \
	tests/unit/tls/test-handshake \
	tests/unit/tls/test-names \
	tests/unit/tls/test-outbox \
	tests/unit/tls/test-relay \
	tests/unit/tls/test-session \
	tests/unit/tls/test-tlsa \
	tests/unit/tls/test-trust \
	tests/unit/tls/test-verify

if HAVE_GSASL
tests += tests/unit/session/test-auth tests/unit/session/test-auth-lies
else
tests += tests/unit/session/test-auth-without
endif

# The support library comes before those who ask for its paths.c.
tests_unit_lib_test_sealedcdb_CFLAGS = $(AM_CFLAGS) $(CDB_CFLAGS)
tests_unit_lib_test_sealedcdb_LDADD = $(LDADD) $(cdb_libs)
tests_unit_route_test_policy_LDADD = $(LDADD) tests/libsupport.a
tests_unit_route_test_source_LDADD = $(LDADD) tests/libsupport.a
tests_unit_route_test_routes_LDADD = $(LDADD) tests/libsupport.a
tests_unit_route_test_routes_forms_LDADD = $(LDADD) tests/libsupport.a
tests_unit_route_test_senders_LDADD = $(LDADD) tests/libsupport.a
tests_unit_route_test_settings_LDADD = $(LDADD) tests/libsupport.a
tests_unit_dns_test_resolver_LDADD = $(LDADD) tests/libsupport.a
tests_unit_servers_test_inquiry_LDADD = $(LDADD) tests/libsupport.a
tests_unit_servers_test_lookup_LDADD = $(LDADD) tests/libsupport.a
tests_unit_servers_test_local_LDADD = $(LDADD) tests/libsupport.a
tests_unit_probe_test_facts_LDADD = src/libprobe.a $(LDADD)
tests_unit_probe_test_page_LDADD = src/libprobe.a $(LDADD)
tests_unit_probe_test_visible_LDADD = src/libprobe.a $(LDADD)
sts_stand = tests/unit/sts/stand.c tests/unit/sts/stand.h
tests_unit_sts_test_fetch_SOURCES = tests/unit/sts/test-fetch.c $(sts_stand)
tests_unit_sts_test_fetch_LDADD = $(LDADD) tests/libsupport.a
tests_unit_sts_test_helper_SOURCES = tests/unit/sts/test-helper.c $(sts_stand)
tests_unit_sts_test_helper_LDADD = $(LDADD) tests/libsupport.a
