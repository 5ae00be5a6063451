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
check 'install-owner is refused' sh -c '! "$@"' - "${MAKE:-make}" \
	DESTDIR="$stage" install-owner
check 'make uninstall' make_staged uninstall
check 'which leaves no file' is_clean
check 'nor the run directory' test ! -e "$stage$run"
check 'nor that of the internal program' test ! -e "$stage$internal"
finish
