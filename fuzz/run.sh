# SPDX-License-Identifier: ISC
#
# run.sh TARGET...: runs the fuzzers, of "make fuzz", FUZZ_JOBS of them at a
# time, for FUZZ_SECONDS each.  What they find, and their logs, are kept in
# FUZZ_FOUND.  Fails when an input broke something.

good='nothing broke'

# A fuzzer ends at the first input that breaks something.  The text of a failure
# lives as long as the process, and so is no leak.
fuzz() {
	found=$FUZZ_FOUND/$1
	mkdir -p "$found" || exit 1
	ASAN_OPTIONS=detect_leaks=0 LC_ALL=C "fuzz/fuzz-$1" -max_total_time="$FUZZ_SECONDS" -timeout=30 \
		-rss_limit_mb=4096 \
		-print_final_stats=1 -artifact_prefix="$found-" \
		"$found" "$srcdir/fuzz/corpus/$1" >"$found.log" 2>&1
	if [ $? -eq 0 ]; then
		echo "$good" >>"$found.log"
	else
		tail -n 40 "$found.log"
	fi
	awk -v name="$1" '
		{ for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
		/^stat::number_of_executed_units/ { executions = $2 }
		END { printf "%s: %d executions, %d edges\n",
			name, executions, edges }' "$found.log"
}

if [ "$1" = --one ]; then
	fuzz "$2"
	exit
fi

printf '%s\n' "$@" | xargs -n 1 -P "$FUZZ_JOBS" sh "$0" --one
for target in "$@"; do
	cat "$FUZZ_FOUND/$target.log"
done | awk -v targets=$# -v good="$good" '
	$0 == good { passed++ }
	/^stat::number_of_executed_units/ { executions += $2 }
	END {
		printf "%d targets, %d executions, %d findings\n",
			targets, executions, targets - passed
		exit passed < targets
	}'
