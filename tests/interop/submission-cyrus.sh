# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix sasl2-bin libsasl2-modules tcpdump

. /interop/lib.sh
. /interop/cases.sh
. /interop/submission.sh
. /interop/cyrus.sh

start_hosts /interop/etc/submission.zone
start_cyrus
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
