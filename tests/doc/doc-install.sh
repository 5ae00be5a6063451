# SPDX-License-Identifier: ISC
#
# "make install" into a stage, as any user: what is there, with which modes,
# twice, and that "make uninstall" takes it away again.

. "$srcdir/tests/tap.sh"

stage=$scratch/stage
make_staged() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
		"${MAKE:-make}" DESTDIR="$stage" "$@"
}


# The value of a variable of the Makefile, with those in it replaced.
value() {
	echo "show-it: ; @echo \$($1)" >"$scratch/show.mk"
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
		"${MAKE:-make}" -s -f Makefile -f "$scratch/show.mk" show-it
}

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
	for file in $installed; do
		ln "$file" "$scratch/link-${file##*/}" || return 1
	done
	cat >"$scratch/install" <<-EOF
	ls -i $installed >"$scratch/before" || exit 1
	`value INSTALL_PROGRAM` "\$@" || exit 1
	ls -i $installed | diff "$scratch/before" - || exit 1
	echo "\$1" >>"$scratch/order"
	EOF
	make_staged install INSTALL_PROGRAM="sh $scratch/install" || return 1
	for file in $installed; do
		test -n "`find "$file" -links 1`" || return 1
	done
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

check 'make install' make_staged install
check 'the program' has_mode -rwxr-xr-x "$stage$programs/qmail-remote"
check 'the internal one' \
	has_mode -rwxr-xr-x "$stage$internal/qmail-remote-io"
check 'the relay' has_mode -rwxr-xr-x "$stage$internal/relay.so"
check 'the run directory' has_mode drwx------ "$stage$run"
check 'the directory above it' has_mode drwxr-xr-x "$stage${run%/*}"
for page in man5/qmail-remote-control.5 man8/qmail-remote.8 \
	man8/qmail-remote-io.8; do
	check "$page" test -s "$stage$manual/$page"
done
check 'nothing in control' test ! -e "$stage$home/control"
check 'no trace of the stage' \
	sh -c '! grep -r -l -F "$1" "$2"' - "$scratch" "$stage"
list >"$scratch/once"
check 'make install once more' make_staged install
list >"$scratch/twice"
check 'which adds nothing' diff "$scratch/once" "$scratch/twice"
installed=$stage$programs/qmail-remote
for file in `value internal`; do
	installed="$installed $stage$internal/${file##*/}"
done
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
