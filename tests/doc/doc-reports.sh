# SPDX-License-Identifier: ISC
#
# Reports: that each text in the code is explained in qmail-remote-reports(5), and
# that each file with texts is known to the translators.

. "$srcdir/tests/tap.sh"

# All strings in _() and N_(), one a line.
texts() {
	awk '
	{ file = file $0 "\n" }
	END {
		while (match(file, /[^A-Za-z_]N?_\([ \t\n]*"/)) {
			file = substr(file, RSTART + RLENGTH - 1)
			text = ""
			while (match(file, /^[ \t\n]*"([^"\\]|\\.)*"/)) {
				part = substr(file, 1, RLENGTH)
				file = substr(file, RLENGTH + 1)
				sub(/^[ \t\n]*"/, "", part)
				sub(/"$/, "", part)
				text = text part
				if (match(file, /^[ \t\n]*PRI[a-z0-9]*/)) {
					file = substr(file, RLENGTH + 1)
					text = text "s"
				}
			}
			print text
		}
	}' "$1"
}

# The texts of the manual: those of .It lines, with words for formats.
sed -e "s/\\\\(aq/'/g" -e 's/""/"/g' "$srcdir/man/qmail-remote-reports.5.in" |
	sed -n -e 's/^\.It Sy "[a-zA-Z]" No "\(.*\)"$/\1/p;t' \
		-e 's/^\.It "\(.*\)"$/\1/p;t' -e 's/^\.It \([^.].*\)/\1/p' \
		>"$scratch/manual"

# A format is a word of the manual in capitals.
pattern_of() {
	printf '%s\n' "$1" | sed -e 's/\\n$//' -e 's/\\n/ /g' -e 's/\\"/"/g' \
		-e 's/[]*^$.[]/\\&/g' -e 's/%[a-z]*/[A-Z]*/g'
}

is_explained() {
	pattern=$(pattern_of "$1")
	echo "$pattern"
	grep -x -e "$pattern" "$scratch/manual"
}

for file in "$srcdir"/lib/*.c "$srcdir"/src/*.c "$srcdir"/src/*/*.c; do
	texts "$file" >"$scratch/texts"
	test -s "$scratch/texts" || continue
	# What the tools say is no report, and names what is wrong.
	case $file in
	*/startup.c | */tool.c | */qmail-remote-tcpto.c | */tls/dates.c | \
		*/qmail-remote-check.c | */check/*.c | \
		*/qmail-remote-probe.c | */probe/*.c) continue ;;
	esac
	while IFS= read -r text; do
		case $text in
		'Remote host said'* | '%s, line'* | '%s line'* | \
			'qmail-remote host'* | 'qmail-remote-io is run by'* | 'qmail-remote-relay is run'*) ;;
		*) check "explained: $text" is_explained "$text" ;;
		esac
	done <"$scratch/texts"
	check "${file##*/} is in POTFILES.in" \
		grep -x "${file#"$srcdir"/}" "$srcdir/po/POTFILES.in"
done
finish
