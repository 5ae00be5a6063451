# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix dovecot-core dovecot-submissiond tcpdump

. /interop/lib.sh
. /interop/cases.sh
. /interop/submission.sh

# Dovecot is asked by Postfix and has a service of its own.
offer() {
	echo "auth_mechanisms = $*" >/interop/mechanisms.conf
	on_server dovecot -c /interop/etc/dovecot.conf stop 2>/dev/null
	: >/interop/dovecot.log
	on_server dovecot -c /interop/etc/dovecot.conf ||
		die 'dovecot does not start' /interop/dovecot.log
	await_server /interop/dovecot.log 1587
	until_true test -S /var/spool/postfix/private/auth
	restart_postfix
}

attempts() {
	if test "$relay" = relay.example; then
		postfix_attempts
	else
		grep -c 'submission-login: .* method=\|auth failed' \
			/interop/dovecot.log
	fi
}

used() {
	if test "$relay" = relay.example; then
		postfix_used "$1"
	else
		grep 'submission-login: Info: Login' /interop/dovecot.log |
			tail -1 | tee "$scratch/used"
		grep -q "user=<$account>, method=$1," "$scratch/used"
	fi
}

# test_service NAME PORT: by its name; the port is of the one without TLS.
# shellcheck disable=SC2086
test_service() {
	relay=$1
	test_mechanisms $mechanisms
	offer $mechanisms
	test_wrong_password
	test_exposed naked.example "$2"
	test_many_said 1000 20 465
}

strongest=SCRAM-SHA-256

start_hosts /interop/etc/submission.zone
start_postfix smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth
echo "$account:$password" >/interop/users
# shellcheck disable=SC2086
offer $mechanisms
start_capture
test_service relay.example 587
test_service proxy.example 1587
test_wire
finish
