# SPDX-License-Identifier: ISC
#
# Sourced after submission.sh: Postfix, which asks Cyrus SASL.

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

start_cyrus() {
	printf %s "$password" | saslpasswd2 -p -c -u interop "$account" ||
		die 'saslpasswd2'
	chown postfix /etc/sasldb2
	mkdir -p /etc/postfix/sasl
	start_postfix smtpd_sasl_type=cyrus smtpd_sasl_path=smtpd \
		cyrus_sasl_config_path=/etc/postfix/sasl \
		smtpd_sasl_local_domain=interop
}
