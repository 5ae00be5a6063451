#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An OpenSMTPD filter: "refused" is refused, and "grey" is temporarily refused
# the first time.

seen=
while read -r line; do
	test "$line" != 'config|ready' || break
done
echo 'register|filter|smtp-in|rcpt-to'
echo 'register|ready'
while IFS='|' read -r _ _ _ _ phase session token address; do
	test "$phase" = rcpt-to || continue
	result=proceed
	case $address in
	*refused@*) result='reject|550 5.1.1 no such mailbox' ;;
	*grey@*)
		test -n "$seen" || result='reject|451 4.7.1 greylisted'
		seen=yes
		;;
	esac
	echo "filter-result|$session|$token|$result"
done
