# SPDX-License-Identifier: ISC
#
# usage: STAGE=DIR QMAIL_HOME=DIR QMAIL_RUN=DIR sh run.sh TEST ...
#
# Runs the tests one after the other, each as process 1 of namespaces of its
# own, on a copy of the root directory that is kept in memory: whatever is
# installed, started or changed there ends with the test.  STAGE is what
# "make install DESTDIR=STAGE" left.  The packages of the servers are fetched
# by apt-get and npm into INTEROP_CACHE and installed in the copy only.  The
# first lines of a test name them, and more seconds than 600 if it needs them.
# INTEROP_QMAIL is the home of a qmail, for the test of a whole chain.

here=`dirname "$0"`
cache=${INTEROP_CACHE:-/var/cache/qmail-remote-interop}

die() {
	echo "Bail out! $*"
	exit 99
}

test "`id -u`" -eq 0 || die 'root is needed'
for tool in apt-get dpkg ip unshare setpriv timeout openssl; do
	command -v "$tool" >/dev/null || die "$tool is needed"
done
scratch=`mktemp -d "${TMPDIR:-/tmp}/qmail-remote-interop.XXXXXX"` || exit 99
running=
trap 'rm -rf "$scratch"' EXIT
trap 'test -z "$running" || kill "$running"; wait; exit 99' HUP INT TERM
mkdir -p "$cache/partial" "$scratch/mnt" || exit 99

# For npm here and inside.  What a package of a fixed version needs is fixed by
# the date.
npm_config_before=2026-11-01
npm_config_ignore_scripts=true
npm_config_omit=optional
npm_config_audit=false
npm_config_fund=false
npm_config_update_notifier=false
npm_config_logs_max=0
npm_config_prefer_offline=true
npm_config_fetch_retries=1
npm_config_fetch_timeout=30000
export npm_config_before npm_config_ignore_scripts npm_config_omit \
	npm_config_audit npm_config_fund npm_config_update_notifier \
	npm_config_logs_max npm_config_prefer_offline \
	npm_config_fetch_retries npm_config_fetch_timeout

# fetch_modules PACKAGE@VERSION ...: whether the cache has them and all they
# need.
fetch_modules() {
	rm -rf "$scratch/modules"
	test $# -eq 0 || npm install --cache "$cache/npm" \
		--prefix "$scratch/modules" "$@" >"$scratch/npm" 2>&1
}

# node_is_new MAJOR: whether there is a node, of that version at least.
node_is_new() {
	major=`node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'`
	test "${major:-0}" -ge "$1"
}

skip_test() {
	echo "ok 1 - $name # SKIP $*" | tee -a "$scratch/all"
	echo 1..1
}

failed=0
for name; do
	packages=`sed -n 's/^# packages: //p' "$here/$name.sh"`
	test -n "$packages" || die "there is no test $name"
	node=`sed -n 's/^# node: //p' "$here/$name.sh"`
	if ! node_is_new "${node:-0}"; then
		skip_test "node $node is needed"
		continue
	fi
	# shellcheck disable=SC2086
	apt-get -qq -y -d --no-install-recommends --reinstall \
		-o APT::Sandbox::User=root \
		-o Dir::Cache::archives="$cache" install $packages \
		>"$scratch/apt" 2>&1 || { cat "$scratch/apt"; die apt-get; }
	modules=`sed -n 's/^# npm: //p' "$here/$name.sh"`
	echo "# $name: $packages $modules"
	# shellcheck disable=SC2086
	if ! fetch_modules $modules; then
		sed 's/^/# /' "$scratch/npm"
		skip_test "npm does not fetch $modules"
		continue
	fi
	bound=`sed -n 's/^# seconds: //p' "$here/$name.sh"`
	seconds=${INTEROP_SECONDS:-${bound:-600}}
	MNT=$scratch/mnt CACHE=$cache PACKAGES=$packages MODULES=$modules \
		HERE=$here LC_ALL=C timeout -k 10 "$seconds" \
		unshare --mount --pid --net --uts --ipc --fork --kill-child \
		sh "$here/inside.sh" "$name" >"$scratch/output" 2>&1 &
	running=$!
	wait "$running"
	status=$?
	running=
	cat "$scratch/output"
	cat "$scratch/output" >>"$scratch/all"
	test "$status" -eq 0 || { failed=1; echo "# $name: status $status"; }
done

skipped=`grep -c '^ok .* # SKIP ' "$scratch/all"`
passed=`grep -c '^ok' "$scratch/all"`
bad=`grep -c '^not ok' "$scratch/all"`
echo "# $((passed - skipped)) passed, $bad failed, $skipped skipped"
exit "$failed"
