# SPDX-License-Identifier: ISC
#
# The texts beside the manual: that they name what there is, and that what the
# README tells to type does what it says.

. "$srcdir/tests/tap.sh"
. "$srcdir/tests/doc/stage.sh"

version=`value VERSION`

# begins FILE PATTERN: the first line that fits is of this version.
begins() {
	grep "$2" "$srcdir/$1" | sed 1q | tee "$scratch/first"
	grep -F "$version" "$scratch/first"
}

# have FILE BEFORE BEHIND: each word of standard input is in it, so enclosed.
have() {
	while read -r word; do
		grep -q -F "$2$word$3" "$srcdir/$1" || {
			echo "$word is not in $1"
			return 1
		}
	done
}

rooms_are_in_hacking() {
	(cd "$srcdir/src" && ls -d */) | have HACKING src/ ''
}

targets_are_in_their_table() {
	value fuzz_targets | tr -s ' \t' '\n\n' | sed '/^$/d' |
		have fuzz/README.md '| ' ' |'
}

directories_are_in_their_table() {
	(cd "$srcdir/tests" && ls -d */) | have tests/README.md '| `' '` |'
}

# The pages of ours that others refer to, and whether they are there.
references_are_there() {
	sed -n 's/^\.Xr \(qmail-remote[a-z-]*\) \([58]\).*/\1.\2/p' \
		"$srcdir"/man/*.in | sort -u | while read -r page; do
		test -f "$srcdir/man/$page.in" || echo "$page"
	done | tee "$scratch/missing"
	test ! -s "$scratch/missing"
}

files_are_there() {
	sed -n 's/^\.Pa \(doc\/.*\)/\1/p' "$srcdir"/man/*.in |
		while read -r file; do
			test -f "$srcdir/$file" || echo "$file"
		done | tee "$scratch/missing"
	test ! -s "$scratch/missing"
}

pages_are_in_see_also() {
	for page in `value man_MANS`; do
		page=${page#man/}
		echo "${page%.*} ${page##*.}"
	done | have man/qmail-remote.8.in '.Xr ' ''
}

check 'NEWS begins with this version' begins NEWS '^\* '
check "Debian's changelog, too" begins distro/debian/changelog '^qmail-remote'
check 'the .spec, too' begins distro/fedora/qmail-remote.spec '^Version:'
check 'pages refer to pages that are there' references_are_there
check 'and to files that are' files_are_there
check 'qmail-remote(8) refers to all' pages_are_in_see_also
check 'HACKING has all rooms' rooms_are_in_hacking
check 'fuzz/README.md has all targets' targets_are_in_their_table
check 'tests/README.md has all directories' directories_are_in_their_table

# The display behind the words, in a home of ours.
home=$scratch/home
control=$home/control
type_provider() {
	mkdir -p "$control" "$home/run/qmail-remote" &&
		echo mail.example.net >"$control/me" || return 1
	{
		echo 'chown() { echo "$@" >../owner; }'
		sed -n '/^All mail through a provider/,/^## /s/^    //p' \
			"$srcdir/README.md" | sed "s|/var/qmail|'$home'|"
	} >"$scratch/typed"
	cat "$scratch/typed"
	test `wc -l <"$scratch/typed"` -eq 4 && sh -e "$scratch/typed"
}

# complains ABOUT: qmail-remote-check does.
complains() {
	QR_TEST_HOME=$home QR_TEST_SYSTEM_TRUST=$scratch/none \
		tests/qmail-remote-check >"$scratch/complaints"
	cat "$scratch/complaints"
	grep "control/$1:" "$scratch/complaints"
}
is_content_with() {
	! complains "$1" && test -s "$scratch/complaints"
}

# The units of distro/systemd, as systemd reads them.
units=distro/systemd/qmail-remote-check
unit_runs_the_tool() {
	cat $units.service
	grep -x "ExecStart=`value qmailbindir`/qmail-remote-check" \
		$units.service && grep -x "User=`value qmailr_user`" $units.service
}
verify_units() {
	mkdir "$scratch/units" && cp $units.timer "$scratch/units" &&
		sed 's|^ExecStart=.*|ExecStart=/bin/true|' $units.service \
			>"$scratch/units/qmail-remote-check.service" &&
		systemd-analyze verify --man=no "$scratch"/units/* \
			>"$scratch/verified" 2>&1
	status=$?
	cat "$scratch/verified"
	test "$status" -eq 0 && test ! -s "$scratch/verified"
}
check 'the unit of the timer runs the tool' unit_runs_the_tool
if systemd-analyze --version >/dev/null 2>&1; then
	check 'systemd has nothing against it' verify_units
else
	skip 'the units of systemd' 'no systemd-analyze'
fi

check 'three lines send all mail through a provider' type_provider
check 'the secret is for its owner' \
	test "`ls -l "$control/smtproutes" | cut -c1-10`" = -rw-------
check 'who is qmailr' grep '^qmailr new$' "$home/owner"
check 'the route is accepted' is_content_with smtproutes
chmod 644 "$control/smtproutes"
check 'not so if others can read it' complains smtproutes
finish
