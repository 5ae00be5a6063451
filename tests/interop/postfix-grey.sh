# SPDX-License-Identifier: ISC
#
# A Postfix policy server: a recipient is temporarily refused the first time.

recipient=
while read -r line; do
	case $line in
	recipient=*) recipient=${line#recipient=} ;;
	'')
		if mkdir "/tmp/seen-$recipient" 2>/dev/null; then
			printf 'action=451 4.7.1 greylisted\n\n'
		else
			printf 'action=DUNNO\n\n'
		fi
		;;
	esac
done
