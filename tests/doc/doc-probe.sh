# SPDX-License-Identifier: ISC
#
# What qmail-remote-probe -j prints is what its schema says, by a validator of
# JSON Schema, and the schema has the names that the manual page has.

. "$srcdir/tests/tap.sh"

schema=$srcdir/doc/qmail-remote-probe.schema.json
page=$srcdir/man/qmail-remote-probe.8.in
home=$scratch/home
mkdir -p "$home/control" "$home/queue/lock" "$home/run/qmail-remote"
echo client.test >"$home/control/me"
# Nobody listens there; and a policy that cannot be meant.
echo '[127.0.0.1]:none' >"$home/control/tlspolicy"
echo '[127.0.0.2]:nonsense' >>"$home/control/tlspolicy"
pin=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
echo "a.test:fingerprint pin=$pin starttls nosts" >>"$home/control/tlspolicy"
echo 'b.test:verify match=x.test match=.y.test' >>"$home/control/tlspolicy"
echo 'x:[127.0.0.1]:1|user|secret' >"$home/control/smtproutes"
chmod 600 "$home/control/smtproutes"

probe() {
	QR_TEST_HOME=$home QR_TEST_PORT=1 DNSCACHEIP=127.0.0.1:1 \
		tests/qmail-remote-probe "$@"
}

# The names in the order of the text, of both.
names_of_schema() {
	sed -n 's/^[	]*"\([a-z0-9_]*\)": {.*/\1/p' "$schema" | grep -v -x \
		-e definitions -e items -e properties -e text -e number \
		-e letter -e lines -e hex -e exchanger -e certificate -e turn \
		-e server
}
is_in_page() {
	for name in $(names_of_schema); do
		grep -w -q "$name" "$page" || {
			echo "$name"
			return 1
		}
	done
}

validates() {
	python3 - "$schema" "$1" <<-'END'
	import json, sys
	import jsonschema
	schema = json.load(open(sys.argv[1]))
	jsonschema.Draft7Validator.check_schema(schema)
	lines = open(sys.argv[2]).read().splitlines()
	assert lines
	for line in lines:
	    jsonschema.validate(json.loads(line), schema)
	END
}

check 'names of the schema are in the page' is_in_page
probe -j '[127.0.0.1]' x '[127.0.0.2]' a.test b.test >"$scratch/output" \
	2>"$scratch/errors"
status=$?
if test "$status" -eq 64; then
	check 'without jansson it says so' grep jansson "$scratch/errors"
elif ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip 'the schema' 'no python3-jsonschema'
else
	check 'the worst of its hosts' test "$status" -eq 3
	check 'one line a host' test "$(wc -l <"$scratch/output")" -eq 5
	check 'as the schema has it' validates "$scratch/output"
	check 'names and keys of a policy' grep -F "\"pins\": [\"$pin\"]" \
		"$scratch/output"
	check 'no secret' sh -c '! grep -w secret "$1"' - "$scratch/output"
fi
finish
