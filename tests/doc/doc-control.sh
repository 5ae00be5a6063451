# SPDX-License-Identifier: ISC
#
# The control files: that the code, the manual pages and README.md agree on
# them, and that qmail-remote accepts the manual's examples.

. "$srcdir/tests/tap.sh"

page=$srcdir/man/qmail-remote-control.5.in

# What the programs open is written as "control/NAME" in a string.
sed -n 's/.*"control\/\([a-z0-9]*\)".*/\1/p' "$srcdir"/src/*.c "$srcdir"/src/*/*.c |
	sort -u >"$scratch/code"
awk '/^\.Sh/ { here = $2 == "FILES" }
	here && /^\.It Pa [a-z0-9]*$/ { print $3 }' "$page" |
	sort -u >"$scratch/control.5"
awk '/^\.Ss/ { here = $0 ~ /Control files/ }
	here && /^\.It Pa [a-z0-9]* Ta/ { print $3 }' \
	"$srcdir/man/qmail-remote.8.in" | sort -u >"$scratch/remote.8"
sed -n 's/^| `\([a-z0-9]*\)` |.*/\1/p' "$srcdir/README.md" |
	sort -u >"$scratch/readme"
awk '$1 == ".\\\"" && $2 == "file" { print $3 }' "$page" |
	sort -u >"$scratch/examples"

check 'the code has control files' test -s "$scratch/code"
for list in control.5 remote.8 readme examples; do
	check "$list agrees with the code" \
		diff "$scratch/code" "$scratch/$list"
done

# The example of a file, as it is to be typed.
example() {
	awk -v name="$1" '
		$1 == ".\\\"" && $2 == "file" { wanted = $3 == name; next }
		/^\.Bd/ { inside = wanted; wanted = 0; next }
		/^\.Ed/ { inside = 0 }
		inside { sub(/^\\&/, ""); print }' "$page"
}

home=$scratch/home
mkdir -p "$home/control" "$home/run/qmail-remote"
while read -r name; do
	example "$name" >"$home/control/$name"
	check "there is an example of $name" test -s "$home/control/$name"
done <"$scratch/examples"

# What the examples point to; nobody looks into these before TLS begins.
for file in "$scratch/bundle" "$home/control/client.pem" \
	"$home/control/client.key"; do
	: >"$file"
done

# With all examples in force, a relay that ipme makes our own is as far as it
# goes, without a server.
printf '192.0.2.25\n' >>"$home/control/ipme"
are_accepted() {
	QR_TEST_HOME=$home QR_TEST_SYSTEM_TRUST=$scratch/bundle \
		tests/qmail-remote "$1" a@b c@d </dev/null |
		tr '\0' '\n' >"$scratch/report"
	cat "$scratch/report"
	grep "$2" "$scratch/report"
}
check 'the examples are accepted' are_accepted '[192.0.2.25]' 'is this machine, says'

# Each example alone makes a difference: a file gone bad is noticed.
is_refused() {
	cp "$home/control/$1" "$scratch/saved"
	printf 'x\ry\n' >"$home/control/$1"
	are_accepted '[192.0.2.25]' "control/$1"
	status=$?
	cp "$scratch/saved" "$home/control/$1"
	return $status
}
for name in helohost timeoutdns timeoutdelivery minrate addressfamily ipme \
	trustanchors clientcert clientkey tlsstrictness dane mtasts; do
	check "nonsense in $name is not" is_refused "$name"
done
finish
