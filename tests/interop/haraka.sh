# SPDX-License-Identifier: ISC
#
# packages: unbound nsd
# npm: Haraka@3.3.4
# node: 20

. /interop/lib.sh
. /interop/cases.sh

home=/interop/haraka
haraka=$NODE_PATH/Haraka/bin/haraka

# As installed, but for the names, the limit and the plugins.
configure() {
	node "$haraka" -i "$home" >"$scratch/install" 2>&1 ||
		die 'haraka' "$scratch/install"
	cp /interop/haraka-plugin.js "$home/plugins/interop.js"
	cd "$home/config" || exit 99
	cp /interop/tls/server.key tls_key.pem
	cp /interop/tls/server.pem tls_cert.pem
	echo haraka.example >me
	echo 'listen=192.0.2.25:25,[2001:db8::25]:25' >smtp.ini
	printf 'tls\ninterop\n' >plugins
	sed -i 's/^bytes *=.*/bytes=1000000/' connection.ini
	cd / || exit 99
}

start_hosts
configure
on_server node "$haraka" -c "$home" >/interop/server.log 2>&1 &
await_server /interop/server.log

test_clear
test_changes kept folded
test_size
test_tls
test_utf8 offered
test_many 200 10
finish
