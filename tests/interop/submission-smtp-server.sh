# SPDX-License-Identifier: ISC
#
# packages: unbound nsd tcpdump
# npm: smtp-server@3.19.17
# node: 20

. /interop/lib.sh
. /interop/cases.sh
. /interop/submission.sh

# Asked for anew in each session.
offer() {
	printf '%s\n' "$@" >/interop/mechanisms
}

attempts() {
	grep -c '^AUTH' /interop/server.log
}

used() {
	grep '^AUTH' /interop/server.log | tail -1 | tee "$scratch/used"
	grep -qx "AUTH $1 $account" "$scratch/used"
}

# The password as a token, and another one, which is refused in two steps.
test_tokens() {
	said=$password
	password=bearer:$said
	test_mechanisms XOAUTH2
	route 587 bearer:Snark-1876
	check "$relay, wrong token" declines wrong-token \
		'^Z.*refused the credentials .* line 1\. \(#4\.7\.8\)' \
		mail.example
	password=$said
}

relay=relay.example
strongest=PLAIN

start_hosts /interop/etc/submission.zone
echo "$account $password" >/interop/account
offer PLAIN
on_server node /interop/smtp-server.js "$mailbox/all" \
	198.51.100.1 587 starttls 198.51.100.1 465 tls \
	198.51.100.3 587 naked >/interop/server.log 2>&1 &
await_server /interop/server.log 587
start_capture

test_mechanisms PLAIN LOGIN CRAM-MD5
test_tokens
offer PLAIN LOGIN CRAM-MD5 XOAUTH2
test_wrong_password
test_exposed naked.example 587
test_wire
test_many_said 200 10 465
finish
