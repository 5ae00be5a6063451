# SPDX-License-Identifier: ISC
#
# Switching over from stock's program and back, by the commands of
# qmail-remote(8), in a stage that has a stand-in for stock: after each of them
# qmail-rspawn would run the one of the two that is meant, and at the end all is
# as it was.  Ours goes beside stock's, wherever configure was told to put it.

. "$srcdir/tests/tap.sh"
. "$srcdir/tests/doc/stage.sh"

# What the manual types has no quotes around it.
stage=$scratch/stage
case $stage`value qmailhome` in
*' '*)
	skip 'switching over and back' 'there is a blank in a path'
	finish
	;;
esac

qmail=`value qmailhome`
home=$stage$qmail
programs=$home/bin
pages=$stage`value man8dir`
program=$home/bin/qmail-remote

# The display of the manual that is marked with this word, as it is to be typed,
# in this stage.
display() {
	awk -v word="$1" '
		$1 == ".\\\"" && $2 == "switch" { wanted = $3 == word; next }
		/^\.Bd/ { inside = wanted; wanted = 0; next }
		/^\.Ed/ { inside = 0 }
		inside { gsub(/\\e/, "\\"); print }' \
		"$srcdir/man/qmail-remote.8.in" |
		sed -e "s|@QMAILHOME@|$home|g" -e "s|@QMAILBINDIR@|$programs|g"
}

# stock VERSION: what it says, and what its page says.
put_stock() {
	printf '#!/bin/sh\necho stock %s\n' "$1" >"$scratch/stock" &&
		chmod 755 "$scratch/stock" &&
		mv -f "$scratch/stock" "$program" &&
		echo "stock's page" >"$pages/qmail-remote.8"
}

# A qmail without a queue.  Of qmail-start only what qmail-rspawn does is here.
make_qmail() {
	rm -rf "$stage" && mkdir -p "$home/bin" "$pages" || return 1
	cat >"$home/bin/qmail-start" <<-'EOF'
	#!/bin/sh
	"${QMAILREMOTE-qmail-remote}" --version || echo bounce
	EOF
	chmod 755 "$home/bin/qmail-start" && put_stock 1.06 &&
		as_it_is >"$scratch/before" && start_without
}

as_it_is() {
	(cd "$stage" && find . ! -type d | sort | while read -r file; do
		cksum "$file"; done)
}

# The script that starts qmail, without and with QMAILREMOTE.
start_without() {
	printf 'exec env - PATH="%s:$PATH" qmail-start\n' "$home/bin" \
		>"$scratch/start"
}
start_with() {
	display variable >"$scratch/start"
	grep QMAILREMOTE= "$scratch/start"
}

# runs WORD: what deliveries are made by.
runs() {
	sh "$scratch/start" >"$scratch/said" 2>&1
	cat "$scratch/said"
	sed 1q "$scratch/said" | grep "^$1\( .*\)*\$"
}

# The command of the manual, with the stage for make.
type_make() {
	display "$1" >"$scratch/command"
	cat "$scratch/command"
	grep -x "make $1" "$scratch/command" && make_staged "$@"
}

type_back() {
	display back >"$scratch/command"
	sh -e "$scratch/command"
}

is_as_before() {
	as_it_is | diff "$scratch/before" -
}

ours=qmail-remote
begin() {
	check "$1: stock to begin with" make_qmail
	check 'which runs' runs stock
}
over() {
	check 'make install' type_make install qmailbindir="$qmail/bin" "$@"
}
away() {
	check 'make uninstall' type_make uninstall qmailbindir="$qmail/bin" "$@"
	check 'stock runs' runs stock
}

begin 'by installing'
over
check 'ours runs' runs $ours
check 'the page is ours' grep -F QMAIL-REMOTE "$pages/qmail-remote.8"
check "stock's is kept" grep stock "$pages/qmail-remote.stock.8"
over
check 'ours runs' runs $ours
away
check 'and all is as before' is_as_before

begin 'by QMAILREMOTE'
over
check 'QMAILREMOTE' start_with
check 'ours runs' runs $ours
check 'no QMAILREMOTE' start_without
away
check 'and all is as before' is_as_before

programs=$home/other
begin 'by QMAILREMOTE, and in another directory'
over qmailbindir="$qmail/other"
check 'stock runs' runs stock
check 'QMAILREMOTE' start_with
check 'ours runs' runs $ours
check 'no QMAILREMOTE' start_without
check 'stock runs' runs stock
away qmailbindir="$qmail/other"
check 'and all is as before' is_as_before
programs=$home/bin

begin 'back for a while'
over
check 'back' type_back
check 'stock runs' runs stock
over
check 'ours runs' runs $ours
check 'back once more' type_back
away
check 'and all is as before' is_as_before

for aside in 'cp -p' mv; do
	begin "put aside by $aside"
	check 'aside' $aside "$program" "$program.stock"
	over
	check 'ours runs' runs $ours
	away
	check 'and all is as before' is_as_before
done

begin 'a later stock'
over
check 'a later one comes' put_stock 1.09
over
check 'ours runs' runs $ours
away
check 'the later one runs' runs 'stock 1.09'
over
check 'one later still comes' put_stock 1.10
away
check 'it stays' runs 'stock 1.10'

begin 'stock is a link'
check 'to a program' ln "$program" "$program.real"
check 'it is' ln -sf qmail-remote.real "$program"
as_it_is >"$scratch/before"
over
check 'ours runs' runs $ours
check 'and is no link' test ! -L "$program"
away
check 'which is a link' test -L "$program"
check 'and all is as before' is_as_before
finish
