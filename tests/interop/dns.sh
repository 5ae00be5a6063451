# SPDX-License-Identifier: ISC
#
# packages: unbound nsd python3-aiosmtpd ldnsutils
#
# Names by a resolver and an authoritative server, with exchangers that all
# refuse but one.

. /interop/lib.sh
. /interop/cases.sh

# Long names that have little in common, so that they cannot be compressed.
put_names() {
	awk 'BEGIN {
		for (i = 1; i <= 40; i++) {
			name = "x" i
			for (j = 0; j < 3; j++)
				name = name "." sprintf("%s-%02d-%030d", \
					"label", i, j * 41 + i)
			printf "forty MX %d %s\n", i, name
			printf "%s A 198.51.100.%d\n", name, i
			printf "%s AAAA 2001:db8:1::%d\n", name, i
		}
		print "wide MX 10 mx.wide"
		for (i = 1; i <= 200; i++)
			printf "mx.wide AAAA 2001:db8:1::100:%d\n", i
	}'
	cat <<-END
		six		MX	10 mx.six
		mx.six		AAAA	2001:db8::25
		nothing		TXT	"neither exchangers nor addresses"
		implicit	A	192.0.2.25
		alias		CNAME	mail
		xn--bcher-kva	MX	10 mx.mail
		null		MX	0 .
		lame		NS	ns.lame
		ns.lame		A	192.0.2.26
		lonely		MX	10 mx.lame
		partly		MX	10 mx.lame
		partly		MX	20 mx.missing
		partly		MX	30 mx.mail
		missing		MX	10 mx.missing
		backup		MX	10 mx.mail
		backup		MX	5 us
		us		A	192.0.2.2
		secondary	MX	10 us
		secondary	MX	5 mx.mail
	END
}
put_names >"$scratch/names"
start_hosts "$scratch/names"
# shellcheck disable=SC2046
start_aiosmtpd 192.0.2.25 2001:db8::25 198.51.100.15 \
	`seq -f '2001:db8:1::100:%.0f' 200`

# Whether the answer is that large, as the resolver gives it.
is_large() {
	on_client drill -t "$1" "$2" @192.0.2.53 >"$scratch/drill"
	size=`sed -n 's/^;; MSG SIZE *rcvd: *//p' "$scratch/drill"`
	echo "$1 $2: $size bytes"
	test "$size" -gt 4096
}

# Whether the resolver has been asked by TCP since it started.
was_asked_by_tcp() {
	on_server unbound-control -c /interop/etc/unbound.conf \
		stats_noreset | grep '^num.query.tcp=[1-9]'
}

check 'MX in IPv6 and IPv4: IPv6 first' \
	takes both '^K2001:db8::25 accepted message' mail.example
check '40 exchangers, the last server that is tried takes it' \
	takes forty '^K198\.51\.100\.15 accepted message' forty.example
check '40 exchangers: asked by TCP' was_asked_by_tcp
check '40 exchangers: over 4096 bytes' is_large forty.example mx
check 'one exchanger with 200 addresses' \
	takes wide '^K2001:db8:1::100:[0-9]* accepted message' wide.example
check '200 addresses: over 4096 bytes' is_large mx.wide.example aaaa
check 'IPv6 only' takes six '^K2001:db8::25 accepted message' six.example
check 'IPv6 only: as the server saw it' is_traced six 'from 2001:db8::2 '
check 'no MX: the host itself' \
	takes implicit '^K192\.0\.2\.25 accepted' implicit.example
check 'a CNAME' takes alias "$accepted" alias.example
check 'a U-label' takes idn "$accepted" \
	"`printf 'b\303\274cher.example'`"
check 'one exchanger fails, one is missing, one takes it' \
	takes partly "$accepted" partly.example
check 'we are a worse exchanger' \
	takes secondary "$accepted" secondary.example
check 'we are the best exchanger' \
	declines backup '\(#5\.4\.6\)$' backup.example
check 'NXDOMAIN' declines nx '^D.*\(#5\.1\.2\)' nx.example
check 'neither MX nor address' \
	declines nothing '^D.*\(#5\.4\.4\)' nothing.example
check 'the only exchanger does not exist' \
	declines missing '^D.*\(#5\.4\.4\)' missing.example
check 'null MX' declines null '^D.*\(#5\.1\.10\)' null.example
check 'SERVFAIL for MX' declines lame '^Z.*\(#4\.1\.2\)' lame.example
check 'SERVFAIL for the only exchanger' \
	declines lonely '^Z.*\(#4\.1\.2\)' lonely.example

kill "`cat /run/unbound.pid`"
check 'no resolver' declines deaf '^Z.*\(#4\.1\.2\)' mail.example
finish
