# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix sasl2-bin libsasl2-modules tcpdump

. /interop/lib.sh
. /interop/cases.sh
. /interop/submission.sh

offer() {
	cat >/etc/postfix/sasl/smtpd.conf <<-END
		pwcheck_method: auxprop
		auxprop_plugin: sasldb
		mech_list: $*
	END
	restart_postfix
}

attempts() {
	postfix_attempts
}

used() {
	postfix_used "$1"
}

relay=relay.example
strongest=SCRAM-SHA-256

start_hosts /interop/etc/submission.zone
printf %s "$password" | saslpasswd2 -p -c -u interop "$account" ||
	die 'saslpasswd2'
chown postfix /etc/sasldb2
mkdir -p /etc/postfix/sasl
start_postfix smtpd_sasl_type=cyrus smtpd_sasl_path=smtpd \
	cyrus_sasl_config_path=/etc/postfix/sasl \
	smtpd_sasl_local_domain=interop
start_capture

# shellcheck disable=SC2086
test_mechanisms $mechanisms
# shellcheck disable=SC2086
offer $mechanisms
test_wrong_password
test_exposed naked.example 587
test_wire
test_many_said 1000 20 465
finish
