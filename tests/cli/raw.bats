#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --raw: the file as docs/raw.md has it, whole or not there, however the run
# ends.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

teardown() {
	! mountpoint -q full 2>/dev/null || umount full
}

endless=(run timer-jitter samples=1000000 interval_us=1000)

# same FILE RESULT: an independent reader finds the samples of the result.
same() {
	python3 "$repository/tests/schema/raw.py" "$@"
}

# start ARGUMENT...: in the background, until it measures; sets pid.
start() {
	"$latvisor" "$@" >out 2>err 3>&- &
	pid=$!
	sleep 1
	kill -0 "$pid" || wrong "it had ended already: $(cat out err)"
}

@test "--raw is as documented, binary and CSV" {
	for file in r.raw r.csv; do
		run_all 0 run exit-cost samples=50 --raw "$file" --json r.json
		[[ $output == *"$file"* ]] || wrong "does not name it: $output"
		valid r.json
		same "$file" r.json
		run_all 0 run timer-jitter samples=200 interval_us=2500 \
			--raw "$file" --json r.json
		same "$file" r.json
		[ "$(json r.json 'r["raw"]')" = \
			"{'records': 200, 'lost': 0, 'file': '$file'}" ]
	done
	left_behind r.csv r.json r.raw
}

@test "the reader finds what is wrong with a file" {
	run_all 0 run timer-jitter samples=50 interval_us=10000 \
		--raw r.raw --json r.json
	same r.raw r.json
	for change in 'd[0] ^= 1' 'd[8] = 2' 'd[36] = 16' 'd.pop()' \
		'd[-24:-16] = bytes(8)' 'd[-16:-8] = b"\x7f" * 8' \
		'd[-4] = 1'; do
		python3 -c '
import sys
d = bytearray(open("r.raw", "rb").read())
exec(sys.argv[1])
open("bad.raw", "wb").write(d)' "$change"
		run same bad.raw r.json
		[ "$status" = 1 ] || wrong "not found: $change"
	done
}

@test "without samples --raw has none" {
	run_all 0 run hello --raw r.raw --json r.json
	same r.raw r.json
	run_all 0 run hello --raw r.csv
	[ "$(cat r.csv)" = metric,vcpu,tsc,cycles,ns ]
}

@test "Ctrl-C leaves every sample in --raw, and no other file" {
	start "${endless[@]}" --raw r.raw --json r.json
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	same r.raw r.json
	[ "$(json r.json 'r["raw"]["records"] > 100')" = True ]
	left_behind err out r.json r.raw
}

@test "--limit leaves every sample in --raw" {
	run_all 124 "${endless[@]}" --limit 0.5 --raw r.csv --json r.json
	same r.csv r.json
	left_behind r.csv r.json
}

@test "kill -9 leaves nothing of --raw behind, and the old file as it was" {
	echo old >r.raw
	start "${endless[@]}" --raw r.raw
	kill -KILL "$pid"
	wait "$pid" || true
	[ "$(cat r.raw)" = old ]
	left_behind err out r.raw
}

@test "samples that fill the disk leave room for the result" {
	needs_root
	mkdir full
	# 132,096 bytes of samples are too many; a result has 75 to 110 KB, by how
	# much they differ.
	mount -t tmpfs -o size=128k none full || skip "cannot mount a tmpfs"
	run_all 2 run timer-jitter samples=5500 interval_us=1000 \
		--raw full/r.raw --json full/r.json
	says full/r.raw
	valid full/r.json
	left_behind full full/r.json
}

@test "a disk that gets full: one line, status 2, no --raw" {
	needs_root
	mkdir full
	mount -t tmpfs -o size=64k none full || skip "cannot mount a tmpfs"
	# The samples alone are too many; then they fit, but not twice.
	for samples in 4000 2000; do
		run_all 2 run timer-jitter interval_us=100 samples=$samples \
			--raw full/r.raw --json r.json
		says full/r.raw
		[[ $stderr == *'No space left'* ]] || wrong "$stderr"
		[[ $output == *lateness* ]] || wrong "no table: $output"
		left_behind full r.json
		valid r.json
	done
	[ -z "$(ls full)" ]
}

# Where the main thread has a CPU of its own: it reads the rings a hundred times a
# second, and no vCPU's CPU hears of it.  By the host's trace.
@test "--raw is drained without the measured CPU" {
	local cpus ran
	needs_root
	mapfile -t cpus < <(python3 -c \
		'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")')
	[ "${#cpus[@]}" -ge 2 ] || skip "one CPU"
	# shellcheck disable=SC2016 # for the shell inside
	run unshare --mount sh -c '
		umount -l /sys/kernel/tracing 2>/dev/null
		set -e
		mount -t tracefs none /sys/kernel/tracing || exit 77
		own=/sys/kernel/tracing/instances/latvisor-test.$$
		mkdir $own
		trap "rmdir $own" EXIT
		echo 4096 >$own/buffer_size_kb
		for e in switch waking; do
			echo 1 >$own/events/sched/sched_$e/enable
		done
		"$@" >out 2>err &
		echo $! >pid
		wait $!
		cat $own/trace >trace' sh "$latvisor" run timer-jitter \
		samples=400 interval_us=2500 --vcpus 1 --cpus "${cpus[1]}" \
		--raw r.raw
	[ "$status" != 77 ] || skip "this kernel has no tracefs"
	[ "$status" = 0 ] || wrong "$output" "$(cat out err)"
	read -ra ran < <(python3 "$BATS_TEST_DIRNAME/main-thread.py" \
		trace "$(cat pid)" "${cpus[1]}")
	# A second's; on a busy machine it is late as often as not.
	[ "${ran[0]}" -ge 20 ] || wrong "it ran ${ran[0]} times: ${ran[*]}"
	[ "${ran[1]} ${ran[2]}" = "0 0" ] ||
		wrong "it ran there ${ran[1]} times, and woke ${ran[2]} threads"
}
