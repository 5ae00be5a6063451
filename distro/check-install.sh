#!/bin/sh
# SPDX-License-Identifier: ISC
#
# usage: sh distro/check-install.sh DIRECTORY STEP
#        sh distro/check-install.sh --list
#
# Installs and removes the packages that check-packages.sh has left in
# DIRECTORY, as root, on a copy of the root directory that is kept in memory
# and ends with the step.  The qmail that is replaced is a package made here,
# with its files where Debian's netqmail has them.

set -eu

steps='install beside qmail
an update of qmail
an update of qmail-remote
an installation in pieces
an installation that fails
its tools
removal
purge
without qmail, and with qmail later
autopkgtest
the rpm'

program=/usr/sbin/qmail-remote
link=/var/lib/qmail/bin/qmail-remote
manual=/usr/share/man/man8/qmail-remote.8.gz
state=/var/lib/qmail/run/qmail-remote

fail() {
	echo "$*"
	ls -l "$program"* "$link"* "${manual%.8.gz}"* "$state" || :
	exit 1
}

# expect VALUE COMMAND ...: what the command has to print.
expect() {
	value=$1
	shift
	printed=$("$@") || fail "status of: $*"
	test "$printed" = "$value" || fail "$* printed $printed, not $value"
}

is_absent() {
	for file; do
		if test -e "$file" || test -L "$file"; then
			fail "there is $file"
		fi
	done
}

# qmail_package VERSION: its path; the program says that version.
qmail_package() {
	tree=/tmp/qmail-$1
	mkdir -p "$tree/DEBIAN" "$tree/usr/sbin" "$tree/usr/share/man/man8" \
		"$tree/var/lib/qmail/bin"
	printf 'Package: qmail\nVersion: %s\nArchitecture: all\n%s\n%s\n' "$1" \
		'Maintainer: nobody <nobody@qmail-remote.example>' \
		'Description: what netqmail has' >"$tree/DEBIAN/control"
	printf '#!/bin/sh\necho qmail %s\n' "$1" >"$tree$program"
	chmod 755 "$tree$program"
	ln -s "$program" "$tree$link"
	echo ".TH qmail-remote 8 $1" | gzip -9n >"$tree$manual"
	dpkg-deb --root-owner-group --build "$tree" "$tree.deb" >/dev/null
	echo "$tree.deb"
}

# The same package as a later version.
later_package() {
	dpkg-deb -R "$package" /tmp/later
	sed -i 's/^Version: .*/&+later/' /tmp/later/DEBIAN/control
	dpkg-deb --root-owner-group --build /tmp/later /tmp/later.deb >/dev/null
	echo /tmp/later.deb
}

expect_ours() {
	for name in "$program" "$link"; do
		"$name" --version | grep '^qmail-remote [0-9]' ||
			fail "$name is not ours"
	done
	zgrep -q '^\.Dt QMAIL-REMOTE 8' "$manual" || fail "$manual is not ours"
}

# expect_stock VERSION NAME LINK MANUAL
expect_stock() {
	expect "qmail $1" "$2"
	expect "$program" readlink "$3"
	expect ".TH qmail-remote 8 $1" zcat "$4"
}

expect_diverted() {
	expect_ours
	expect_stock "$1" "$program.qmail" "$link.qmail" \
		/usr/share/man/man8/qmail-remote.qmail.8.gz
}

expect_restored() {
	expect_stock "$1" "$program" "$link" "$manual"
	is_absent "$program.qmail" "$link.qmail" \
		/usr/share/man/man8/qmail-remote.qmail.8.gz
	expect '' dpkg-divert --list '*qmail*'
}

expect_state() {
	expect 'qmailr:qmail 700' stat -c '%U:%G %a' "$state"
}

# Between preinst and the end of unpacking qmail has its program twice.
expect_twice() {
	expect_stock "$1" "$program" "$link" "$manual"
	expect_stock "$1" "$program.qmail" "$link.qmail" \
		/usr/share/man/man8/qmail-remote.qmail.8.gz
}

install_qmail() {
	groupadd -f qmail
	id qmailr >/dev/null 2>&1 || useradd -M -g qmail -s /bin/false qmailr
	dpkg -i "$(qmail_package 1.06-1)"
}

install_both() {
	install_qmail
	dpkg -i "$package"
}

# run_script NAME ARGUMENT: a script of the package, run by hand.
run_script() {
	test -d /tmp/scripts || dpkg-deb --control "$package" /tmp/scripts
	DPKG_MAINTSCRIPT_PACKAGE=qmail-remote DPKG_MAINTSCRIPT_NAME=$1 \
		"/tmp/scripts/$1" "$2"
}

# A package with a file of ours: dpkg stops while it unpacks.
occupied_package() {
	mkdir -p /tmp/other/DEBIAN /tmp/other/usr/libexec/qmail-remote
	printf 'Package: other\nVersion: 1\nArchitecture: all\n%s\n%s\n' \
		'Maintainer: nobody <nobody@qmail-remote.example>' \
		'Description: in the way' >/tmp/other/DEBIAN/control
	echo >/tmp/other/usr/libexec/qmail-remote/qmail-remote-relay
	dpkg-deb --root-owner-group --build /tmp/other /tmp/other.deb \
		>/dev/null
	echo /tmp/other.deb
}

run_step() {
	case $1 in
	'install beside qmail')
		install_both
		expect_diverted 1.06-1
		expect_state
		;;
	'an update of qmail')
		install_both
		dpkg -i "$(qmail_package 1.06-2)"
		expect_diverted 1.06-2
		;;
	'an update of qmail-remote')
		install_both
		echo kept >"$state/tcpto6"
		dpkg -i "$(later_package)"
		expect_diverted 1.06-1
		expect_state
		expect kept cat "$state/tcpto6"
		;;
	'an installation in pieces')
		install_qmail
		run_script preinst install
		expect_twice 1.06-1
		run_script preinst install
		expect_twice 1.06-1
		run_script postrm abort-install
		expect_restored 1.06-1
		run_script preinst install
		dpkg -i "$package"
		expect_diverted 1.06-1
		;;
	'an installation that fails')
		install_qmail
		dpkg -i "$(occupied_package)"
		if dpkg -i "$package"; then fail 'it does not fail'; fi
		expect_restored 1.06-1
		;;
	'its tools')
		install_both
		dpkg -i "$packages"/deb/qmail-remote-tools_*.deb
		for tool in check probe tcpto; do
			"$program-$tool" --version |
				grep '^qmail-remote [0-9]'
		done
		dpkg -r qmail-remote-tools
		is_absent "$program-check" "$program-probe" "$program-tcpto"
		expect_diverted 1.06-1
		;;
	removal)
		install_both
		echo kept >"$state/tcpto6"
		dpkg -r qmail-remote
		expect_restored 1.06-1
		expect kept cat "$state/tcpto6"
		;;
	purge)
		install_both
		echo gone >"$state/tcpto6"
		dpkg -P qmail-remote
		expect_restored 1.06-1
		is_absent "${state%/*}"
		;;
	'without qmail, and with qmail later')
		dpkg -i "$package"
		expect_ours
		is_absent "$program.qmail" "$link.qmail"
		dpkg -i "$(qmail_package 1.06-1)"
		expect_diverted 1.06-1
		dpkg -P qmail-remote
		expect_restored 1.06-1
		dpkg -P qmail
		is_absent "$program" "$link" "$manual" /var/lib/qmail
		;;
	autopkgtest)
		autopkgtest "$packages"/deb/*.deb \
			"$packages"/deb/qmail-remote_*.dsc -- null
		;;
	'the rpm')
		set -- "$packages"/rpm/RPMS/*/*.rpm
		rpm --force-debian --nodeps -i "$1"
		"$program" --version
		test -x /usr/libexec/qmail-remote/qmail-remote-io
		is_absent "$link"
		rpm --force-debian --nodeps -e qmail-remote
		is_absent "$program" /usr/libexec/qmail-remote
		;;
	*) fail "there is no step $1" ;;
	esac
}

# In namespaces of its own: the copy, with the packages in /mnt.
enter_copy() {
	root=$1/copy/root
	mkdir -p "$1/copy"
	mount -t tmpfs tmpfs "$1/copy"
	mkdir "$1/copy/upper" "$1/copy/work" "$root"
	mount -t overlay overlay "$root" -o \
		"lowerdir=/,upperdir=$1/copy/upper,workdir=$1/copy/work"
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
	mount -t tmpfs tmpfs "$root/run"
	mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
	mount --bind "$1" "$root/mnt"
	cp "$0" "$root/run/check-install.sh"
	ip link set lo up
	unset TMPDIR
	exec chroot "$root" sh /run/check-install.sh --inside "$2"
}

case $1 in
--list) echo "$steps" ;;
--enter) enter_copy "$2" "$3" ;;
--inside)
	packages=/mnt
	set -- "$2" "$packages"/deb/qmail-remote_*.deb
	package=$2
	DEBIAN_FRONTEND=noninteractive LC_ALL=C
	export DEBIAN_FRONTEND LC_ALL
	run_step "$1"
	;;
*)
	exec timeout 1200 unshare --mount --pid --net --fork --kill-child \
		sh "$0" --enter "$1" "$2"
	;;
esac
