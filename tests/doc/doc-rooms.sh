# SPDX-License-Identifier: ISC
#
# Whether the rooms of the source tree keep their order, and whether includes
# that do not would be found.

. "$srcdir/tests/tap.sh"

breaches() {
	sh "$srcdir/tests/rooms.sh" "$1"
}

keep_order() {
	breaches "$srcdir"
	test -z "`breaches "$srcdir"`"
}

# plant FILE HEADER: whether the include of HEADER in FILE, put there, is found.
plant() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree"
	(cd "$srcdir" && tar -cf - src lib) | (cd "$scratch/tree" && tar -xf -)
	chmod -R u+w "$scratch/tree"
	printf '\n#include "%s"\n' "$2" >>"$scratch/tree/$1"
	breaches "$scratch/tree" | tee "$scratch/found"
	test "`wc -l <"$scratch/found"`" -eq 1 && grep -q "^$1:" "$scratch/found"
}

a_room_without_place() {
	mkdir -p "$scratch/tree/src/attic"
	breaches "$scratch/tree" | grep '^src/attic:'
}

check 'the rooms keep their order' keep_order
check 'lib/ that uses a room is found' plant lib/ip.c dns/domain.h
check 'a room that uses the next one is found' \
	plant src/dns/domain.c route/routes.h
check 'a room that uses the last one is found' \
	plant src/dns/domain.h mail/envelope.h
check 'the last room but one that uses the last one is found' \
	plant src/session/greet.c mail/envelope.h
check 'a room that has no place is found' a_room_without_place
finish
