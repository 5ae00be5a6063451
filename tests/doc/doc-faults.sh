# SPDX-License-Identifier: ISC
#
# The commands of doc/finding-faults.md print what stands below them.  To have
# it written anew, in a build directory:
#
#     make check TESTS=tests/doc/doc-faults.sh DOC_FAULTS=write

. "$srcdir/tests/tap.sh"

document=$srcdir/doc/finding-faults.md

walk() {
	mkdir "$scratch/walk" && tests/doc/neighbours "$scratch/walk" \
		/bin/sh "$srcdir/tests/doc/walk.sh" \
		"$document" "$scratch/walk" >"$scratch/document"
}

# Without what differs from day to day, and from machine to machine, and without
# the ends of rows, which depend on it.
timeless() {
	sed -e 's/[0-9]*-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]\(:[0-9][0-9]\)*/DATE/g' \
		-e 's/after [0-9]* ms/after N ms/' \
		-e 's/TLS1\.[0-9], [A-Z0-9-]*/TLS/g' \
		-e 's/[0-9a-f]\{64\}/HEX/g' \
		-e 's/qmail-remote [0-9]*\.[0-9]*\.[0-9]*/qmail-remote VERSION/g' |
		awk 'NR > 1 { printf "%s%s", /^            / ? " " : "\n",
			last }
		{ last = $0; sub(/^            +/, "", last) }
		END { print last }'
}

is_as_written() {
	timeless <"$document" >"$scratch/written"
	timeless <"$scratch/document" >"$scratch/carried-out"
	diff "$scratch/written" "$scratch/carried-out"
}

reason=
test -e tests/sasl.so || reason='built without libgsasl'
tests/doc/neighbours "$scratch" true
test $? -ne 77 || reason='there is no 127.0.0.1'
case $scratch in
*[!A-Za-z0-9_./-]*) reason='what the document types has no quotes' ;;
esac
if test -n "$reason"; then
	skip 'doc/finding-faults.md' "$reason"
	finish
fi
check 'doc/finding-faults.md can be carried out' walk
if test "$DOC_FAULTS" = write; then
	check 'it is written anew' cp "$scratch/document" "$document"
fi
check 'what it shows is true' is_as_written
finish
