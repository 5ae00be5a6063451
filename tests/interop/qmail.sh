# SPDX-License-Identifier: ISC
#
# Sourced by the test of a whole chain, after cases.sh: the qmail whose home is
# $INTEROP_QMAIL, on the client, and what its log tells.

queue=$INTEROP_QMAIL/queue
log=$scratch/log

# Whether it is there, for the home that qmail-remote knows, and its users.
find_qmail() {
	for name in qmail-start qmail-send qmail-lspawn qmail-rspawn \
		qmail-clean qmail-queue; do
		test -x "$INTEROP_QMAIL/bin/$name" ||
			die "there is no $INTEROP_QMAIL/bin/$name"
	done
	test "$INTEROP_QMAIL" = "$QMAIL_HOME" ||
		die "qmail-remote is built for $QMAIL_HOME"
	test "`stat -c %U:%G "$queue/lock/tcpto"`" = qmailr:qmail ||
		die "$queue/lock/tcpto is not of qmailr and qmail"
}

# Neither mail nor settings of the machine's, only directories as they were.
empty_qmail() {
	find "$queue" -type f ! -path "$queue/lock/*" -delete
	rm -rf "$INTEROP_QMAIL/control" "$INTEROP_QMAIL/users" \
		"$INTEROP_QMAIL"/alias/.qmail*
}

# start_qmail [VARIABLE=VALUE ...]: with a log of its own.  qmail-start becomes
# qmail-send.
start_qmail() {
	runs=$((runs + 1))
	ip netns exec client env - PATH="$INTEROP_QMAIL/bin:$PATH" "$@" \
		"$INTEROP_QMAIL/bin/qmail-start" ./Maildir/ \
		>"$log/$runs" 2>&1 &
	send=$!
	until_true grep '^status: ' "$log/$runs" ||
		die 'qmail does not start' "$log/$runs"
}

stop_qmail() {
	kill -s TERM "$send"
	wait "$send" 2>/dev/null
}

# Of a message that it had done with, the text may then be left, without an
# envelope: qmail-send removes that after a day and a half.
kill_qmail() {
	kill -s KILL "$send"
	wait "$send" 2>/dev/null
	spared=$queue/mess
}

# inject COUNT: the first of the many, each for a recipient of its own.
inject() {
	for number in `seq "$1"`; do
		printf 'F%s\0Tmany-%s@mail.example\0\0' "$from" "$number" \
			>"$scratch/envelope"
		"$INTEROP_QMAIL/bin/qmail-queue" <"$scratch/many/$number" \
			1<"$scratch/envelope" || exit 1
	done
}

# What was put off is tried again, once nothing else is left to do.
retry() {
	grep '^status: ' "$log/$runs" | tail -1 | grep -q ' remote 0/' &&
		kill -s ALRM "$send"
}

count_ends() {
	cat "$log"/* | grep -c '^delivery [0-9]*: '
}

# await_ends COUNT: until so many more deliveries have ended, in whatever way.
await_ends() {
	within 20 has_ended $((`count_ends` + $1))
}

has_ended() {
	test "`count_ends`" -ge "$1" || { retry; return 1; }
}

is_queue_empty() {
	find "$queue" -type f ! -path "$queue/lock/*" ! -path "$spared/*" \
		>"$scratch/queued"
	head "$scratch/queued"
	test ! -s "$scratch/queued"
}

is_drained() {
	is_queue_empty || { retry; return 1; }
}

# account COUNT: what became of each of the many, a line for each: its number,
# how many deliveries succeeded, were put off, failed, and are in doubt.  Only
# these may have brought a copy that qmail knows nothing of: those that say so,
# that crashed, that a killed qmail-send had not heard of, or heard of last.
account() {
	awk -v count="$1" '
	function settle(delivery) {
		for (delivery in open)
			doubts[open[delivery]]++
		split("", open)
		if (last != "")
			doubts[last]++
	}
	FNR == 1 {
		settle()
	}
	/^status: exiting/ {
		last = ""
	}
	/^starting delivery / {
		split($8, name, /[-@]/)
		open[$3 + 0] = name[2]
	}
	/^delivery [0-9]+: (success|deferral|failure): / {
		last = open[$2 + 0]
		delete open[$2 + 0]
		ends[last, $3]++
		if (/Possible_duplicate!|qmail-remote_crashed/)
			doubts[last]++
	}
	END {
		settle()
		for (i = 1; i <= count; i++)
			print i, ends[i, "success:"] + 0,
				ends[i, "deferral:"] + 0,
				ends[i, "failure:"] + 0, doubts[i] + 0
	}' "$log"/*
}
