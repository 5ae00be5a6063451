# SPDX-License-Identifier: ISC
#
# Deliveries to real servers; as root, on Debian and its kin.  Not part of
# "make check".  INTEROP_TESTS="dns postfix" runs only these.
# INTEROP_QMAIL=DIR names the home of a qmail, for "chain".

INTEROP_TESTS = dns dane postfix opensmtpd exim aiosmtpd smtp-server haraka \
	sendmail qpsmtpd mta-sts submission-dovecot submission-cyrus \
	submission-exim submission-smtp-server chain
interop_stage = $(abs_builddir)/interop-stage

check-interop: all
	rm -rf $(interop_stage)
	$(MAKE) $(AM_MAKEFLAGS) install DESTDIR=$(interop_stage) >/dev/null
	INTEROP_QMAIL="$(INTEROP_QMAIL)" \
		QMAIL_HOME="$(qmailhome)" QMAIL_RUN="$(run_directory)" \
		STAGE="$(interop_stage)" $(SHELL) \
		$(srcdir)/tests/interop/run.sh $(INTEROP_TESTS); \
	status=$$?; rm -rf $(interop_stage); exit $$status

.PHONY: check-interop
EXTRA_DIST += $(interop_files)
interop_files = \
	tests/interop/README.md \
	tests/interop/aiosmtpd-server.py \
	tests/interop/aiosmtpd.sh \
	tests/interop/cases.sh \
	tests/interop/chain.sh \
	tests/interop/cyrus.sh \
	tests/interop/dane.sh \
	tests/interop/dns.sh \
	tests/interop/etc/dovecot.conf \
	tests/interop/etc/example.zone \
	tests/interop/etc/exim.conf \
	tests/interop/etc/main.cf \
	tests/interop/etc/master.cf \
	tests/interop/etc/nginx.conf \
	tests/interop/etc/nsd.conf \
	tests/interop/etc/root.zone \
	tests/interop/etc/sendmail.mc \
	tests/interop/etc/smtpd.conf \
	tests/interop/etc/submission.cf \
	tests/interop/etc/submission.zone \
	tests/interop/etc/unbound.conf \
	tests/interop/exim.sh \
	tests/interop/haraka-plugin.js \
	tests/interop/haraka.sh \
	tests/interop/inside.sh \
	tests/interop/lib.sh \
	tests/interop/mailbox.js \
	tests/interop/mta-sts.sh \
	tests/interop/opensmtpd-grey.sh \
	tests/interop/opensmtpd.sh \
	tests/interop/postfix-grey.sh \
	tests/interop/postfix.sh \
	tests/interop/qpsmtpd-plugin.pl \
	tests/interop/qpsmtpd.sh \
	tests/interop/qmail.sh \
	tests/interop/run.sh \
	tests/interop/sendmail.sh \
	tests/interop/signed.sh \
	tests/interop/smtp-server.js \
	tests/interop/smtp-server.sh \
	tests/interop/submission-cyrus.sh \
	tests/interop/submission-dovecot.sh \
	tests/interop/submission-exim.sh \
	tests/interop/submission-smtp-server.sh \
	tests/interop/submission.sh
