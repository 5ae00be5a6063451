# SPDX-License-Identifier: ISC
#
# usage: rooms.sh DIRECTORY
#
# Prints each include, in the src/ and lib/ of DIRECTORY, by which a room would
# use one below it.  lib/ uses nothing of src/; a room of src/ uses lib/ and the
# rooms before it in this list; what stands in src/ itself uses all of them.

rooms='dns route servers sts tls session mail check probe'

cd "$1" || exit 1

# includes DIRECTORY: "FILE:LINE:ROOM" of each include of a room's header.
includes() {
	find "$1" -maxdepth 1 -name '*.[ch]' -exec \
		grep -nH '^ *# *include *"[^"]*/' {} + |
		sed 's,^\([^:]*:[0-9]*\):.*"\([^"]*\)/[^/"]*".*,\1:\2,'
}

# refuse ROOM...: of those lines, the ones whose room is none of these.
refuse() {
	while IFS=: read -r file line room; do
		case " $* " in
		*" $room "*) ;;
		*) echo "$file:$line: includes $room/" ;;
		esac
	done
}

includes lib | refuse

above=
for room in $rooms; do
	above="$above $room"
	# shellcheck disable=SC2086 # a list of words
	test ! -d "src/$room" || includes "src/$room" | refuse $above
done
# shellcheck disable=SC2086
includes src | refuse $rooms
for directory in src/*/; do
	room=${directory#src/}
	room=${room%/}
	case " $rooms " in
	*" $room "*) ;;
	*) echo "src/$room: a room that has no place in the list" ;;
	esac
done
