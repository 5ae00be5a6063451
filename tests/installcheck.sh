# SPDX-License-Identifier: ISC
#
# Proves an installed tree, with a real delivery where possible: "make
# installcheck" runs this, and so does the Debian package's autopkgtest.
# The home is compiled in.  One that is writable and has no control directory
# gets one for the time of this; one in use is left alone.
#
# From the environment: HOME_DIRECTORY, RUN_DIRECTORY, QMAIL_REMOTE,
# QMAIL_REMOTE_IO, QMAILR_USER, VERSION, DESTDIR.  tests/dnsd, tests/rspawn
# and tests/smtpd are expected in the working directory.

. "${0%/*}/tap.sh"

home=$HOME_DIRECTORY
tools=`pwd`
resolver=

is_installed() {
	test -x "$1" && test ! -g "$1" && test ! -u "$1"
}

says_version() {
	"$1" --version >"$scratch/version"
	cat "$scratch/version"
	grep -F "$VERSION" "$scratch/version" &&
		grep -F "$home" "$scratch/version"
}

says_help() {
	"$1" --help | grep -F 'Report bugs to <'
}

# Who will run deliveries: whoever has installed for himself, or qmailr.
run_user() {
	if test "`id -u`" -ne 0 &&
		test -n "`find "$RUN_DIRECTORY" -prune -user "\`id -u\`"`"; then
		id -u
	else
		id -u "$QMAILR_USER" 2>/dev/null
	fi
}

# Another user's files in it, or a way to it that is closed, and deliveries do
# without the run directory; they do not complain.
is_usable() {
	find "$RUN_DIRECTORY" \( ! -user "$1" -o ! -perm -600 \) \
		-exec ls -ld {} + >"$scratch/others"
	above=$RUN_DIRECTORY
	while above=${above%/*} && test -n "$above"; do
		find "$above" -prune ! -perm -001 ! -user "$1" \
			-exec ls -ld {} + >>"$scratch/others"
	done
	sed 's/^/no use to the user of deliveries: /' "$scratch/others"
	test ! -s "$scratch/others"
}

# The arguments are host, sender and recipient.
run_remote() {
	set -- "$QMAIL_REMOTE" "$scratch/message" "$@"
	test -z "$resolver" || set -- -e "DNSCACHEIP=$resolver" "$@"
	if test "`id -u`" -eq 0 && id -u "$QMAILR_USER" >/dev/null 2>&1; then
		set -- -u "$QMAILR_USER" "$@"
	fi
	printf 'Subject: x\n\n.dot\n' >"$scratch/message"
	"$tools/tests/rspawn" "$@" >"$scratch/report"
}

# A sender that is never sent, in case the home is in use.
reports() {
	run_remote example.org 'a
b@example.net' b@example.org
	cat "$scratch/report"
	grep '^[ZD].*(#[45]\.[0-9]*\.[0-9]*)$' "$scratch/report"
}

can_deliver() {
	test -z "$DESTDIR" && test -d "$home" && test -w "$home" &&
		test ! -e "$home/control"
}

# The tests' servers, until their standard input ends; each says first where it
# listens.  The one for mail takes options of tests/smtpd.
start_server() {
	mkfifo "$scratch/input" "$scratch/output"
	mkdir -m 755 "$scratch/tls"
	"$tools/tests/smtpd" "$@" <"$scratch/input" >"$scratch/output" &
	exec 3>"$scratch/input" 4<"$scratch/output"
	read -r address word port <&4
}

stop_server() {
	exec 3>&-
	cat <&4 >"$scratch/dialogue"
	exec 4<&-
}

start_resolver() {
	mkfifo "$scratch/questions" "$scratch/answers"
	"$tools/tests/dnsd" "$scratch/zone" \
		<"$scratch/questions" 3>&- >"$scratch/answers" &
	exec 5>"$scratch/questions" 6<"$scratch/answers"
	read -r resolver <&6
}

stop_resolver() {
	test -n "$resolver" || return 0
	exec 5>&-
	cat <&6 >>"$scratch/dialogue"
	exec 6<&-
	resolver=
}

# A zone that is signed, with that TLSA record of the server.
write_zone() {
	cat >"$scratch/zone" <<-EOF
	mx.example.org A $address
	_$port._tcp.mx.example.org TLSA $1
	* * !signed
	EOF
}

# The control files for a way to deliver.
write_control() {
	echo mail.example.net >"$home/control/me"
	relay="[$address]"
	credentials=
	case $1 in
	tls | auth)
		echo "$scratch/tls/ca.pem" >"$home/control/trustanchors"
		echo 2 >"$home/control/tlsstrictness"
		chmod 755 "$scratch"
		;;
	dane*)
		echo 1 >"$home/control/dane"
		echo :dane-only >"$home/control/tlspolicy"
		relay=mx.example.org
		;;
	esac
	test "$1" != auth || credentials='|office|a secret'
	echo ":$relay:$port$credentials" >"$home/control/smtproutes"
	chmod -R a+rX "$home/control" "$scratch/tls"
}

start_servers() {
	case $1 in
	clear) start_server ;;
	auth) start_server -t "$scratch/tls" -u office -p 'a secret' ;;
	*) start_server -t "$scratch/tls" ;;
	esac || return 1
	case $1 in
	dane) write_zone "`cat "$scratch/tls/tlsa"`" && start_resolver ;;
	dane-other-key)
		write_zone "3 1 1 `printf %064d 0`" && start_resolver
		;;
	esac
}

# attempt WAY: leaves report and dialogue, and no control files.
attempt() {
	rm -f "$scratch/dialogue"
	start_servers "$1" && mkdir -m 755 "$home/control" || return 1
	write_control "$1"
	run_remote example.org a@example.net b@example.org
	status=$?
	stop_server
	stop_resolver
	wait
	rm -r "$scratch/input" "$scratch/output" "$scratch/tls"
	rm -f "$scratch/questions" "$scratch/answers" "$scratch/zone"
	rm -rf "$home/control"
	for file in smtproutes tlspolicy trustanchors; do
		rm -f "$RUN_DIRECTORY/$file.cdb" "$RUN_DIRECTORY/$file.lock"
	done
	cat "$scratch/report" "$scratch/dialogue"
	return "$status"
}

# deliver WAY EVIDENCE: a pattern of the report's last line, or nothing.
deliver() {
	attempt "$1" &&
		grep '^K127.0.0.1 accepted message.$' "$scratch/report" &&
		grep 'RCPT TO:<b@example.org>' "$scratch/dialogue" &&
		grep "$2" "$scratch/report"
}

# The server accepts nothing without, and the password is proved, not sent.
deliver_with_auth() {
	deliver auth '^TLS.*, verified 127.0.0.1$' &&
		grep 'AUTH SCRAM-SHA-' "$scratch/dialogue"
}

# Another key than that of the TLSA record gets nothing of the message.
keeps_for_other_key() {
	attempt dane-other-key
	grep '^Z.* TLSA' "$scratch/report" &&
		grep STARTTLS "$scratch/dialogue" &&
		! grep MAIL "$scratch/dialogue"
}

deliver_all() {
	check 'it delivers a message' deliver clear '^Remote host said: '
	check 'and one under TLS' deliver tls '^TLS.*, verified 127.0.0.1$'
	check 'one under DANE' deliver dane \
		'^TLS.*, verified mx.example.org, DANE-EE$'
	check 'and none where a TLSA record is of another key' \
		keeps_for_other_key
	if test -e "${QMAIL_REMOTE_IO%/*}/sasl.so"; then
		check 'one with AUTH' deliver_with_auth
	else
		skip 'one with AUTH' 'without libgsasl'
	fi
}

check 'qmail-remote is installed' is_installed "$QMAIL_REMOTE"
check 'so is qmail-remote-io' is_installed "$QMAIL_REMOTE_IO"
check 'and the relay' is_installed "${QMAIL_REMOTE_IO%/*}/qmail-remote-relay"
check 'the module of tinycdb' is_installed "${QMAIL_REMOTE_IO%/*}/cdb.so"
check 'and the module of libidn2' is_installed "${QMAIL_REMOTE_IO%/*}/idn.so"
check 'the run directory is there' test -d "$DESTDIR$RUN_DIRECTORY"
description='and of use to the user who runs qmail-remote'
if test -n "$DESTDIR"; then
	skip "$description" 'staged'
elif user=`run_user`; then
	check "$description" is_usable "$user"
else
	skip "$description" "there is no user $QMAILR_USER"
fi
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
	deliver_all
else
	skip 'deliveries' "$home is in use or not writable"
fi
finish
