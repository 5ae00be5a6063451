# SPDX-License-Identifier: ISC
#
# usage: neighbours SCRATCH sh walk.sh DOCUMENT SCRATCH
#
# Prints the document with what its commands print now.  They are the lines of
# displays that begin with "# ", and comments, "<!-- # ... -->", which are not
# shown.  All are carried out in one shell, by the tools of this build, in a
# home of theirs.

document=$1
scratch=$2
home=$scratch/home
internal=$scratch/libexec
tests=`pwd`/tests

QR_TEST_HOME=$home
QR_TEST_IO=$internal/qmail-remote/qmail-remote-io
export QR_TEST_HOME QR_TEST_IO
umask 022

# A home without control files.
install_it() {
	mkdir -p "$home/control" "$home/queue/lock" "$home/run/qmail-remote" \
		"$internal/qmail-remote" || return 1
	head -c 1024 /dev/zero >"$home/queue/lock/tcpto"
	for file in qmail-remote-io qmail-remote-relay idn.so sasl.so; do
		test ! -e "$tests/$file" ||
			ln -s "$tests/$file" "$internal/qmail-remote" ||
			return 1
	done
}

# What the document calls by their names.
qmail_remote_tool() {
	tool=$1
	shift
	"$tests/qmail-remote-$tool" "$@" </dev/null
}
# timed_out OCTET: 192.0.2.OCTET has, twice, ten minutes ago.
timed_out() {
	when=$((`date +%s` - 600))
	for byte in 127 0 0 "$1" 2 0 0 0 $((when & 255)) $((when >> 8 & 255)) \
		$((when >> 16 & 255)) $((when >> 24 & 255)); do
		printf "\\$(printf %03o "$byte")"
	done | dd of="$home/queue/lock/tcpto" conv=notrunc 2>/dev/null
}

# The paths, addresses and ports of the document are not ours.
to_ours() {
	sed -e "s|/var/qmail|$home|g" -e "s|/usr/libexec|$internal|g" \
		-e 's/qmail-remote-\([cpt][a-z]*\) /qmail_remote_tool \1 /g' \
		-e 's/qmail-remote-\([cpt][a-z]*\)$/qmail_remote_tool \1/'
}
from_ours() {
	sed -e "s|$home|/var/qmail|g" -e "s|$internal|/usr/libexec|g" \
		-e 's/127\.0\.0\.1:[0-9]*/127.0.0.1/g' \
		-e 's/127\.0\.0\.\([2-5]\)/192.0.2.\1/g' \
		-e "s/port $QR_TEST_PORT/port 25/g"
}

# Rows that are too long for a page go on below their values.
wrap() {
	awk '{
		line = $0
		column = match(line, /^ +[^ ]+( [^ ]+)*  +/) ? RLENGTH : 0
		while (column > 0 && length(line) > 74 &&
			match(substr(line, column + 1, 75 - column), /.* /)) {
			print substr(line, 1, column + RLENGTH - 1)
			line = substr(blanks, 1, column) \
				substr(line, column + RLENGTH + 1)
		}
		print line
	}
	BEGIN { blanks = "                              " }'
}

carry_out() {
	printf '%s\n' "$1" | to_ours >"$scratch/line"
	. "$scratch/line" >"$scratch/said" 2>&1
}

# What was printed the last time is left out.
install_it || exit 1
skipping=
while IFS= read -r line; do
	case $line in
	'    # '*)
		printf '%s\n' "$line"
		carry_out "${line#    # }"
		from_ours <"$scratch/said" | wrap | sed 's/^./    &/'
		skipping=yes
		continue
		;;
	'    '* | '')
		test -n "$skipping" || printf '%s\n' "$line"
		continue
		;;
	esac
	test -z "$skipping" || echo
	skipping=
	printf '%s\n' "$line"
	case $line in
	'<!-- # '*' -->')
		line=${line#<!-- # }
		carry_out "${line% -->}"
		cat "$scratch/said"
		;;
	esac
done <"$document"
