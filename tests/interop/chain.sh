# SPDX-License-Identifier: ISC
#
# packages: unbound nsd postfix ldnsutils sasl2-bin libsasl2-modules
# seconds: 1800
#
# A whole chain: messages that a qmail sends, from qmail-queue to the maildirs
# of Postfix.

. /interop/lib.sh
. /interop/cases.sh
. /interop/signed.sh
. /interop/submission.sh
. /interop/cyrus.sh
. /interop/qmail.sh

many=1000

sign_names() {
	mkdir -p "$dns"
	cd "$dns" || exit 99
	put_record mx.mail server311 |
		cat /interop/etc/example.zone /interop/etc/submission.zone - \
		>example.zone
	sign example
	mv example.signed example.zone
	cd / || exit 99
}

# The releases that replace each other: this one, and one of another version,
# which is all that its programs ask of each other.  Only the first figure of
# it is another, for compilers let shorter texts share the end of this one.
put_releases() {
	version=`"$remote" --version | sed -n '1s/.* //p'`
	other=9${version#?}
	pattern=`echo "$version" | sed 's/\./\\\\./g'`
	while read -r file; do
		for release in this other; do
			mkdir -p "/interop/$release/${file%/*}"
			cp -p "/$file" "/interop/$release/$file"
		done
		sed -i "s/$pattern/$other/g" "/interop/other/$file"
	done </interop/programs
}

is_release() {
	"$remote" --version | head -1
	"$remote" --version | grep -Fqx "qmail-remote $1"
}

# upgrade RELEASE: as dpkg does it, all beside the old ones and then one rename
# after the other; between two of them deliveries end.
upgrade() {
	while read -r file; do
		cp -p "/interop/$1/$file" "/$file.dpkg-new"
	done </interop/programs
	while read -r file; do
		mv "/$file.dpkg-new" "/$file"
		await_ends 3 || return 1
	done </interop/programs
}

# In all mixtures, for programs come in the same order to and fro.
upgrade_often() {
	for release in other this other this other; do
		upgrade "$release" || return 1
	done
}

# Some of the processes that deliver, by both signals in turn.
kill_few() {
	victims=`pgrep '^qmail-remote' | shuf -n 4`
	test -n "$victims" || { retry; return 1; }
	for victim in $victims; do
		case $signal in
		KILL) signal=TERM ;;
		*) signal=KILL ;;
		esac
		read -r name <"/proc/$victim/comm" &&
			kill -s "$signal" "$victim" &&
			echo "$name by $signal" >>"$scratch/killed"
	done
} 2>/dev/null

# While mail goes on, 50 at least; no more than 150, that it may come to an end.
kill_many() {
	: >"$scratch/killed"
	await_ends 10
	until test "`wc -l <"$scratch/killed"`" -ge 150 || is_queue_empty; do
		kill_few
	done
	test "`wc -l <"$scratch/killed"`" -ge 50
}

# As init or a supervisor would start it again.
kill_senders() {
	for each in 1 2 3 4 5; do
		await_ends 50 || return 1
		kill_qmail
		start_qmail
	done
}

# begin COUNT [VARIABLE=VALUE ...]: so many messages are on their way.
begin() {
	rm -rf "$log" "$mailbox"/all/new/*
	mkdir "$log"
	runs=0
	spared=$queue/lock
	expected=$1
	shift
	start_qmail "$@"
	began=`date +%s`
	inject "$expected" &
	injector=$!
}

is_spool_empty() {
	test -z "`find /var/spool/postfix/incoming /var/spool/postfix/active \
		/var/spool/postfix/deferred -type f`"
}

# Each copy that came, by its number; and those that are not as they were sent.
collect() {
	: >"$scratch/changed"
	grep -rHx 'X-Interop: many-.*' "$mailbox/all/new" |
	while IFS=: read -r file _ id; do
		echo "${id# many-}"
		sed -n '/^X-Interop: /,$p' "$file" |
			cmp -s - "$scratch/many/${id# many-}" ||
			echo "$file" >>"$scratch/changed"
	done >"$scratch/copies"
}

# Until all is delivered, or nothing more becomes of it.
await() {
	wait "$injector" || die 'qmail-queue fails'
	within 300 is_drained
	elapsed=$((`date +%s` - began))
	stop_qmail
	until_true is_spool_empty
	account "$expected" >"$scratch/account"
	collect
	awk -v count="$expected" -v seconds="$elapsed" -v copies="`wc -l \
		<"$scratch/copies"`" '{
		successes += $2
		deferrals += $3
		failures += $4
		doubts += $5
	}
	END {
		print "# " count " messages in " seconds " seconds: " \
			successes " successes, " deferrals " deferrals, " \
			failures " failures, " copies " copies, " \
			doubts " in doubt"
	}' "$scratch/account"
}

# Whether each came, and only those in doubt more than once.
is_none_lost() {
	awk 'FILENAME == ARGV[1] {
		copies[$1]++
		next
	}
	copies[$1] < 1 || copies[$1] > 1 + $5 || $2 < 1 {
		if (bad++ < 10)
			print $1 ": " copies[$1] + 0 " copies, " $2 \
				" successes, " $5 " doubts"
	}
	END {
		exit bad > 0
	}' "$scratch/copies" "$scratch/account"
}

is_none_changed() {
	head "$scratch/changed"
	test ! -s "$scratch/changed"
}

# Whether no line of the logs is like that.
is_unsaid() {
	cat "$log"/* | grep -E "$1" | head >"$scratch/said"
	cat "$scratch/said"
	test ! -s "$scratch/said"
}

# Whether so many are.
is_said() {
	lines=`cat "$log"/* | grep -Ec "$2"`
	echo "$lines lines, not $1: $2"
	cat "$log"/* | grep -Ev "$2" | grep '^delivery ' | head
	test "$lines" -eq "$1"
}

# Whether deliveries were put off, and for such reasons only.
is_put_off() {
	cat "$log"/* | grep '^delivery [0-9]*: deferral: ' >"$scratch/deferrals"
	grep -Ev "deferral: .*($1)" "$scratch/deferrals" | head >"$scratch/other"
	cat "$scratch/other"
	test -s "$scratch/deferrals" && test ! -s "$scratch/other"
}

has_none() {
	! pgrep -l "$1"
}

# What holds whatever happened on the way.
test_end() {
	check "$1: none lost, none twice but where in doubt" is_none_lost
	check "$1: contents the same" is_none_changed
	check "$1: no failure, no bounce, no warning" is_unsaid \
		'^delivery [0-9]*: failure|^bounce |^warning|^alert|mangled'
	check "$1: the queue is empty" is_queue_empty
	check "$1: no process is left" until_true has_none '^qmail-'
}

# test_way NAME COUNT SUCCESS [VARIABLE=VALUE ...]: nothing happens on the way.
test_way() {
	way=$1
	success=$3
	number=$2
	shift 3
	begin "$number" "$@"
	await
	check "$way: $expected successes" \
		is_said "$expected" "^delivery [0-9]*: success: $success"
	check "$way: no deferral" is_unsaid '^delivery [0-9]*: deferral'
	test_end "$way"
}

taken='[0-9a-f.:]*_accepted_message\./Remote_host_said:_250_[^/]*/'
under_tls='TLS1\.[23],_[^/]*,_verified_mx\.mail\.example'

test_clear_way() {
	test_way 'in clear' "$many" "$taken\$"
}

use_tls() {
	set_control trustanchors /interop/tls/ours.pem
	set_control tlsstrictness 2
}

test_tls_way() {
	use_tls
	test_way 'verified TLS' "$many" "$taken$under_tls/\$"
}

use_dane() {
	set_control trustanchors
	set_control tlsstrictness
	set_control dane 1
	set_control tlspolicy ':dane-only'
}

test_dane_way() {
	use_dane
	test_way DANE "$many" "$taken$under_tls,_DANE-EE/\$"
	set_control dane
	set_control tlspolicy
}

test_auth_way() {
	use_tls
	route 465
	before=`attempts`
	test_way AUTH "$many" \
		"${taken}TLS1\\.[23],_[^/]*,_verified_relay\\.example/\$"
	check 'AUTH: as many times authenticated' is_tried $((before + many))
	set_control smtproutes
}

# In place of qmail's program there is one that fails.
test_variable() {
	if ! grep -q QMAILREMOTE "$INTEROP_QMAIL/bin/qmail-rspawn"; then
		skip 'QMAILREMOTE' 'this qmail-rspawn does not know it'
		return
	fi
	mkdir -p /interop/elsewhere
	mv "$remote" /interop/elsewhere/
	cp /bin/false "$remote"
	test_way QMAILREMOTE 100 "$taken" \
		QMAILREMOTE=/interop/elsewhere/qmail-remote
	mv /interop/elsewhere/qmail-remote "$remote"
}

# By AUTH, for it takes most of the programs.
test_upgrade() {
	use_tls
	route 465
	put_releases
	begin "$many"
	check 'upgraded: five times under load' upgrade_often
	check 'upgraded: to the other release' is_release "$other"
	await
	check 'upgraded: put off where versions were mixed, and only there' \
		is_put_off 'another_version|#4\.3\.5'
	test_end upgraded
	set_control smtproutes
}

test_killing() {
	use_dane
	begin "$many"
	check 'killed: many processes under load' kill_many
	sort "$scratch/killed" | uniq -c |
		sed -e 's/^/# killed:/' -e 's/-re by/-relay by/'
	await
	check 'killed: put off, for that and for nothing else' \
		is_put_off 'crashed|#4\.4\.2|the_TLS_relay_ended_early'
	test_end killed
	set_control dane
	set_control tlspolicy
}

test_senders() {
	use_tls
	begin "$many"
	check 'qmail-send killed: five times under load' kill_senders
	await
	test_end 'qmail-send killed'
}

if test -z "$INTEROP_QMAIL"; then
	skip chain 'INTEROP_QMAIL names no qmail'
	finish
fi
find_qmail
empty_qmail
install_packages
make_home
set_control concurrencyremote 20
make_certificates
start_network
sign_names
start_signed_names
start_cyrus
offer SCRAM-SHA-256
put_many "$many"

test_clear_way
test_tls_way
test_dane_way
test_auth_way
test_variable
test_upgrade
test_killing
test_senders
finish
