#!/bin/sh
# SPDX-License-Identifier: ISC
#
# usage: sh distro/check-packages.sh TARBALL [deb] [rpm] [install]
#
# Builds the sample packages from a tarball of "make dist", as an ordinary
# user and, if root starts it, without a network.  No complaint of lintian or
# rpmlint is let pass.  "install", which needs root, deb and rpm, installs and
# removes them on a copy of the root directory: see check-install.sh.
#
# DEB_BUILD_OPTIONS=nocheck and RPMBUILD_OPTIONS=--nocheck leave out the tests
# of the program; PACKAGES is a directory to keep the packages in.

usage() {
	sed -n 's/^# \(usage: .*\)/\1/p' "$0" >&2
	exit 2
}

test -f "${1-}" || usage
tarball=$(cd "$(dirname "$1")" && pwd)/${1##*/}
name=${tarball##*/}
name=${name%.tar.xz}
version=${name##*-}
shift
test $# -gt 0 || set -- deb rpm install
here=$(cd "$(dirname "$0")" && pwd)
keep=${PACKAGES:+$(cd "$PACKAGES" && pwd)}
# shellcheck source=/dev/null
. "$here/../tests/tap.sh"
chmod 755 "${scratch:?}"
tools='qmail-remote-check qmail-remote-probe qmail-remote-tcpto'

# Where there is no namespace to be had, the build sees the network.
if unshare --net sh -c 'ip link set lo up' 2>/dev/null; then
	offline='unshare --net sh -c'
else
	offline='sh -c'
fi

# ordinary COMMAND [ARGUMENT ...]
ordinary() {
	if test "$(id -u)" -eq 0; then
		set -- setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
	fi
	# shellcheck disable=SC2086 # words
	HOME=/nonexistent $offline 'ip link set lo up 2>/dev/null; exec "$@"' \
		- "$@"
}

# new_directory NAME: one that an ordinary user can write to.
new_directory() {
	mkdir -p "$scratch/$1" || return 1
	test "$(id -u)" -ne 0 || chown nobody "$scratch/$1"
}

# unpack_deb DIRECTORY: the sources of the Debian package.
unpack_deb() {
	new_directory "$1" && cd "$scratch/$1" &&
		cp "$tarball" "qmail-remote_$version.orig.tar.xz" &&
		ordinary tar xf "qmail-remote_$version.orig.tar.xz" &&
		ordinary cp -R "$name/distro/debian" "$name"
}

# build_deb DIRECTORY [VARIABLE=VALUE ...]
build_deb() {
	cd "$scratch/$1/$name" || return 1
	shift
	ordinary env "$@" dpkg-buildpackage -us -uc
}

build_elsewhere() {
	(umask 002 && unpack_deb another/directory) &&
		(umask 002 && build_deb another/directory TZ=Asia/Tokyo \
			LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS='nocheck parallel=3') &&
		for built in "$scratch"/deb/*.deb; do
			cmp "$built" "$scratch/another/directory/${built##*/}" ||
				return 1
		done
}

# A lintian that is older than the policy which debian/control names says so.
# All but notes counts: by its status it would, for tags that are experimental,
# even if they are overridden.
run_lintian() {
	cd "$scratch/deb" &&
		ordinary lintian -EviIL +pedantic \
		--suppress-tags newer-standards-version \
		"qmail-remote_$version"-*.changes >"$scratch/lintian"
	status=$?
	cat "$scratch/lintian"
	test "$status" -eq 0 && ! grep -v '^N:' "$scratch/lintian"
}

# deb_lists PATTERN [PACKAGE]: what a file of the package has to look like.
deb_lists() {
	dpkg-deb -c "$scratch/deb/${2-qmail-remote}"_*.deb >"$scratch/list" &&
		cat "$scratch/list" && grep -q "$1" "$scratch/list"
}

# deb_field PACKAGE FIELD PATTERN
deb_field() {
	dpkg-deb -f "$scratch/deb/$1"_*.deb "$2" | tee "$scratch/field"
	grep -q "$3" "$scratch/field"
}

# Of libraries, the other packages have those that deliveries do without.
deb_needs_only_its_own() {
	deb_field qmail-remote Pre-Depends libgnutls &&
		! grep -E 'libcurl|libjansson' "$scratch/field" &&
		deb_field qmail-remote-mta-sts Depends libcurl &&
		deb_field qmail-remote-tools Depends libjansson
}

check_deb() {
	check 'sources of the Debian package' unpack_deb deb
	check 'dpkg-buildpackage' build_deb deb
	check 'dpkg-buildpackage again' \
		build_deb deb DEB_BUILD_OPTIONS='nocheck parallel=2'
	check 'the same bytes in another directory' build_elsewhere
	check 'lintian' run_lintian
	check 'the link in the qmail home' deb_lists \
		'^lrwx.*/var/lib/qmail/bin/qmail-remote -> /usr/sbin/qmail-remote$'
	check 'the program' deb_lists \
		'^-rwxr-xr-x root/root .* ./usr/sbin/qmail-remote$'
	for file in qmail-remote-io qmail-remote-relay cdb.so idn.so \
			sasl.so; do
		check "the internal $file" deb_lists \
			"^-rw.r-.r-. root/root .* ./usr/libexec/qmail-remote/$file$"
	done
	check 'the fragment for tmpfiles.d' deb_lists \
		' ./usr/lib/tmpfiles.d/qmail-remote.conf$'
	check 'no run directory' sh -c '! "$@"' - grep '/qmail/run' "$scratch/list"
	check 'libraries for deliveries alone' deb_needs_only_its_own
	check 'the internal qmail-remote-sts, a package of its own' deb_lists \
		'^-rw.r-.r-. root/root .* ./usr/libexec/qmail-remote/qmail-remote-sts$' \
		qmail-remote-mta-sts
	for tool in $tools; do
		check "$tool, in the package of the tools" deb_lists \
			"^-rwxr-xr-x root/root .* ./usr/sbin/$tool$" \
			qmail-remote-tools
		for file in bash-completion/completions/$tool \
			man/man8/$tool.8.gz; do
			check "with $file" grep " ./usr/share/$file$" \
				"$scratch/list"
		done
	done
	check 'and the timer, as an example' grep \
		' ./usr/share/doc/qmail-remote-tools/examples/qmail-remote-check.timer$' \
		"$scratch/list"
	for package in mta-sts tools; do
		check "qmail-remote-$package is for this version" \
			deb_field "qmail-remote-$package" Depends \
			"qmail-remote (= $version-[^)]*)"
	done
}

# On Debian rpmbuild knows none of the packages, and not all of the macros.
build_rpm() {
	new_directory rpm && cd "$scratch/rpm" || return 1
	set --
	if command -v dpkg >/dev/null; then
		set -- --nodeps --load "$here/fedora/macros.debian"
	fi
	# shellcheck disable=SC2086 # words
	ordinary env LC_ALL=C rpmbuild "$@" ${RPMBUILD_OPTIONS-} \
		--define "_topdir $scratch/rpm" \
		--define "_tmppath $scratch/rpm" \
		--define "_sourcedir ${tarball%/*}" \
		-ba "$here/fedora/qmail-remote.spec"
}

run_rpmlint() {
	find "$scratch/rpm" -name '*.rpm' >"$scratch/rpms"
	test -s "$scratch/rpms" || return 1
	# shellcheck disable=SC2046 # words
	ordinary rpmlint -c "$here/fedora/rpmlint.toml" \
		"$here/fedora/qmail-remote.spec" $(cat "$scratch/rpms") \
		>"$scratch/rpmlint"
	status=$?
	cat "$scratch/rpmlint"
	test "$status" -eq 0 && grep ' 0 errors, 0 warnings' "$scratch/rpmlint"
}

# rpm_lists PATTERN [PACKAGE]
rpm_lists() {
	rpm -qlvp "$scratch"/rpm/RPMS/*/"${2-qmail-remote}-[0-9]"*.rpm \
		>"$scratch/list" &&
		cat "$scratch/list" && grep -q "$1" "$scratch/list"
}

# rpm_needs PATTERN [PACKAGE]
rpm_needs() {
	rpm -qRp "$scratch"/rpm/RPMS/*/"${2-qmail-remote}-[0-9]"*.rpm \
		>"$scratch/needs"
	cat "$scratch/needs"
	grep -q "$1" "$scratch/needs"
}

rpm_needs_only_its_own() {
	rpm_needs '^libgnutls' &&
		! grep -E '^lib(curl|jansson)' "$scratch/needs" &&
		rpm_needs '^libcurl' qmail-remote-mta-sts &&
		rpm_needs '^libjansson' qmail-remote-tools
}

check_rpm() {
	check 'rpmbuild' build_rpm
	check 'rpmlint' run_rpmlint
	check 'its program' rpm_lists \
		'^-rwxr-xr-x .* root  *root .* /usr/sbin/qmail-remote$'
	for file in qmail-remote-io qmail-remote-relay cdb.so idn.so \
			sasl.so; do
		check "its internal $file" rpm_lists \
			"^-rwxr-xr-x .* root  *root .* /usr/libexec/qmail-remote/$file$"
	done
	for page in man5/qmail-remote-control.5 man5/qmail-remote-reports.5 \
		man8/qmail-remote.8 man8/qmail-remote-io.8; do
		check "its $page" rpm_lists " /usr/share/man/$page.gz$"
	done
	check 'its translations' rpm_lists '/de/LC_MESSAGES/qmail-remote.mo$'
	# shellcheck disable=SC2016 # of the shell in there
	check 'in /var the run directory, which is made later' sh -c \
		'! grep " /var/" "$1" | grep -v " qmailr *qmail .*/qmail-remote$"' \
		- "$scratch/list"
	check 'its libraries, for deliveries alone' rpm_needs_only_its_own
	check 'its internal qmail-remote-sts, a package of its own' rpm_lists \
		'^-rwxr-xr-x .* root  *root .* /usr/libexec/qmail-remote/qmail-remote-sts$' \
		qmail-remote-mta-sts
	for tool in $tools; do
		check "its $tool, in the package of the tools" rpm_lists \
			"^-rwxr-xr-x .* root  *root .* /usr/sbin/$tool$" \
			qmail-remote-tools
		check 'with its page' grep " /usr/share/man/man8/$tool.8.gz$" \
			"$scratch/list"
	done
	for package in mta-sts tools; do
		check "its qmail-remote-$package is for this version" rpm_needs \
			"^qmail-remote(.*) = $version-" "qmail-remote-$package"
	done
}

# Why there can be no copy of the root directory, if so.
no_copy() {
	test "$(id -u)" -eq 0 || { echo 'not root'; return; }
	unshare --mount mount -t tmpfs tmpfs /mnt 2>/dev/null ||
		echo 'no mount namespaces here'
}

check_install() {
	obstacle=$(no_copy)
	sh "$here/check-install.sh" --list >"$scratch/steps"
	while read -r step; do
		if test -n "$obstacle"; then
			skip "$step" "$obstacle"
		else
			check "$step" sh "$here/check-install.sh" "$scratch" "$step"
		fi
	done <"$scratch/steps"
}

for part; do
	case $part in
	deb | rpm | install) "check_$part" ;;
	*) usage ;;
	esac
done
if test -n "$keep"; then
	find "$scratch" -path '*/another' -prune -o \
		\( -name '*.deb' -o -name '*.rpm' \) -exec cp {} "$keep" \;
fi
finish
