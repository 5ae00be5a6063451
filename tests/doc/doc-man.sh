# SPDX-License-Identifier: ISC
#
# The manual pages: that they are well formed, and that nothing was left
# unsubstituted in them.

. "$srcdir/tests/tap.sh"

is_substituted() {
	if grep '@[A-Z_]*@' "$1"; then return 1; fi
}

# A word that is a macro is none of the text, and what follows .Ql is quoted as
# a whole.
has_no_lost_words() {
	if grep -nE '^\.(Sh|Ss|Dq|Sq|Ql|Pq) (An|At|Do|In|No|So) |Ql .* Ql ' "$1"
	then return 1; fi
}

# Paths may be too long for a line.
groff_is_silent() {
	complaints=$(groff -mdoc -Tutf8 -ww -Wbreak -z "$1" 2>&1)
	echo "$complaints"
	test -z "$complaints"
}

for page in qmail-remote.8 qmail-remote-io.8 qmail-remote-tcpto.8 \
	qmail-remote-check.8 qmail-remote-probe.8 \
	qmail-remote-control.5 qmail-remote-reports.5; do
	check "$page has no @WORD@ left" is_substituted "man/$page"
	check "$page loses no words to macros" has_no_lost_words "man/$page"
	if command -v mandoc >/dev/null; then
		check "mandoc likes $page" \
			mandoc -T lint -W warning "man/$page"
	else
		skip "mandoc likes $page" 'no mandoc'
	fi
	if command -v groff >/dev/null; then
		check "groff likes $page" groff_is_silent "man/$page"
	else
		skip "groff likes $page" 'no groff'
	fi
done
finish
