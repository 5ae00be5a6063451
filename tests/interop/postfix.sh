# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix

. /interop/lib.sh
. /interop/cases.sh

start_hosts
cp /interop/etc/main.cf /interop/etc/master.cf /etc/postfix
postconf -e "virtual_uid_maps=static:`id -u mailbox`" \
	"virtual_gid_maps=static:`id -g mailbox`"
on_server postfix start >"$scratch/start" 2>&1 ||
	die 'postfix does not start' "$scratch/start"
await_server /var/log/postfix.log

test_clear
test_changes kept kept
test_size
test_tls
test_utf8 offered

check 'neither STARTTLS nor extensions: clear' \
	takes bare "$accepted" clear.example
check 'neither STARTTLS nor extensions: many recipients' \
	takes_two bare-many clear.example
set_control tlsstrictness 1
check 'no STARTTLS, strictness 1' takes bare1 "$accepted" clear.example
set_control tlsstrictness 2
check 'no STARTTLS, strictness 2' declines bare2 "$no_tls" clear.example

check 'no client certificate' declines ccert0 '^Z.*' ccert.example
set_control clientcert /interop/tls/client.pem
set_control clientkey /interop/tls/client.key
check 'a client certificate' takes ccert '^K' ccert.example
check 'a client certificate: verified by Postfix' \
	is_traced ccert 'Client CN "client", Issuer "ours" \(verified OK\)'
set_control clientcert
set_control clientkey
set_control tlsstrictness

test_many 1000 20
finish
