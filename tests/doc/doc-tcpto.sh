# SPDX-License-Identifier: ISC
#
# qmail-remote-tcpto: that it does what its manual page says, with the output
# that stands there.

. "$srcdir/tests/tap.sh"

page=$srcdir/man/qmail-remote-tcpto.8.in
home=$scratch/home
v4=$home/queue/lock/tcpto
v6=$home/run/qmail-remote/tcpto6
mkdir -p "${v4%/*}" "${v6%/*}"
now=$(date +%s)

# octets NUMBER ...: each as a byte.
octets() {
	for octet; do
		printf "\\$(printf %03o "$octet")"
	done
}

# record TIMEOUTS AGE OCTET ...: the rest of a record behind the address.
record() {
	timeouts=$1
	when=$((now - $2))
	shift 2
	octets "$@" "$timeouts" 0 0 0 $((when & 255)) $((when >> 8 & 255)) \
		$((when >> 16 & 255)) $((when >> 24 & 255)) 0 0 0 0
}

write_tables() {
	{
		record 2 600 192 0 2 25
		record 0 600 192 0 2 1
		record 1 500 198 51 100 7
		head -c 976 /dev/zero
	} >"$v4"
	{
		record 10 1800 32 1 13 184 0 0 0 0 0 0 0 0 0 0 0 37
		record 10 90000 32 1 13 184 0 0 0 0 0 0 0 0 0 0 0 38
		head -c 1736 /dev/zero
	} >"$v6"
}

tcpto() {
	QR_TEST_HOME=$home tests/qmail-remote-tcpto "$@"
}

# Dates differ from day to day.
dateless() {
	sed 's/[0-9]*-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]/DATE/g'
}

example() {
	awk '$1 == ".\\\"" && $2 == "example" { wanted = 1; next }
		/^\.Bd/ { inside = wanted; wanted = 0; next }
		/^\.Ed/ { inside = 0 }
		inside' "$page"
}

shows_the_example() {
	example | dateless >"$scratch/expected"
	test -s "$scratch/expected" &&
		tcpto | dateless | diff "$scratch/expected" -
}

# The first server: when it timed out, and until when it is skipped.
has_times() {
	TZ=UTC0 tcpto >"$scratch/times"
	cat "$scratch/times"
	for time in $((now - 600)) $((now - 600 + 5824)); do
		grep "^192.*$(date -u -d "@$time" '+%Y-%m-%d %H:%M:%S')" \
			"$scratch/times" || return 1
	done
}

# shows NOTHING: no output at all.
shows_nothing() {
	tcpto >"$scratch/output" 2>&1 || return 1
	cat "$scratch/output"
	test ! -s "$scratch/output"
}

# exits STATUS ARGUMENT ...
exits() {
	status=$1
	shift
	tcpto "$@" >"$scratch/output" 2>"$scratch/errors"
	test $? -eq "$status"
}

says() {
	cat "$scratch/$1"
	grep "$2" "$scratch/$1"
}

are_zero() {
	test "$(wc -c <"$v4")" -eq 1024 && test "$(wc -c <"$v6")" -eq 1792 &&
		cat "$v4" "$v6" | tr -d '\0' | cmp -s - /dev/null
}

write_tables
check 'the example' shows_the_example
check 'the times' has_times
check '-c' exits 0 -c
check 'says nothing' test ! -s "$scratch/output"
check 'it empties both' are_zero
check 'then there is nothing to show' shows_nothing
rm "$v6"
check 'no table for IPv6 is an empty one' shows_nothing
check 'which can be emptied' exits 0 -c
check 'and is not made' test ! -e "$v6"
for arguments in -x x '-c x' '-c --version' --help=; do
	# shellcheck disable=SC2086 # words
	check "status of: $arguments" exits 64 $arguments
	case $arguments in
	x | '-c x') check 'which' says errors ': Unexpected argument: "x"' ;;
	esac
	check 'how it is called' says errors '^Usage: qmail-remote-tcpto \[-c\]'
done
check '--help' exits 0 --help
check 'says how' says output '^Usage: qmail-remote-tcpto \[-c\]'
check '--version' exits 0 --version
check 'says which' says output '^qmail-remote [0-9]'

write_tables
rm "$v4"
check 'without the table for IPv4' exits 111
check 'it complains' says errors "^qmail-remote-tcpto: .*$v4"
check 'and shows the other' says output '^2001:db8::25 '
check 'it cannot be emptied' exits 111 -c
check 'it complains again' says errors "^qmail-remote-tcpto: .*$v4"
check 'it is not made' test ! -e "$v4"
rm -r "$home"
check 'without a home' exits 111
check 'it says so' says errors "^qmail-remote-tcpto: .*$home"

# Under cron, or worse.
works_closed() {
	QR_TEST_HOME=$home tests/qmail-remote-tcpto <&- >&- 2>&-
}
mkdir -p "${v4%/*}" "${v6%/*}"
write_tables
check 'without any descriptor' works_closed

# What is shown goes somewhere, or that is a failure.
fails_to_write() {
	QR_TEST_HOME=$home tests/qmail-remote-tcpto >/dev/full
	test $? -eq 111
}
if test -w /dev/full; then
	check 'nowhere to write to' fails_to_write
fi

# Root's place is taken by the user that deliveries run as.
becomes_nobody() {
	chmod 755 "$scratch" "$home" "$home/queue" "$home/run"
	chown -R nobody "$home"
	chmod 700 "${v6%/*}"
	chown root "$v6"
	chmod 600 "$v6"
	QR_TEST_USER=nobody QR_TEST_GROUP=$(id -gn nobody) exits 0 -c &&
		test "$(stat -c %U "$v6")" = nobody
}
if test "$(id -u)" -eq 0 && id nobody >/dev/null 2>&1; then
	check 'root becomes another, and its files go' becomes_nobody
	QR_TEST_USER=nosuchuser
	export QR_TEST_USER
	check 'who is not there' exits 111
	check 'it names the user' says errors 'nosuchuser'
fi

# Anybody else would be told what is not so.
refuses_others() {
	chmod 755 "$scratch" "$home" "$home/queue" "$home/run"
	QR_TEST_USER=$2 QR_TEST_HOME=$home $1 tests/qmail-remote-tcpto \
		>"$scratch/output" 2>"$scratch/errors"
	test $? -eq 111 && says errors "Only root, or the user $2,"
}
if test "$(id -u)" -ne 0; then
	check 'another user is refused' refuses_others '' root
elif setpriv --reuid=65533 true 2>/dev/null; then
	check 'another user is refused' \
		refuses_others 'setpriv --reuid=65533 --clear-groups' nobody
fi
finish
