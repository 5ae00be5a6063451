# SPDX-License-Identifier: ISC
#
# packages: unbound nsd exim4-daemon-light tcpdump

. /interop/lib.sh
. /interop/cases.sh
. /interop/submission.sh

log=/var/log/exim4/mainlog

# Asked for anew in each session.
offer() {
	printf '%s\n' "$@" >/interop/mechanisms
}

attempts() {
	grep -c ' A=\| authenticator failed ' "$log"
}

used() {
	grep ' <= ' "$log" | tail -1 | tee "$scratch/used"
	grep -q " A=`echo "$1" | tr A-Z- a-z_`:$account " "$scratch/used"
}

relay=relay.example
strongest=PLAIN

start_hosts /interop/etc/submission.zone
mkdir -p /etc/exim4
cat - /interop/etc/exim.conf >/etc/exim4/exim4.conf <<-END
	SUBMISSION = yes
	ACCOUNT = $account
	PASSWORD = $password
END
chown Debian-exim /interop/tls/server.key
on_server exim4 -bdf >"$scratch/start" 2>&1 &
await_server "$log" 587
start_capture

test_mechanisms PLAIN LOGIN CRAM-MD5
offer PLAIN LOGIN CRAM-MD5
test_wrong_password
test_exposed naked.example 587
test_wire
test_many_said 1000 20 465
finish
