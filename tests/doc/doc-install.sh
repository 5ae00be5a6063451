# SPDX-License-Identifier: ISC
#
# "make install" into a stage, as any user: what is there, with which modes,
# twice, and that "make uninstall" takes it away again.

. "$srcdir/tests/tap.sh"

. "$srcdir/tests/doc/stage.sh"

has_mode() {
	ls -ld "$2"
	ls -ld "$2" | grep "^$1"
}

list() {
	(cd "$stage" && find . -type f | sort)
}

is_clean() {
	list
	test -z "`list`"
}

# With a command in place of INSTALL_PROGRAM that fails if it has changed what
# was installed before.  The links are there so that no new file gets the number
# of an old one.
installs_aside() {
	cat >"$scratch/numbers" <<-EOF
	while read -r file; do
		ls -i "\$file" || exit 1
	done <"$scratch/installed"
	EOF
	cat >"$scratch/install" <<-EOF
	numbers() { sh "$scratch/numbers"; }
	numbers >"$scratch/before" || exit 1
	`value INSTALL_PROGRAM` "\$@" || exit 1
	numbers | diff "$scratch/before" - || exit 1
	echo "\$1" >>"$scratch/order"
	EOF
	while read -r file; do
		ln "$file" "$scratch/link-${file##*/}" || return 1
	done <"$scratch/installed"
	make_staged install INSTALL_PROGRAM="sh $scratch/install" || return 1
	while read -r file; do
		test -n "`find "$file" -links 1`" || return 1
	done <"$scratch/installed"
}

is_last() {
	cat "$scratch/order"
	sed -n '$p' "$scratch/order" | grep 'qmail-remote$'
}

switch_back() {
	echo stock >"$scratch/stock" &&
		mv -f "$scratch/stock" "$stage$programs/qmail-remote"
}

is_stock() {
	list
	test "`list`" = ".$programs/qmail-remote" &&
		grep stock "$stage$programs/qmail-remote"
}

home=`value qmailhome`
run=`value qmailrun`/qmail-remote
programs=`value qmailbindir`
internal=`value pkglibexecdir`
manual=`value mandir`
completions=`value bashcompletiondir`

make_under_077() {
	(umask 077 && make_staged install)
}

# Under a umask that would have everything for root alone.
others_can_reach_it() {
	find "$stage" -type d ! -perm -005 ! -path "$stage$run" | tee "$scratch/closed"
	test ! -s "$scratch/closed"
}

check 'make install' make_under_077
check 'umask 077 hides nothing' others_can_reach_it
check 'the program' has_mode -rwxr-xr-x "$stage$programs/qmail-remote"
for tool in `value tools`; do
	tool=${tool##*/}
	check "$tool" has_mode -rwxr-xr-x "$stage$programs/$tool"
	test "$completions" = no ||
		check "its completion" test -s "$stage$completions/$tool"
done
check 'the internal one' \
	has_mode -rwxr-xr-x "$stage$internal/qmail-remote-io"
check 'the relay' has_mode -rwxr-xr-x "$stage$internal/qmail-remote-relay"
check 'the run directory' has_mode drwx------ "$stage$run"
check 'the directory above it' has_mode drwxr-xr-x "$stage${run%/*}"
for page in man5/qmail-remote-control.5 \
	man5/qmail-remote-reports.5 man8/qmail-remote.8 \
	man8/qmail-remote-io.8 man8/qmail-remote-tcpto.8 \
	man8/qmail-remote-check.8 man8/qmail-remote-probe.8; do
	check "$page" test -s "$stage$manual/$page"
done
check 'nothing in control' test ! -e "$stage$home/control"
check 'no trace of the stage' \
	sh -c '! grep -r -l -F "$1" "$2"' - "$scratch" "$stage"
list >"$scratch/once"
check 'make install once more' make_staged install
list >"$scratch/twice"
check 'which adds nothing' diff "$scratch/once" "$scratch/twice"
{
	echo "$stage$programs/qmail-remote"
	for file in `value tools`; do
		echo "$stage$programs/${file##*/}"
	done
	for file in `value internal`; do
		echo "$stage$internal/${file##*/}"
	done
} >"$scratch/installed"
check 'programs are replaced by complete ones' installs_aside
check 'qmail-remote is the last of them' is_last
list >"$scratch/thrice"
check 'and nothing else is left' diff "$scratch/once" "$scratch/thrice"
check 'install-owner is refused' sh -c '! "$@"' - "${MAKE:-make}" \
	DESTDIR="$stage" install-owner
check 'make uninstall' make_staged uninstall
check 'which leaves no file' is_clean
check 'nor the run directory' test ! -e "$stage$run"
check 'nor that of the internal program' test ! -e "$stage$internal"
check 'make install for stock to come back' make_staged install
check 'as a program of that name' switch_back
check 'make uninstall again' make_staged uninstall
check 'which leaves stock alone' is_stock
finish
