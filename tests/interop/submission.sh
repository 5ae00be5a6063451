# SPDX-License-Identifier: ISC
#
# Sourced by the tests of services that want credentials, after cases.sh.
# The test says what is particular about a service:
#   offer MECHANISM ...   has it offer these from now on;
#   attempts              how many times somebody has said AUTH, so far;
#   used MECHANISM        whether the last session was authenticated so;
#   $relay, $strongest    its name, and its best mechanism.

account=traveller
password=Wonderland-1865
mechanisms='PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256'

# All that goes over the wire, until stop_capture.
start_capture() {
	ip netns exec client tcpdump -n -i c -s 0 -B 32768 -U \
		-w "$scratch/wire" tcp 2>"$scratch/tcpdump" &
	capture=$!
	until_true grep -q '^tcpdump: listening' "$scratch/tcpdump" ||
		die 'tcpdump does not start' "$scratch/tcpdump"
}

# Not before it has seen the last that was said: a call of port 9, where
# nobody listens, comes after that.
stop_capture() {
	on_client openssl s_client -connect 198.51.100.1:9 </dev/null \
		>/dev/null 2>&1
	until_true is_captured || die 'tcpdump lags behind' "$scratch/tcpdump"
	kill "$capture"
	wait "$capture" 2>/dev/null
}

is_captured() {
	tcpdump -n -r "$scratch/wire" 'dst port 9' 2>/dev/null | grep -q .
}

# How many packets from the client begin with these four letters.
count_commands() {
	letters=`printf %s "$1" | od -A n -t x1 | tr -d ' '`
	tcpdump -n -r "$scratch/wire" "src 192.0.2.2 and
		tcp[((tcp[12] & 0xf0) >> 2):4] = 0x$letters" \
		2>"$scratch/tcpdump" | wc -l
}

# route PORT [PASSWORD] [RELAY]: all mail, with credentials.
route() {
	set_control smtproutes ":${3-$relay}:$1|$account|${2-$password}"
}

# logs_in ID MECHANISM: delivered, and authenticated that way.
logs_in() {
	takes "$1" "$accepted" mail.example &&
		grep -E "$verified" "$report" && until_true used "$2"
}

# is_tried COUNT: so many attempts, when the log has caught up.
is_tried() {
	until_true test_tried "$1"
	echo "attempts: $tried, not $1"
	test "$tried" -eq "$1"
}

test_tried() {
	tried=`attempts`
	test "$tried" -ge "$1"
}

test_mechanisms() {
	verified="^TLS1\\.[23], .*, verified $relay\$"
	set_control trustanchors /interop/tls/ours.pem
	for mechanism; do
		offer "$mechanism"
		for port in 587 465; do
			route "$port"
			check "$relay, $mechanism, port $port" logs_in \
				"$relay-$mechanism-$port" "$mechanism"
		done
	done
}

# Refused once, not tried again; another password is.
test_wrong_password() {
	before=`attempts`
	route 587 Looking-Glass-1871
	check "$relay, wrong password" declines "$relay-wrong" \
		'^Z.*refused the credentials .* line 1\. \(#4\.7\.8\)' \
		mail.example
	check "$relay, wrong password: the code" \
		grep '^Remote host said: 535' "$report"
	check "$relay, wrong password: one attempt" is_tried $((before + 1))
	check "$relay, not within five minutes" declines "$relay-again" \
		'^Z.* less than 5 minutes ago' mail.example
	route 587
	check "$relay, another password" \
		logs_in "$relay-right" "$strongest"
	check "$relay, another password: one more" is_tried $((before + 2))
}

# exposes ID PORT [RELAY]: waits.
exposes() {
	route "$2" "$password" "${3-$relay}"
	check "$relay, not said: strictness $strictness, port $2, $1" \
		declines "$relay-$strictness-$1-$2" "$no_tls" mail.example
}

# test_exposed NAKED PORT: where credentials may not be said.  NAKED is a
# relay that offers AUTH and no TLS.
test_exposed() {
	before=`attempts`
	for strictness in 0 1 2; do
		set_control tlsstrictness "$strictness"
		set_control trustanchors /interop/tls/ours.pem
		exposes 'no TLS' "$2" "$1"
		set_control trustanchors /interop/tls/theirs.pem
		exposes 'another authority' 587
		exposes 'another authority' 465
		test "$strictness" -lt 2 || continue
		set_control trustanchors
		exposes 'no authorities' 587
		exposes 'no authorities' 465
	done
	set_control tlsstrictness
	set_control trustanchors /interop/tls/ours.pem
	route 587
	check "$relay, said" logs_in "$relay-said" "$strongest"
	check "$relay, said once" is_tried $((before + 1))
}

is_offered_in_clear() {
	tcpdump -n -A -r "$scratch/wire" 'src 198.51.100.3' \
		>"$scratch/naked" 2>&1
	cat "$scratch/naked"
	grep '250.AUTH' "$scratch/naked"
}

# What the wire had of all that.
test_wire() {
	stop_capture
	check 'in clear: AUTH was offered' is_offered_in_clear
	check 'in clear: EHLO' test "`count_commands EHLO`" -gt 0
	check 'in clear: never AUTH' test "`count_commands AUTH`" -eq 0
}

# test_many_said COUNT CONCURRENCY PORT: each authenticated.
test_many_said() {
	rm -rf "$scratch/many" "$scratch/got.d" "$mailbox"/all/new/*
	before=`attempts`
	route "$3"
	test_many "$1" "$2"
	check "$1 messages: as many times authenticated" \
		is_tried $((before + $1))
}

# Postfix, with services that want credentials.
start_postfix() {
	cp /interop/etc/main.cf /etc/postfix
	cat /interop/etc/master.cf /interop/etc/submission.cf \
		>/etc/postfix/master.cf
	postconf -e "virtual_uid_maps=static:`id -u mailbox`" \
		"virtual_gid_maps=static:`id -g mailbox`" "$@"
	restart_postfix
}

# A reload leaves it open when the last of the old processes is gone.
restart_postfix() {
	on_server postfix stop >/dev/null 2>&1
	on_server postfix start >"$scratch/start" 2>&1 ||
		die 'postfix does not start' "$scratch/start"
	await_server /var/log/postfix.log
}

# Postfix ends each session with a line of what was said.
postfix_attempts() {
	grep -c ' auth=' /var/log/postfix.log
}

postfix_used() {
	grep -o 'sasl_method=[^,]*, sasl_username=.*' /var/log/postfix.log |
		tail -1 | tee "$scratch/used"
	grep -q "^sasl_method=$1, sasl_username=$account" "$scratch/used"
}
