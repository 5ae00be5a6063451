# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix ldnsutils
#
# DANE: a validating resolver over zones that are signed here, Postfix with
# certificates that match and do not, and what Postfix's own posttls-finger
# says of the same servers.

. /interop/lib.sh
. /interop/cases.sh
. /interop/signed.sh

# Domain, server, TLSA records of its exchanger, what is to come of it; and,
# where that is something else, what posttls-finger says.
#
# A record is a certificate, the three numbers, and x for a wrong last digit.
cases='
ee-key      good      good311           dane
ee-digest   good      good312           dane
ee-cert     good      good301           dane
ee-exact    good      good300           dane
ee-wrong    good      good311x          waits
ee-expired  expired   expired311        dane
ee-misnamed misnamed  misnamed301       dane
ee-self     self      self311           dane
ta-cert     good      ours201           dane
ta-digest   good      ours202           dane
ta-key      good      ours211           dane
ta-exact    alone     ours200           dane
ta-unshown  alone     ours201           waits
ta-bare     alone     ours210           waits  dane
ta-wrong    good      ours201x          waits
ta-expired  expired   ours201           waits
ta-misnamed misnamed  ours201           waits
ta-self     self      self201           waits
ta-idle     evil      ours201           waits
agility     good      good311,good312x  waits
agile       good      good311x,good312  dane
rollover    good      self311,good311   dane
both        good      good311x,ours211  dane
unusable    good      good111           encrypted
mixed       good      good111,good311x  waits
no-tls      bare      good311           waits
no-records  good      -                 encrypted
no-either   bare      -                 clear
alias       -         -                 dane
tampered    good      good311           waits
bogus       -         -                 waits
insecure    -         -                 trusted
'

# show NAME FILE ...: the certificates of a server.
show() {
	name=$1
	shift
	(cd /interop/tls && cat "$@" >"$name-chain.pem") || exit 99
}

# Dates of the past can only be had by "openssl ca".
expire() {
	cat >ca.conf <<-END
		[ca]
		default_ca = it
		[it]
		database = index
		rand_serial = yes
		new_certs_dir = .
		default_md = sha256
		policy = any
		[any]
		commonName = supplied
	END
	: >index
	openssl ca -batch -notext -config ca.conf -in "$1.csr" -cert ours.pem \
		-keyfile ours.key -extfile "$1.ext" -out "$1.pem" \
		-startdate 20200101000000Z -enddate 20200201000000Z \
		>ca.log 2>&1 || die 'no expired certificate' ca.log
}

make_identities() {
	cd /interop/tls || exit 99
	for name in good expired; do
		certificate "$name" ours 'subjectAltName=DNS:*.hosts.example'
	done
	expire expired
	certificate misnamed ours 'subjectAltName=DNS:elsewhere.example'
	certificate evil theirs 'subjectAltName=DNS:*.hosts.example'
	certificate self self 'subjectAltName=DNS:*.hosts.example'
	cd / || exit 99
	show good good.pem ours.pem
	show expired expired.pem ours.pem
	show misnamed misnamed.pem ours.pem
	show alone good.pem
	cp /interop/tls/good.key /interop/tls/alone.key
	show self self.pem
	show evil evil.pem theirs.pem ours.pem
}

address_of() {
	case $1 in
	good) echo 198.51.100.1 ;;
	alone) echo 198.51.100.2 ;;
	expired) echo 198.51.100.3 ;;
	misnamed) echo 198.51.100.4 ;;
	self) echo 198.51.100.5 ;;
	evil) echo 198.51.100.6 ;;
	bare) echo 192.0.2.26 ;;
	esac
}

put_masters() {
	for name in good alone expired misnamed self evil; do
		cat <<-END
			`address_of "$name"`:25 inet n - n - - smtpd
			  -o smtpd_tls_cert_file=/interop/tls/$name-chain.pem
			  -o smtpd_tls_key_file=/interop/tls/$name.key
			  -o smtpd_tls_CAfile=
		END
	done
}

put_names() {
	echo "$cases" | while read -r name server records _; do
		test -n "$name" || continue
		test "$server" != - || continue
		echo "$name MX 10 $name.hosts"
		echo "$name.hosts A `address_of "$server"`"
		test "$records" != - || continue
		echo "$records" | tr ',' '\n' | while read -r record; do
			put_record "$name.hosts" "$record"
		done
	done
	cat <<-END
		alias		MX	10 alias.hosts
		alias.hosts	CNAME	ee-key.hosts
		bogus		NS	ns
		unsigned	NS	ns
	END
}

# A zone below "example": its exchanger is one of those above.
put_child() {
	cat <<-END
		\$ORIGIN $1.example.
		\$TTL 3600
		@	SOA	ns.example. root.example. 1 3600 600 86400 60
		@	NS	ns.example.
		@	MX	10 ee-key.hosts.example.
	END
}

# The DS record of "bogus" is another key's, and one TLSA record is not what
# has been signed.
sign_names() {
	cd "$dns" || exit 99
	put_child bogus >bogus.example.zone
	put_child insecure | sed 's/insecure/unsigned/' >unsigned.example.zone
	sign bogus.example
	ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k bogus.example \
		>other || die 'no second key'
	cat /interop/etc/example.zone "$scratch/names" "`cat other`.ds" \
		>example.zone
	sign example
	sed '/^_25\._tcp\.tampered\..*TLSA[^S]*3 1 1/{
		s/0$/1/
		t
		s/[0-9a-f]$/0/
	}' example.signed >example.zone
	! cmp -s example.signed example.zone || die 'nothing is tampered with'
	mv bogus.example.signed bogus.example.zone
	cd / || exit 99
}

# What a delivery came to, in the words of the table.
ours() {
	deliver "$scratch/x.message" "$1" "$from" "$to" >/dev/null </dev/null
	case `tr '\n' ' ' <"$report"` in
	*' verified '*', DANE-'*) echo dane ;;
	*' trusted '*'MX not secure'*) echo trusted ;;
	*', unverified ('*) echo encrypted ;;
	*accepted*) echo clear ;;
	Z*) echo waits ;;
	*) cat "$report" ;;
	esac
}

# The same for posttls-finger, which goes on where a delivery would not: where
# there are records that it uses, one has to match.
theirs() {
	on_client timeout 60 posttls-finger -c -t 10 -l dane \
		-L routine,certmatch,dane "$1" >"$scratch/finger" 2>&1 \
		</dev/null
	case `tr '\n' ' ' <"$scratch/finger"` in
	*'Verified TLS connection'*) echo dane ;;
	*'Trusted TLS connection'*) echo trusted ;;
	*'DNSSEC-signed TLSA record'*) echo waits ;;
	*'Untrusted TLS connection'*) echo encrypted ;;
	*'TLSA lookup error'* | *'type=MX: Host not found, try again'*)
		echo waits ;;
	*) echo clear ;;
	esac
}

install_packages
make_home
make_certificates
make_identities
start_network
mkdir -p "$dns"
put_names >"$scratch/names"
sign_names
start_signed_names bogus.example unsigned.example
cp /interop/etc/main.cf /etc/postfix
{ cat /interop/etc/master.cf; put_masters; } >/etc/postfix/master.cf
postconf -e "virtual_uid_maps=static:`id -u mailbox`" \
	"virtual_gid_maps=static:`id -g mailbox`"
on_server postfix start >"$scratch/start" 2>&1 ||
	die 'postfix does not start' "$scratch/start"
await_server /var/log/postfix.log
set_control trustanchors /interop/tls/theirs.pem
set_control dane 1
put_message x plain >/dev/null

# The table, as it came to be.
note() {
	if test "$2" = "$3"; then
		agree=agree
	else
		agree=differ
	fi
	printf '# %-12s %-12s %-14s %s\n' "$@" "$agree"
}

compare() {
	host=$1.example
	test "$1" != insecure || host=unsigned.example
	our=`ours "$host"`
	their=`theirs "$host"`
	note "$1" "$our" "$their" >>"$scratch/table"
	check "$1: $2" is_verdict "$2" "$our" "$report"
	check "$1: ${3-$2}, posttls-finger says" \
		is_verdict "${3-$2}" "$their" "$scratch/finger"
}

is_verdict() {
	test "$1" = "$2" || { echo "$2"; cat "$3"; return 1; }
}

printf '# %-12s %-12s %s\n' case qmail-remote posttls-finger >"$scratch/table"
while read -r name _ _ want other; do
	test -z "$name" || compare "$name" "$want" ${other:+"$other"}
done <<END
$cases
END
cat "$scratch/table"

says() {
	deliver "$scratch/x.message" "$1" "$from" "$to" >/dev/null
	cat "$report"
	grep -Eq "$2" "$report"
}

check 'bogus: as a DNS that fails' says bogus.example '^Z.*\(#4\.1\.2\)'
check 'tampered: names the server' says tampered.example \
	'^ZThe server tampered\.hosts\.example is not used: .* by TLSA\.'
set_control tlspolicy ':dane-only'
check 'dane-only: records that match' says ee-key.example "$accepted"
check 'dane-only: no records' says no-records.example \
	'^Z.*there are no secure TLSA records of use.*control/tlspolicy line 1'
check 'dane-only: an insecure MX' says unsigned.example \
	'^Z.*there are no secure TLSA records of use.*control/tlspolicy line 1'
set_control tlspolicy
set_control tlsstrictness 2
check 'strictness 2: DANE will do' says ee-expired.example ', DANE-EE$'
check 'strictness 2: without records the anchors count' \
	says no-records.example "$no_tls"
set_control tlsstrictness
sed -i '/trust-ad/d' /etc/netns/client/resolv.conf
check 'a resolver that is not trusted' says ee-key.example \
	'192\.0\.2\.53'
check 'a resolver that is not trusted: mail waits' \
	says ee-key.example '^Z'
set_control tlspolicy ':may nodane'
check 'a resolver that is not trusted: nodane' says ee-key.example "$accepted"
finish
