# SPDX-License-Identifier: ISC
#
# packages: unbound nsd python3-aiosmtpd

. /interop/lib.sh
. /interop/cases.sh

start_hosts
start_aiosmtpd 192.0.2.25 2001:db8::25

test_clear
test_changes kept refused
test_size
test_tls
test_utf8 offered
test_many 1000 20
finish
