# SPDX-License-Identifier: ISC
#
# The licences of what autoreconf copies here: that distro/debian/copyright says
# of each file what it says of itself.

. "$srcdir/tests/tap.sh"

# A pattern and its licence on a line, in their order.
awk '/^Files:/ { list = $0; sub(/^Files: /, "", list); inside = 1; next }
	inside && /^ / { list = list $0; next }
	/^License:/ && inside {
		sub(/^License: /, "")
		count = split(list, patterns, " ")
		for (i = 1; i <= count; i++) print patterns[i], $0
		inside = 0
	}' "$srcdir/distro/debian/copyright" >"$scratch/patterns"

# The last one that fits counts.
stated() {
	while read -r pattern licence; do
		case $1 in
		$pattern) echo "$licence" ;;
		esac
	done <"$scratch/patterns" | sed -n '$p'
}

# What the file says itself.
own() {
	if grep -q 'SPDX-License-Identifier[:] ISC' "$1"; then
		echo ISC
	elif grep -q 'either version 3' "$1"; then
		echo 'GPL-3+ with Autoconf exception'
	elif grep -q 'either version 2' "$1"; then
		echo 'GPL-2+ with Autoconf exception'
	elif grep -q 'X CONSORTIUM' "$1"; then
		echo X11
	else
		echo FSFULLR
	fi
}

is_stated() {
	echo "it is `own "$srcdir/$1"`, and stated is `stated "$1"`"
	test "`own "$srcdir/$1"`" = "`stated "$1"`"
}

(cd "$srcdir" && ls build-aux/* m4/*.m4 aclocal.m4 configure) \
	>"$scratch/files"
while read -r file; do
	check "$file" is_stated "$file"
done <"$scratch/files"
finish
