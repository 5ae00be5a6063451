# SPDX-License-Identifier: ISC
#
# Sourced by the tests of servers: the cases that all servers share.  The
# server listens on mx.mail.example, takes mail for mail.example up to 1 MB
# and puts it into the maildir $mailbox/all, rejects "refused" and greylists
# "grey".

from=sender@client.example
to=someone@mail.example

# The header that finds a message again, and the others that servers add
# where they are missing.
put_header() {
	cat <<-END
		X-Interop: $1
		From: <$from>
		To: <$to>
		Subject: interoperation
		Date: Thu, 01 Jan 2026 00:00:00 +0000
		Message-ID: <$1@client.example>

	END
}

# Bodies, by name.
body_plain() {
	printf 'hello\n\n.\n..\n.leading\ntrailing \t\nFrom here\n>From\n'
}

body_empty() {
	:
}

body_eight_bit() {
	printf 'Gr\303\274\303\237e \351\350 \377\376\200\n'
}

body_long_lines() {
	head -c 60000 /dev/zero | tr '\0' x | fold -w 990
	echo
}

body_large() {
	head -c 600000 /dev/urandom | base64
}

# Each way to end DATA early that some server has fallen for.
body_smuggled() {
	rest='MAIL FROM:<a@b>\r\nRCPT TO:<someone@mail.example>\r\nDATA\r\n'
	for end in '\n.\n' '\n.\r' '\n.\r\n' '\r.\n' '\r.\r' '\r.\r\n' \
		'\r\n.\n' '\r\n.\r' '\r\n.\r\n'; do
		# shellcheck disable=SC2059
		printf "before${end}${rest}X-Interop: smuggled\r\n\r\n${end}"
	done
	printf 'after\n'
}

# Contents that no server need pass on.
body_nul() {
	printf 'be\0fore\n\0\nafter\n'
}

body_overlong() {
	head -c 5000 /dev/zero | tr '\0' x
	echo
}

# put_message ID BODY: shows the name of the file.
put_message() {
	{ put_header "$1"; "body_$2"; } >"$scratch/$1.message"
	echo "$scratch/$1.message"
}

# What a message in queue form is to be at the end: CRLF and CR are line ends.
canonical() {
	sed 's/\r$//' "$1" | tr '\r' '\n'
}

# The files in the maildir with that message.
find_delivered() {
	grep -lrx "X-Interop: $1" "$mailbox/all/new" 2>/dev/null
}

# is_delivered ID [COUNT]: once, or for so many recipients, and the same byte
# for byte below what servers add.
is_delivered() {
	until_true has_copies "$1" "${2-1}"
	has_copies "$1" "${2-1}" || { echo "copies: $copies"; return 1; }
	canonical "$scratch/$1.message" >"$scratch/expected"
	for file in `find_delivered "$1"`; do
		sed -n '/^X-Interop: /,$p' "$file" |
			cmp "$scratch/expected" - || return 1
	done
}

has_copies() {
	copies=`find_delivered "$1" | wc -l`
	test "$copies" -eq "$2"
}

is_not_delivered() {
	! find_delivered "$1"
}

# Whether a delivered message has a line like this among what was added.
is_traced() {
	find_delivered "$1" >"$scratch/found"
	sed '/^X-Interop: /,$d' "`cat "$scratch/found"`" >"$scratch/trace"
	cat "$scratch/trace"
	tr '\n' ' ' <"$scratch/trace" | grep -Eq "$2"
}

# Whether no message begins within another one.
is_not_smuggled() {
	find_delivered smuggled | while read -r file; do
		grep -x 'X-Interop: .*-smuggled' "$file" || echo "$file"
	done >"$scratch/smuggled"
	cat "$scratch/smuggled"
	! grep '/' "$scratch/smuggled"
}

# takes ID PATTERN HOST [RECIPIENT ...]: reported so, and delivered.
takes() {
	id=$1 pattern=$2 host=$3
	shift 3
	test $# -gt 0 || set -- "$to"
	is_reported "$pattern" "`put_message "$id" plain`" "$host" "$from" \
		"$@" && is_delivered "$id"
}

# takes_two ID HOST: for two recipients, between which one is refused.
takes_two() {
	is_reported '^h.* does not like recipient' \
		"`put_message "$1" plain`" "$2" "$from" one@mail.example \
		refused@mail.example two@mail.example &&
	test "`cut -c 1 "$report" | tr -d '\nR'`" = rhrK &&
	is_delivered "$1" 2
}

# declines ID PATTERN HOST [RECIPIENT ...]: reported so, and not delivered.
declines() {
	id=$1 pattern=$2 host=$3
	shift 3
	test $# -gt 0 || set -- "$to"
	is_reported "$pattern" "`put_message "$id" plain`" "$host" "$from" \
		"$@" && is_not_delivered "$id"
}

accepted='^K.* accepted message'
verified='^TLS1\.[23], .*, verified mx\.mail\.example$'
unverified='^TLS1\.[23], .*, unverified \('
no_tls='^Z.*\(#4\.7\.0\)'

test_contents() {
	for body in plain empty eight_bit long_lines large smuggled; do
		id=$1-$body
		check "$2, $body: accepted" is_reported "$accepted" \
			"`put_message "$id" "$body"`" mail.example "$from" "$to"
		check "$2, $body: the same" is_delivered "$id"
	done
	check "$2: nothing was smuggled" is_not_smuggled
}

# In clear by its own decision, so no TLS line.
is_clear() {
	! grep '^TLS' "$report"
}

test_clear() {
	set_control trustanchors
	test_contents clear 'in clear'
	check 'in clear: no TLS is reported' is_clear
	check 'three recipients, one refused' takes_two mixed mail.example
	check 'only refused recipients' \
		declines refused '^DGiving up on' mail.example \
		refused@mail.example
	check 'greylisted' declines early '^s.* does not like recipient' \
		mail.example grey@mail.example
	check 'greylisted: the code' grep -q '^Remote host said: 45[01]' \
		"$report"
	check 'greylisted: taken the second time' \
		takes late "$accepted" mail.example grey@mail.example
}

# show_fate BODY: what becomes of such a message: refused, lost, kept, without
# its NULs, with blanks for them, its lines cut where they stand, or folded, by
# line ends, blanks and "!".
show_fate() {
	sent=`put_message "$1" "$1"`
	is_reported "$accepted" "$sent" mail.example "$from" "$to" \
		>/dev/null || { echo refused; return; }
	until_true has_copies "$1" 1 || { echo lost; return; }
	sed -n '/^X-Interop: /,$p' "`find_delivered "$1"`" >"$scratch/came"
	if cmp -s "$sent" "$scratch/came"; then
		echo kept
	elif tr -d '\0' <"$sent" | cmp -s - "$scratch/came"; then
		echo removed
	elif tr '\0' ' ' <"$sent" | cmp -s - "$scratch/came"; then
		echo blank
	elif sed 's/\x00.*//' "$sent" | cmp -s - "$scratch/came"; then
		echo cut
	elif tr -d ' \n!' <"$sent" >"$scratch/bare" &&
		tr -d ' \n!' <"$scratch/came" | cmp -s - "$scratch/bare"; then
		echo folded
	else
		echo changed
	fi
}

meets_fate() {
	fate=`show_fate "$1"`
	echo "$fate, not $2"
	cat "$report" "$scratch/came" | head -20 | cat -v
	test "$fate" = "$2"
}

# test_changes NUL LINE: what the server is known to do with NULs and with a
# line of 5,000 characters.
test_changes() {
	check "NUL: $1" meets_fate nul "$1"
	check "5,000 characters in a line: $2" meets_fate overlong "$2"
}

test_size() {
	head -c 1000000 /dev/zero | tr '\0' x | fold -w 76 >"$scratch/x"
	{ put_header oversized; cat "$scratch/x"; echo; } \
		>"$scratch/oversized.message"
	check 'larger than SIZE' is_reported '^D.*\(#5\.3\.4\)' \
		"$scratch/oversized.message" mail.example "$from" "$to"
	check 'larger than SIZE: not sent' is_not_delivered oversized
}

test_tls() {
	for strictness in 0 1 2; do
		set_control tlsstrictness "$strictness"
		set_control trustanchors /interop/tls/ours.pem
		check "strictness $strictness" \
			takes "tls$strictness" "$verified" mail.example
		set_control trustanchors /interop/tls/theirs.pem
		if test "$strictness" -lt 2; then
			check "strictness $strictness, other authority" takes \
				"other$strictness" "$unverified" mail.example
		else
			check "strictness 2, other authority" declines \
				other2 "$no_tls" mail.example
		fi
	done
	set_control trustanchors /interop/tls/ours.pem
	check 'strictness 2, other name' \
		declines misnamed "$no_tls" misnamed.example
	test_contents verified 'verified'
	set_control tlsstrictness
}

# For servers with and without SMTPUTF8: $1 is "offered" or not.
test_utf8() {
	utf8=`printf 'gr\303\274n@mail.example'`
	if test "$1" = offered; then
		check 'SMTPUTF8' takes utf8 "$accepted" mail.example "$utf8"
	else
		check 'SMTPUTF8 missing' \
			declines utf8 '^h.*\(#5\.6\.7\)' mail.example "$utf8"
	fi
}

# One of many: message $1, its report beside it.
put_many() {
	mkdir -p "$scratch/many"
	awk -v count="$1" -v dir="$scratch/many" 'BEGIN {
		srand(1)
		for (i = 1; i <= count; i++) {
			file = dir "/" i
			printf "X-Interop: many-%d\nFrom: <sender@client." \
				"example>\nTo: <someone@mail.example>\n" \
				"Subject: %d\nDate: Thu, 01 Jan 2026 00:00:" \
				"00 +0000\nMessage-ID: <many-%d@client." \
				"example>\n\n", i, i, i >file
			for (lines = int(rand() * 200); lines > 0; lines--)
				printf "%s%d %d\n", rand() < 0.1 ? "." : "", \
					i, rand() * 1e9 >file
			close(file)
		}
	}'
}

is_all_delivered() {
	test "`grep -lrx 'X-Interop: many-.*' "$mailbox/all/new" |
		wc -l`" -ge "$1"
}

# Whether so many lines of the reports are like that.
is_counted() {
	lines=`grep -Ec "$2" "$scratch/reports"`
	echo "$lines reports"
	grep -Ev "$accepted|^TLS|^r|^Remote|^$" "$scratch/reports" | head
	test "$lines" -eq "$1"
}

# Whether all is there, once and the same.
is_same_many() {
	diff -rq "$scratch/many" "$scratch/got.d" >"$scratch/differences"
	differ=$?
	head -20 "$scratch/differences"
	return "$differ"
}

# Those delivered under their names, a second one beside the first.
sort_many() {
	mkdir -p "$scratch/got.d"
	grep -rHx 'X-Interop: many-.*' "$mailbox/all/new" |
	while IFS=: read -r file _ id; do
		sed -n '/^X-Interop: /,$p' "$file" \
			>>"$scratch/got.d/${id# many-}"
	done
}

# test_many COUNT CONCURRENCY [clear]: under TLS with verification or in clear.
test_many() {
	put_many "$1"
	if test "$3" != clear; then
		set_control trustanchors /interop/tls/ours.pem
		set_control tlsstrictness 2
	fi
	began=`date +%s`
	# shellcheck disable=SC2016
	seq "$1" | on_client timeout 300 setpriv --reuid qmailr \
		--regid qmail --clear-groups \
		xargs -P "$2" -n 1 sh -c '"$1" mail.example "$2" "$3" <"$4/$5" |
			tr "\0" "\n"' - "$remote" "$from" "$to" \
			"$scratch/many" >"$scratch/reports"
	elapsed=$((`date +%s` - began))
	echo "# $1 messages in $elapsed seconds"
	check "$1 messages: all accepted" is_counted "$1" "$accepted"
	test "$3" = clear ||
		check "$1 messages: all verified" is_counted "$1" "$verified"
	until_true is_all_delivered "$1"
	sort_many
	check "$1 messages: none lost, none twice, contents the same" \
		is_same_many
	set_control tlsstrictness
}
