# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix nginx
#
# Policies of domains: TXT records by unbound, policies by nginx, mail to
# Postfix.

. /interop/lib.sh
. /interop/cases.sh

# domain NAME EXCHANGER ...: with a record, and a policy host by that name.
domain() {
	name=$1
	preference=0
	shift
	for exchanger; do
		preference=$((preference + 10))
		echo "$name MX $preference $exchanger"
	done
	cat <<-END
		_mta-sts.$name	TXT	"v=STSv1; id=20260101;"
		mta-sts.$name	A	192.0.2.25
		mta-sts.$name	AAAA	2001:db8::25
	END
}
{
	domain named mx.mail
	domain wild mx.mail
	domain chosen mx.clear mx.mail
	domain unnamed mx.mail
	domain wrong mx.misnamed
	domain plain mx.clear
	domain tried mx.clear
	domain off mx.clear
	domain forged mx.clear
	domain stranger mx.clear
	domain moved mx.clear
	domain html mx.clear
	domain absent mx.clear
	printf '_mta-sts.gone TXT "v=STSv1; id=1"\ngone MX 10 mx.clear\n'
} >"$scratch/names"

# policy NAME MODE EXCHANGER
policy() {
	printf 'version: STSv1\r\nmode: %s\r\nmx: %s\r\nmax_age: 604800\r\n' \
		"$2" "$3" >"/interop/policies/mta-sts.$1.example.txt"
}

# Those that must not be believed would forbid their only exchanger.
put_policies() {
	mkdir -p /interop/policies
	policy named enforce mx.mail.example
	policy wild enforce '*.mail.example'
	policy chosen enforce mx.mail.example
	policy unnamed enforce mx.example
	policy wrong enforce mx.misnamed.example
	policy plain enforce mx.clear.example
	policy tried testing mx.clear.example
	policy off none mx.mail.example
	for name in forged stranger moved html; do
		policy "$name" enforce mx.mail.example
	done
}

# For all policy hosts but that of "stranger".
put_certificates() {
	cd /interop/tls || exit 99
	names=
	for name in named wild chosen unnamed wrong plain tried off moved \
		html absent; do
		names="$names${names:+,}DNS:mta-sts.$name.example"
	done
	certificate policies ours "subjectAltName=$names"
	certificate forged theirs 'subjectAltName=DNS:mta-sts.forged.example'
	cd / || exit 99
}

# Whether so many requests have been made for the policies.
were_fetched() {
	grep -c 'GET /.well-known/mta-sts.txt' /interop/policies.log |
		grep -x "$1"
}

is_verified_by_policy() {
	grep '^TLS1\.[23], .*, verified mx\.mail\.example, MTA-STS$' "$report"
}

start_hosts "$scratch/names"
put_policies
put_certificates
cp /interop/etc/main.cf /interop/etc/master.cf /etc/postfix
postconf -e "virtual_uid_maps=static:`id -u mailbox`" \
	"virtual_gid_maps=static:`id -g mailbox`"
on_server postfix start >"$scratch/start" 2>&1 ||
	die 'postfix does not start' "$scratch/start"
await_server /var/log/postfix.log
on_server nginx -c /interop/etc/nginx.conf >"$scratch/start" 2>&1 ||
	die 'nginx does not start' "$scratch/start"
set_control trustanchors /interop/tls/ours.pem
set_control mtasts 1

demanded='demanded by MTA-STS\. \(#4\.7\.0\)$'
check 'enforced: the exchanger is named' \
	takes named "$accepted" named.example
check 'enforced: verified' is_verified_by_policy
check 'one request' were_fetched 1
check 'enforced: again' takes again "$accepted" named.example
check 'enforced: verified again' is_verified_by_policy
check 'not fetched again' were_fetched 1
check 'enforced: named by a pattern' takes wild "$accepted" wild.example
check 'enforced: verified by a pattern' is_verified_by_policy
check 'enforced: the second exchanger is the one that is named' \
	takes chosen '^K(192\.0\.2\.25|2001:db8::25) accepted' chosen.example
check 'enforced: verified, of two' is_verified_by_policy
check 'enforced: not named' \
	declines unnamed "^Z.* does not name it, $demanded" unnamed.example
check 'enforced: a certificate for another name' \
	declines wrong "^Z.* is not for mx\\.misnamed\\.example.*$demanded" \
	wrong.example
check 'enforced: no STARTTLS' declines plain \
	"^Z.* does not offer STARTTLS, $demanded" plain.example
check 'tested: no STARTTLS' takes tried \
	'^MTA-STS testing: no TLS with mx\.clear\.example$' tried.example
check 'mode none' takes off "$accepted" off.example
check 'one request for each domain' were_fetched 8
set_control tlspolicy 'unnamed.example:may nosts'
check 'nosts' takes nosts '^TLS1\..*, verified mx\.mail\.example$' \
	unnamed.example
set_control tlspolicy

check 'a policy host of an unknown issuer' \
	takes forged "$accepted" forged.example
check 'a policy host of another name' \
	takes stranger "$accepted" stranger.example
check 'a redirect is not followed' takes moved "$accepted" moved.example
check 'HTML is no policy' takes html "$accepted" html.example
check 'a policy that is not there' takes absent "$accepted" absent.example
check 'a policy host that does not exist' takes gone "$accepted" gone.example

kill "`cat /run/nginx.pid`"
check 'no policy host: what is known holds' \
	takes known "$accepted" named.example
check 'no policy host: verified' is_verified_by_policy
check 'no policy host: what is known still forbids' \
	declines forbidden "$demanded" unnamed.example
finish
