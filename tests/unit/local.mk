# SPDX-License-Identifier: ISC
tests_libsuite_a_SOURCES += tests/unit/unit.c tests/unit/unit.h \
	tests/unit/message-model.c tests/unit/message-model.h \
	tests/unit/raw-client.c tests/unit/raw-client.h \
	tests/unit/route-text.c tests/unit/route-text.h \
	tests/unit/tcpto-model.c tests/unit/tcpto-model.h \
	tests/unit/words.c tests/unit/words.h
tests += \
	tests/unit/test-address \
	tests/unit/test-answer \
	tests/unit/test-ascii \
	tests/unit/test-candidates \
	tests/unit/test-cdbcache \
	tests/unit/test-cdbcache-damage \
	tests/unit/test-certs \
	tests/unit/test-control \
	tests/unit/test-deadline \
	tests/unit/test-deliver \
	tests/unit/test-descriptors \
	tests/unit/test-dns \
	tests/unit/test-domain \
	tests/unit/test-envelope \
	tests/unit/test-failure \
	tests/unit/test-greet \
	tests/unit/test-i18n \
	tests/unit/test-ip \
	tests/unit/test-lock \
	tests/unit/test-message \
	tests/unit/test-message-encoder \
	tests/unit/test-outbox \
	tests/unit/test-own \
	tests/unit/test-peer \
	tests/unit/test-refusal \
	tests/unit/test-relay-copy \
	tests/unit/test-reply \
	tests/unit/test-report \
	tests/unit/test-routes \
	tests/unit/test-routes-forms \
	tests/unit/test-sealedcdb \
	tests/unit/test-session \
	tests/unit/test-settings \
	tests/unit/test-stream \
	tests/unit/test-tcpto \
	tests/unit/test-tls \
	tests/unit/test-transaction \
	tests/unit/test-trust \
	tests/unit/test-utf8 \
	tests/unit/test-xalloc

# The support library comes before those who ask for its paths.c.
tests_unit_test_routes_LDADD = $(LDADD) tests/libsupport.a
tests_unit_test_routes_forms_LDADD = $(LDADD) tests/libsupport.a
tests_unit_test_settings_LDADD = $(LDADD) tests/libsupport.a
