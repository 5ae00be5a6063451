# SPDX-License-Identifier: ISC
#
# What a compiler does not see.  Run in the source directory, a checkout, by
# "make syntax-check"; CONFIG is the directory of config.h, CC the compiler.

failed=0

# complain RULE: fails if standard input is not empty, and shows it.
complain() {
	if found=$(grep .); then
		printf '%s:\n%s\n' "$1" "$found"
		failed=1
	fi
}

ours=$(git ls-files |
	grep -E '^(src|lib|tests|fuzz|man|distro|po|m4|\.ci)/|^[^/]*$' |
	grep -v '^fuzz/corpus/')
code=$(printf '%s\n' "$ours" | grep '\.[ch]$')
sources=$(printf '%s\n' "$code" | grep '\.c$')
headers=$(printf '%s\n' "$code" | grep '\.h$')
programs=$(printf '%s\n' "$code" | grep -E '^(src|lib)/')

banned='sprintf|vsprintf|strcpy|strcat|strncpy|strncat|atoi|atol|gets|strtok'
banned="$banned|alloca|gethostbyname|system|popen|abort|tmpnam|mktemp"
banned="$banned|strcasecmp|strncasecmp|tolower|toupper"
grep -nE "(^|[^A-Za-z0-9_])($banned) *\(" $programs |
	complain 'functions that are not used here'

grep -L 'SPDX-License-Identifier[:] ISC' $ours /dev/null |
	grep -vE '^(/dev/null|COPYING)$|debian/(changelog|copyright|source/)' |
	complain 'files without an SPDX line'

grep -n '[	 ]$' $ours | complain 'blanks at the end of a line'

awk 'length > 512 {print FILENAME ":" FNR}' $ours |
	complain 'lines that are too long for lintian'

for file in $sources; do
	test "$(sed -n 's/^#include *//p' "$file" | sed 1q)" = '"config.h"' ||
		echo "$file"
done | complain 'sources that do not include config.h first'

for file in $headers; do
	printf '#include "config.h"\n#include "%s"\n' "${file##*/}" |
		${CC:-cc} -std=gnu11 -I"$CONFIG" -I"${file%/*}" -Isrc -Ilib \
			-Itests/support -Itests/unit $(pkg-config --cflags gnutls check) \
			-fsyntax-only -x c - 2>&1 || echo "$file"
done | complain 'headers that do not compile alone'

sh tests/rooms.sh . | complain 'includes that run back up'

grep -lE '(^|[^A-Za-z_])N?_\(' $(printf '%s\n' "$programs" | grep '\.c$') |
	sort >"$CONFIG/with-texts"
grep -v '^#' po/POTFILES.in | sort | diff "$CONFIG/with-texts" - |
	complain 'po/POTFILES.in does not list the sources with texts'
rm -f "$CONFIG/with-texts"

exit $failed
