# SPDX-License-Identifier: ISC
#
# Proves an installed tree, with a real delivery where possible: "make
# installcheck" runs this, and so does the Debian package's autopkgtest.
# The home is compiled in.  One that is writable and has no control directory
# gets one for the time of this; one in use is left alone.
#
# From the environment: HOME_DIRECTORY, RUN_DIRECTORY, QMAIL_REMOTE,
# QMAIL_REMOTE_IO, VERSION, DESTDIR.  tests/rspawn and tests/smtpd are
# expected in the working directory.

. "${0%/*}/tap.sh"

home=$HOME_DIRECTORY
tools=`pwd`

is_installed() {
	test -x "$1" && test ! -g "$1" && test ! -u "$1"
}

says_version() {
	"$1" --version | grep -F "$VERSION"
}

says_help() {
	"$1" --help | grep -F 'Report bugs to <'
}


reports() {
	printf '%b' 'Subject: x\n\nx\n' >"$scratch/message"
	"$tools/tests/rspawn" "$QMAIL_REMOTE" "$scratch/message" \
		'[127.0.0.1]' '' b@example.org >"$scratch/report"
	cat "$scratch/report"
	grep '^[ZD].*(#[45]\.[0-9]*\.[0-9]*)$' "$scratch/report"
}

can_deliver() {
	test -z "$DESTDIR" && test -d "$home" && test -w "$home" &&
		test ! -e "$home/control"
}

# The server of the tests, until its standard input ends.
start_server() {
	mkfifo "$scratch/end"
	"$tools/tests/smtpd" <"$scratch/end" >"$scratch/dialogue" &
	exec 3>"$scratch/end"
	while ! grep -q port "$scratch/dialogue"; do
		kill -0 $! || return 1
	done
	port=`sed -n 's/.* port //p' "$scratch/dialogue"`
}

deliver() {
	start_server || return 1
	mkdir "$home/control" || return 1
	echo mail.example.net >"$home/control/me"
	echo ":[127.0.0.1]:$port" >"$home/control/smtproutes"
	printf '%b' 'Subject: x\n\n.dot\n' >"$scratch/message"
	"$tools/tests/rspawn" "$QMAIL_REMOTE" "$scratch/message" \
		example.org a@example.net b@example.org >"$scratch/report"
	status=$?
	exec 3>&-
	wait
	rm -rf "$home/control"
	rm -f "$RUN_DIRECTORY/smtproutes.cdb" "$RUN_DIRECTORY/smtproutes.lock"
	cat "$scratch/report" "$scratch/dialogue"
	test $status -eq 0 &&
		grep '^K127.0.0.1 accepted message.$' "$scratch/report" &&
		grep 'RCPT TO:<b@example.org>' "$scratch/dialogue"
}

check 'qmail-remote is installed' is_installed "$QMAIL_REMOTE"
check 'so is qmail-remote-io' is_installed "$QMAIL_REMOTE_IO"
check 'the run directory is there' test -d "$DESTDIR$RUN_DIRECTORY"
for program in "$QMAIL_REMOTE" "$QMAIL_REMOTE_IO"; do
	check "${program##*/} --version" says_version "$program"
	check "${program##*/} --help" says_help "$program"
done
if test -z "$DESTDIR"; then
	check 'it reports in the form of qmail' reports
else
	skip 'it reports in the form of qmail' 'staged'
fi
if can_deliver; then
	check 'it delivers a message' deliver
else
	skip 'it delivers a message' "$home is in use or not writable"
fi
finish
