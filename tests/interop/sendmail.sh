# SPDX-License-Identifier: ISC
#
# packages: unbound nsd sendmail-bin

. /interop/lib.sh
. /interop/cases.sh

# What sendmail runs: a mailer that keeps a message, and a map.
put_programs() {
	cat >/interop/sendmail-keep <<-END
		#!/bin/sh
		name=\`date +%s\`.\$\$.\`date +%N\`
		cat >"$mailbox/all/tmp/\$name" || exit 75
		exec mv "$mailbox/all/tmp/\$name" "$mailbox/all/new/\$name"
	END
	cat >/interop/sendmail-grey <<-END
		#!/bin/sh
		mkdir /tmp/seen 2>/dev/null && echo first || echo again
	END
	chmod 755 /interop/sendmail-keep /interop/sendmail-grey
}

start_hosts
put_programs
mkdir -m 700 /run/mqueue
m4 /interop/etc/sendmail.mc >/interop/sendmail.cf ||
	die 'no sendmail.cf'
on_server /usr/libexec/sendmail/sendmail -C /interop/sendmail.cf -bD \
	-X /interop/server.log >/interop/start.log 2>&1 &
await_server /interop/start.log

test_clear
test_changes kept kept
test_size
test_tls
test_utf8 missing
test_many 200 10
finish
