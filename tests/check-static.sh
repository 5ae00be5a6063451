# SPDX-License-Identifier: ISC
#
# The analyzers of gcc and clang, and cppcheck, over src/, lib/ and fuzz/, by
# "make check-static".  Runs in the build directory, with srcdir in the
# environment and the preprocessor's flags as arguments.  Whatever is found is
# a failure; what is no mistake is explained where it stands.

gcc=${GCC:-gcc}
clang=${CLANG:-clang}
cppcheck=${CPPCHECK:-cppcheck}
failed=0

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null || {
		echo "check-static needs $1 (Debian package $2)"
		exit 1
	}
}

# each COMMAND...: runs it on one source after the other.
each() {
	echo "$1 $2"
	for source in $sources; do
		"$@" "$source" || failed=1
	done
}

need "$gcc" gcc
need "$clang" clang
need "$cppcheck" cppcheck

sources=$(ls "$srcdir"/src/*.c "$srcdir"/src/*/*.c "$srcdir"/lib/*.c "$srcdir"/fuzz/*.c)
set -- -DFUZZ_REPLAY "$@"

# What is found depends on what was inlined.
for level in -O0 -O2; do
	each "$gcc" "$level" -fanalyzer -Werror "$@" -c -o /dev/null
done

each "$clang" --analyze --analyzer-output text -Xclang -analyzer-werror \
	-Xclang -analyzer-checker=nullability,optin.portability "$@"

echo "$cppcheck"
"$cppcheck" --quiet --enable=warning,performance,portability --inline-suppr \
	--error-exitcode=1 --library=posix "$@" $sources || failed=1

exit $failed
