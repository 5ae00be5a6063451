# SPDX-License-Identifier: ISC
#
# The translations: that they are complete, and that they keep what programs
# and administrators look for.

. "$srcdir/tests/tap.sh"

po=$srcdir/po
domain=qmail-remote

without_comments() {
	sed -e '/^#/d' -e '/^$/d' "$1"
}

# The files that have texts for translators.
have_texts() {
	(cd "$srcdir" && grep -l -E '(^|[^A-Za-z0-9_])N?_\(' lib/*.c src/*.c src/*/*.c)
}

# Each text and its translation on a line, with a tab in between.
pairs() {
	awk '
	function finish() { if (id != "") print id "\t" str; id = str = "" }
	/^#/ { next }
	/^msgid / { finish() }
	/^msg(id|str) / { inside = $1 }
	/"/ {
		sub(/^[^"]*"/, "")
		sub(/"$/, "")
		if (inside == "msgid") id = id $0; else str = str $0
	}
	END { finish() }' "$1"
}

# The codes, in their order, are the same on both sides.
keeps_codes() {
	pairs "$1" | awk -F '\t' '
	function codes(text, found) {
		while (match(text, /\(#[0-9.]*\)/)) {
			found = found substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
		}
		return found
	}
	codes($1) != codes($2) { print; bad = 1 }
	codes($1) != "" { count++ }
	END { exit bad || count == 0 }'
}

# Words of protocols, names of files and programs stay as they are.
keeps_words() {
	pairs "$1" | awk -F '\t' '
	{
		text = $1
		gsub(/\\n/, " ", text)
		count = split(text, words, /[^A-Za-z0-9\/-]+/)
		for (i = 1; i <= count; i++)
			if (words[i] ~ /[A-Z][A-Z]|\/|^timeout|^qmail-/ &&
			    words[i] !~ /^PRI/ && !index($2, words[i])) {
				print words[i] ": " $0
				bad = 1
			}
	}
	END { exit bad || NR == 0 }'
}

# A text may look like a report, but for its letter.
ends_alike() {
	pairs "$1" | awk -F '\t' '
	($1 ~ /\\n$/) != ($2 ~ /\\n$/) { print; bad = 1 }
	END { exit bad || NR == 0 }'
}

is_complete() {
	LC_ALL=C msgfmt -c --statistics -o "$scratch/$domain.mo" "$1" \
		2>"$scratch/statistics"
	status=$?
	cat "$scratch/statistics"
	test $status = 0 || return 1
	grep -x '[0-9]* translated messages\.' "$scratch/statistics"
}

# The header's field says this.
says() {
	grep -F -x "\"$2: $3\\n\"" "$1"
}

# The texts that the sources have now.
make_template() {
	options=$(sed -n 's/^XGETTEXT_OPTIONS = //p' "$po/Makevars")
	without_comments "$po/POTFILES.in" |
		xgettext $options -D "$srcdir" -f - -o "$scratch/$domain.pot"
}

without_comments "$po/POTFILES.in" >"$scratch/listed"
have_texts | LC_ALL=C sort >"$scratch/files"
check 'POTFILES.in has the files with texts' \
	diff "$scratch/files" "$scratch/listed"
without_comments "$po/LINGUAS" >"$scratch/languages"
for language in de es fr; do
	check "LINGUAS has $language" grep -x "$language" "$scratch/languages"
done
(cd "$po" && ls -- *.po) | sed 's/\.po$//' >"$scratch/catalogues"
check 'and all catalogues' diff "$scratch/catalogues" "$scratch/languages"

xgettext=no
if command -v xgettext >/dev/null && command -v msgcmp >/dev/null; then
	xgettext=yes
	check 'the texts can be extracted' make_template
fi
while read -r language; do
	file=$po/$language.po
	check "$language: its name" says "$file" Language "$language"
	check "$language: UTF-8" says "$file" Content-Type \
		'text/plain; charset=UTF-8'
	check "$language: codes" keeps_codes "$file"
	check "$language: words" keeps_words "$file"
	check "$language: line ends" ends_alike "$file"
	if command -v msgfmt >/dev/null; then
		check "$language: complete" is_complete "$file"
	else
		skip "$language: complete" 'no msgfmt'
	fi
	if test $xgettext = yes; then
		check "$language: up to date" \
			msgcmp "$file" "$scratch/$domain.pot"
	else
		skip "$language: up to date" 'no xgettext'
	fi
done <"$scratch/languages"
finish
