# SPDX-License-Identifier: ISC
#
# packages: unbound nsd
# npm: smtp-server@3.19.17
# node: 20

. /interop/lib.sh
. /interop/cases.sh

# Whether the last MAIL came with that word.
was_required() {
	grep '^MAIL' /interop/server.log | tail -1 |
		grep -w REQUIRETLS
}

is_not_required() {
	! was_required
}

# REQUIRETLS, which is offered under TLS only.
test_requiretls() {
	set_control trustanchors /interop/tls/ours.pem
	check 'REQUIRETLS not wanted' takes unwanted "$verified" mail.example
	check 'REQUIRETLS not wanted: not said' is_not_required
	set_control tlspolicy ':verify requiretls'
	check 'REQUIRETLS' takes required "$verified" mail.example
	check 'REQUIRETLS: said' was_required
	check 'REQUIRETLS not offered' \
		declines unaware '^Z.*\(#4\.7\.30\)' ccert.example
	set_control tlspolicy
}

start_hosts
on_server node /interop/smtp-server.js "$mailbox/all" \
	192.0.2.25 25 starttls 2001:db8::25 25 starttls \
	192.0.2.27 25 unaware \
	>/interop/server.log 2>&1 &
await_server /interop/server.log

test_clear
test_changes kept kept
test_size
test_tls
test_requiretls
test_utf8 offered
test_many 200 10
finish
