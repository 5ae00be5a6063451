# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh: a stage for "make install".  Its name has a blank in it,
# as a directory may.

stage="$scratch/a stage"

# make_staged [VARIABLE=VALUE ...] TARGET
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
