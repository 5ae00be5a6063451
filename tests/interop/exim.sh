# SPDX-License-Identifier: ISC
#
# packages: unbound nsd exim4-daemon-light

. /interop/lib.sh
. /interop/cases.sh

start_hosts
mkdir -p /etc/exim4
cp /interop/etc/exim.conf /etc/exim4/exim4.conf
chown Debian-exim /interop/tls/server.key
on_server exim4 -bdf >"$scratch/start" 2>&1 &
log=/var/log/exim4/mainlog
await_server "$log"

# Whether Exim notes that the delivery reported last was pipelined.
was_pipelined() {
	grep 'accepted\|<= ' "$log" | tail -1
	grep '<= ' "$log" | tail -1 | grep -q ' L[.*]* '
}

test_clear
check 'PIPELINING, as Exim noted' was_pipelined
test_changes kept kept
test_size
test_tls
check 'PIPELINING under TLS, as Exim noted' was_pipelined
test_utf8 offered
test_many 1000 20
finish
