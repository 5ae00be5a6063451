# SPDX-License-Identifier: ISC
#
# Run by run.sh in fresh namespaces: makes the root directory of a test, and
# runs the test in it.

set -e
root=$MNT/root

mount -t tmpfs tmpfs "$MNT"
mkdir "$MNT/upper" "$MNT/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$MNT/upper,workdir=$MNT/work" \
	overlay "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"

mkdir "$root/interop"
cp -R "$HERE/." "$HERE/../tap.sh" "$root/interop"
cp -R "$CACHE" "$root/interop/packages"
cp -R "$STAGE/." "$root"
(cd "$STAGE" && find . -type f -perm -100) >"$root/interop/programs"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
hostname interop.example
ip link set lo up

unset TMPDIR
exec chroot "$root" sh "/interop/$1.sh"
