# SPDX-License-Identifier: ISC
#
# Sourced by the test scripts.  A test is a command and a description; what it
# prints when it fails is shown.

count=0
failed=0
scratch=`mktemp -d "${TMPDIR:-/tmp}/qmail-remote-test.XXXXXX"` || exit 99
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM

# check DESCRIPTION COMMAND [ARGUMENT ...]
check() {
	count=$((count + 1))
	description=$1
	shift
	if "$@" >"$scratch/.output" 2>&1; then
		printf '%s\n' "ok $count - $description"
	else
		printf '%s\n' "not ok $count - $description"
		sed 's/^/# /' "$scratch/.output"
		failed=1
	fi
}

# skip DESCRIPTION REASON
skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

finish() {
	echo "1..$count"
	exit "$failed"
}
