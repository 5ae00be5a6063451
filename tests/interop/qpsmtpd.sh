# SPDX-License-Identifier: ISC
#
# packages: unbound nsd qpsmtpd libio-socket-ssl-perl

. /interop/lib.sh
. /interop/cases.sh

QPSMTPD_CONFIG=/interop/qpsmtpd
export QPSMTPD_CONFIG

configure() {
	mkdir -p "$QPSMTPD_CONFIG" /interop/qpsmtpd-plugins &&
		cd "$QPSMTPD_CONFIG" || exit 99
	cp /interop/qpsmtpd-plugin.pl /interop/qpsmtpd-plugins/interop
	echo qpsmtpd.example >me
	echo 1000000 >databytes
	echo 4 >loglevel
	echo /var/spool/qpsmtpd >spool_dir
	printf '%s\n' /interop/qpsmtpd-plugins /usr/share/qpsmtpd/plugins \
		>plugin_dirs
	cat >plugins <<-END
		logging/warn
		tls /interop/tls/server.pem /interop/tls/server.key /interop/tls/ours.pem
		interop
		queue/maildir $mailbox %d
	END
	# It has a maildir for each domain.
	ln -s all "$mailbox/mail.example"
	chown -R qpsmtpd "$mailbox" /interop/tls/server.key
	cd / || exit 99
}

start_hosts
configure
on_server qpsmtpd-forkserver -l 192.0.2.25 -l '[2001:db8::25]' -p 25 \
	-u qpsmtpd -c 50 -m 50 -H >/interop/server.log 2>&1 &
await_server /interop/server.log

test_clear
test_changes kept kept
test_size
test_tls
test_utf8 missing
test_many 200 10
finish
