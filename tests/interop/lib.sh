# SPDX-License-Identifier: ISC
#
# Sourced by the tests: two hosts, "client" and "server", each a network
# namespace, with nsd and unbound on the server; qmail-remote on the client.
# Paths and addresses are fixed, for all of it belongs to the test alone.

. /interop/tap.sh
chmod 755 "$scratch"

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DEBIAN_FRONTEND=noninteractive
LC_ALL=C
export PATH DEBIAN_FRONTEND LC_ALL
unset LANGUAGE DNSCACHEIP

remote=$QMAIL_HOME/bin/qmail-remote
mailbox=/interop/mail

# die REASON [FILE]
die() {
	test -z "$2" || sed 's/^/# /' "$2"
	echo "Bail out! $1"
	exit 99
}

# within SECONDS COMMAND ...: waits so long for it to succeed.
within() {
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		test "$tries" -gt 0 || return 1
		sleep 0.1
	done
}

until_true() {
	within 10 "$@"
}

on_client() {
	ip netns exec client "$@"
}

on_server() {
	ip netns exec server "$@"
}

# await_server LOG [PORT]: until somebody listens there; without a port, on 25
# with IPv6.
await_server() {
	table=/proc/net/tcp
	test -n "$2" || table=/proc/net/tcp6
	until_true on_server grep "`printf ':%04X .* 0A' "${2-25}"`" \
		"$table" || die 'the server does not start' "$1"
}

# start_aiosmtpd ADDRESS ...
start_aiosmtpd() {
	on_server /usr/bin/python3 /interop/aiosmtpd-server.py \
		"$mailbox/all" "$@" >/interop/server.log 2>&1 &
	await_server /interop/server.log
}

install_packages() {
	# shellcheck disable=SC2086
	apt-get -qq -y --no-download --no-install-recommends --reinstall \
		-o Dir::Cache::archives=/interop/packages \
		-o APT::Sandbox::User=root install $PACKAGES \
		>"$scratch/apt" 2>&1 || die 'apt-get' "$scratch/apt"
	# shellcheck disable=SC2086
	dpkg-query -W -f '# ${Package} ${Version}\n' $PACKAGES
	test -z "$MODULES" || install_modules
}

# Those of npm, for node's require.
NODE_PATH=/interop/modules/node_modules
export NODE_PATH
install_modules() {
	# shellcheck disable=SC2086
	npm install --offline --cache /interop/packages/npm \
		--prefix /interop/modules $MODULES >"$scratch/npm" 2>&1 ||
		die 'npm' "$scratch/npm"
	echo "# node `node --version`, $MODULES"
}

start_network() {
	ip netns add client && ip netns add server &&
		ip link add c netns client type veth peer name s netns server ||
		die 'there are no network namespaces'
	for side in client server; do
		mkdir -p "/etc/netns/$side"
		echo 'nameserver 192.0.2.53' >"/etc/netns/$side/resolv.conf"
		ip -n "$side" link set lo up
	done
	ip -n client link set c up
	ip -n server link set s up
	ip -n client addr add 192.0.2.2/24 dev c
	ip -n client addr add 2001:db8::2/64 dev c nodad
	for last in 25 26 27 53 54; do
		ip -n server addr add "192.0.2.$last/24" dev s
		ip -n server addr add "2001:db8::$last/64" dev s nodad
	done
	# Whole networks of the server's, for domains with many exchangers.
	on_server sysctl -q -w net.ipv6.ip_nonlocal_bind=1
	for net in 198.51.100.0/24 2001:db8:1::/64; do
		ip -n server route add local "$net" dev lo
	done
	ip -n client route add 198.51.100.0/24 via 192.0.2.25
	ip -n client route add 2001:db8:1::/64 via 2001:db8::25
}

# start_names [FILE]: with more records for the zone "example".
start_names() {
	mkdir -p /interop/dns
	cat /interop/etc/example.zone ${1:+"$1"} >/interop/dns/example.zone
	on_server nsd-checkzone example /interop/dns/example.zone \
		>"$scratch/zone" 2>&1 || die 'the zone' "$scratch/zone"
	on_server nsd -c /interop/etc/nsd.conf || die 'nsd does not start'
	on_server unbound -c /interop/etc/unbound.conf ||
		die 'unbound does not start'
	until_true on_server unbound-control -c /interop/etc/unbound.conf \
		lookup example || die 'unbound does not answer'
}

# certificate NAME ISSUER EXTENSIONS: NAME.pem and NAME.key in /interop/tls.
key='ec -pkeyopt ec_paramgen_curve:P-256'
certificate() {
	# shellcheck disable=SC2086
	openssl req -new -newkey $key -nodes \
		-subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null &&
	printf '%s\n' "$3" >"$1.ext" &&
	if test "$1" = "$2"; then
		openssl x509 -req -in "$1.csr" -signkey "$1.key" -days 2 \
			-extfile "$1.ext" -out "$1.pem" 2>/dev/null
	else
		openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
			-CAcreateserial -days 2 -extfile "$1.ext" \
			-out "$1.pem" 2>/dev/null
	fi || die "no certificate for $1"
}

make_certificates() {
	mkdir -p /interop/tls
	cd /interop/tls || exit 99
	for authority in ours theirs; do
		certificate "$authority" "$authority" \
			'basicConstraints=critical,CA:true'
	done
	names=
	for name in mx.mail mx.ccert relay proxy naked; do
		names=$names${names:+,}DNS:$name.example
	done
	certificate server ours "subjectAltName=$names"
	certificate client ours 'extendedKeyUsage=clientAuth'
	chown qmailr client.key
	cd / || exit 99
}

# set_control NAME [VALUE]: without a value there is no such file.
set_control() {
	if test $# -gt 1; then
		printf '%s\n' "$2" >"$QMAIL_HOME/control/$1"
	else
		rm -f "$QMAIL_HOME/control/$1"
	fi
}

# Users, and what qmail's own installation would have made.
make_home() {
	groupadd -f qmail
	id qmailr >/dev/null 2>&1 ||
		useradd -r -M -g qmail -s /bin/false qmailr
	useradd -r -M -s /bin/sh -d "$mailbox" mailbox
	for sub in cur new tmp; do
		mkdir -p "$mailbox/all/$sub"
	done
	chown -R mailbox "$mailbox"
	mkdir -p "$QMAIL_HOME/control" "$QMAIL_HOME/queue/lock" "$QMAIL_RUN"
	head -c 1024 /dev/zero >"$QMAIL_HOME/queue/lock/tcpto"
	chown -R qmailr:qmail "$QMAIL_HOME/queue/lock/tcpto" "$QMAIL_RUN"
	set_control me client.example
	set_control timeoutconnect 5
	set_control timeoutremote 30
	set_control timeoutdns 20
}

start_hosts() {
	install_packages
	make_home
	make_certificates
	start_network
	start_names "$@"
}

# deliver MESSAGE HOST SENDER RECIPIENT ...: shows the report, its parts as
# lines, each kept in $report.
report=$scratch/report
deliver() {
	message=$1
	shift
	on_client timeout 60 setpriv --reuid qmailr --regid qmail \
		--clear-groups "$remote" "$@" <"$message" >"$scratch/raw"
	status=$?
	tr '\0' '\n' <"$scratch/raw" >"$report"
	cat "$report"
	test "$status" -eq 0 || echo "status $status"
	return "$status"
}

# is_reported PATTERN MESSAGE HOST SENDER RECIPIENT ...: whether a line of the
# report is like that.
is_reported() {
	pattern=$1
	shift
	deliver "$@" && grep -Eq "$pattern" "$report" ||
		{ echo "not reported: $pattern"; return 1; }
}
