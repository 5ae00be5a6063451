# SPDX-License-Identifier: ISC
#
# packages: unbound nsd opensmtpd

. /interop/lib.sh
. /interop/cases.sh

start_hosts
cp /interop/opensmtpd-grey.sh /interop/grey
chmod 755 /interop/grey
chmod 600 /interop/tls/server.key
on_server smtpd -d -f /interop/etc/smtpd.conf >/interop/server.log 2>&1 &
await_server /interop/server.log

# Whether it can do TLS at all: older ones keep their key in a way
# that OpenSSL 3 does not support ("missing private key").
can_do_tls() {
	on_client timeout 10 openssl s_client -starttls smtp \
		-connect 192.0.2.25:25 </dev/null 2>&1 |
		grep '^250 '
}

# With STARTTLS offered and a handshake that always fails.
test_broken_tls() {
	set_control trustanchors /interop/tls/ours.pem
	set_control tlsstrictness 0
	check 'failing handshakes, strictness 0' \
		takes broken0 "$accepted" mail.example
	check 'failing handshakes, strictness 0: in clear' is_clear
	set_control tlsstrictness 1
	check 'failing handshakes, strictness 1' \
		takes broken1 "$accepted" mail.example
	set_control tlsstrictness 2
	check 'failing handshakes, strictness 2' \
		declines broken2 "$no_tls" mail.example
	set_control tlsstrictness
	set_control trustanchors
}

test_clear
test_changes cut kept
test_size
test_utf8 missing
if can_do_tls >/dev/null; then
	test_tls
	test_many 1000 20
else
	skip 'STARTTLS' 'this OpenSMTPD cannot do TLS with this OpenSSL'
	test_broken_tls
	test_many 1000 20 clear
fi
finish
