# SPDX-License-Identifier: ISC
#
# Sourced by the tests of DANE: zones that are signed here, in $dns, and a
# resolver that validates them.

dns=/interop/dns

# data_of CERTIFICATE SELECTOR MATCHING: in hexadecimal digits.
data_of() {
	if test "$2" -eq 1; then
		openssl x509 -in "$1" -noout -pubkey |
			openssl pkey -pubin -outform DER
	else
		openssl x509 -in "$1" -outform DER
	fi |
	case $3 in
	0) od -An -v -tx1 | tr -d ' \n' ;;
	1) sha256sum | cut -d ' ' -f 1 ;;
	2) sha512sum | cut -d ' ' -f 1 ;;
	esac
}

# put_record HOST RECORD: for a certificate, the three numbers, and perhaps x
# for a wrong last digit, as in good311x.
put_record() {
	cert=`echo "$2" | sed 's/[0-9].*//'`
	usage=`echo "$2" | sed 's/^[a-z]*\(.\).*/\1/'`
	selector=`echo "$2" | sed 's/^[a-z]*.\(.\).*/\1/'`
	matching=`echo "$2" | sed 's/^[a-z]*..\(.\).*/\1/'`
	data=`data_of "/interop/tls/$cert.pem" "$selector" "$matching"`
	case $2 in
	*x) data=`echo "$data" | sed -e 's/0$/1/' -e t -e 's/.$/0/'` ;;
	esac
	echo "_25._tcp.$1 TLSA $usage $selector $matching $data"
}

# sign ZONE: with a new key, whose DS record is then in ZONE.ds.
sign() {
	ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k "$1" >"$1.keyname" &&
	cp "`cat "$1.keyname"`.ds" "$1.ds" &&
	ldns-signzone -n -f "$1.signed" "$1.zone" "`cat "$1.keyname"`" \
		>"$1.log" 2>&1 || die "$1 is not signed" "$1.log"
}

# put_nsd [ZONE ...]: with these zones, too.
put_nsd() {
	cat /interop/etc/nsd.conf
	for zone; do
		printf 'zone:\n\tname: "%s"\n\tzonefile: "dns/%s.zone"\n' \
			"$zone" "$zone"
	done
}

# start_signed_names [ZONE ...]: "example" as it has been signed, and these; a
# resolver that knows the key of "example", and is trusted by the client.
start_signed_names() {
	put_nsd "$@" >"$dns/nsd.conf"
	sed -e 's/"iterator"/"validator iterator"/' -e '/^server:/a\
	trust-anchor-file: "/interop/dns/example.ds"' \
		/interop/etc/unbound.conf >"$dns/unbound.conf"
	on_server nsd -c "$dns/nsd.conf" || die 'nsd does not start'
	on_server unbound -c "$dns/unbound.conf" ||
		die 'unbound does not start'
	until_true on_server unbound-control -c "$dns/unbound.conf" \
		lookup example || die 'unbound does not answer'
	echo 'options trust-ad' >>/etc/netns/client/resolv.conf
}
