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

test_clear
test_size
test_tls
test_utf8 missing
test_many 1000
finish
