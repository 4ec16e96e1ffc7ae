#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --trace-dat: what --explain recorded, as trace-cmd writes and reads it, whole or
# not there, however the run ends.
# shellcheck disable=SC2016 # scripts in quotes are for another shell
# shellcheck disable=SC2030,SC2031 # "run" of Bats sets output and stderr
# shellcheck source=tests/cli/trace.bash
source "$BATS_TEST_DIRNAME/trace.bash"

setup() {
	own_folder
	needs_kvm
	real=$(command -v trace-cmd) || skip "no trace-cmd(1)"
	mkdir "$BATS_TEST_TMPDIR/bin"
}

teardown() {
	! mountpoint -q full 2>/dev/null || umount full
}

jitter=(run timer-jitter samples=400 interval_us=2500 --vcpus 1)
endless=(run timer-jitter samples=100000 interval_us=2500 --vcpus 1)

# trace_cmd LINE...: a shell script that is found before the real one.
trace_cmd() {
	printf '%s\n' '#!/bin/sh' "$@" >"$BATS_TEST_TMPDIR/bin/trace-cmd"
	chmod +x "$BATS_TEST_TMPDIR/bin/trace-cmd"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# listed FILE: its events as --events has them, "TSC CPU TID KIND"; the clock of
# docs/explain.md.
listed() {
	"$real" report -t "$1" >"$BATS_TEST_TMPDIR/report" || return
	lacks 'DROPPED' "$BATS_TEST_TMPDIR/report" || return
	sed -nE 's/^ *.+-([0-9]+) +\[0*([0-9]+)\] +([0-9]+)\.([0-9]{9}): ([a-z_]+): .*/\3\4 \2 \1 \5/p' \
		"$BATS_TEST_TMPDIR/report" | sort
}

# events FILE: the same of a file of --events.
events() {
	sed '1,/^events$/d' "$1" | cut -d ' ' -f 1-4 | sort
}

# all_events FILE RESULT: as many as the result says were recorded.
all_events() {
	[ "$(listed "$1" | wc -l)" = "$(json "$2" 'r["explain"]["events"]')" ] ||
		wrong "$(listed "$1" | wc -l) events"
}

@test "--trace-dat has every event, its thread, and its TSC" {
	needs_trace
	[ "$(nproc)" -ge 2 ] || skip "one CPU"
	run_all 0 run ipi-wake samples=1000 --trace-dat t.dat --events e.txt \
		--json r.json
	[[ $output == *"explained: ipi_wake"* ]] || wrong "$output"
	valid r.json
	listed t.dat >dat
	events e.txt >txt
	[ "$(wc -l <dat)" -gt 100 ]
	cmp dat txt || wrong "$(diff dat txt | head)"
	all_events t.dat r.json
	# Those of the timelines that are shown.
	json r.json '"\n".join(
		str(w["tsc"] - w["value"]["cycles"] + l["after"]["cycles"]) + " kvm_apic_ipi"
		for w in r["explain"]["metrics"][0]["worst"]
		for l in w["timeline"] if l["what"] == "kvm_apic_ipi")' >worst
	[ "$(wc -l <worst)" -ge 1 ]
	cut -d ' ' -f 1,4 dat >when
	while read -r line; do
		grep -qFx "$line" when || wrong "no $line"
	done <worst
	grep -q '^ *latvisor-[0-9]' "$BATS_TEST_TMPDIR/report"
	left_behind dat e.txt r.json t.dat txt when worst
}

@test "--trace-dat with --break-at has what is kept, and no more than pages of it" {
	needs_trace
	run_all 124 "${endless[@]}" --limit 6 --break-at 1000s --trace-dat t.dat \
		--events e.txt --json r.json
	begin=$(sed -n 's/^block \([0-9]*\) .*/\1/p' e.txt | head -n 1)
	listed t.dat >dat
	events e.txt | awk -v b="$begin" '$1 >= b' >txt
	[ "$(wc -l <txt)" -gt 50 ]
	[ -z "$(comm -13 dat txt)" ] || wrong "$(comm -13 dat txt | head)"
	# A page has 4096 bytes, an event 8 at least, and each of two CPUs a page
	# on the border.
	[ "$(awk -v b="$begin" '$1 < b' dat | wc -l)" -lt 1024 ] ||
		wrong "$(wc -l dat txt)"
	# So much is not all that there was.
	[ "$(json r.json 'r["explain"]["events"]')" -gt "$(wc -l <dat)" ]
	left_behind dat e.txt r.json t.dat txt
}

@test "Ctrl-C and --limit leave the file whole" {
	needs_trace
	end_with INT "${endless[@]}" --trace-dat t.dat --json r.json
	[ "$status" = 130 ] || wrong "status $status" "$(cat out err)"
	all_events t.dat r.json
	left_behind err out r.json t.dat
	run_all 124 "${endless[@]}" --limit 0.5 --trace-dat t.dat --json r.json
	all_events t.dat r.json
	left_behind err out r.json t.dat
}

@test "Ctrl-C again and again leaves the file whole, or the old one" {
	needs_trace
	echo old >t.dat
	end_with "INT again" "${endless[@]}" --trace-dat t.dat
	[ "$(head -c 4 t.dat)" = "old" ] || listed t.dat >/dev/null
	left_behind err out t.dat
}

@test "the terminal's Ctrl-C does not end trace-cmd" {
	needs_trace
	trace_cmd 'kill -INT $$; kill -TERM $$; kill -HUP $$' \
		"exec $real \"\$@\""
	run_all 0 "${jitter[@]}" --trace-dat t.dat --json r.json
	all_events t.dat r.json
	left_behind r.json t.dat
}

@test "kill -9 leaves the old file as it was, and no other" {
	needs_trace
	echo old >t.dat
	end_with KILL "${endless[@]}" --trace-dat t.dat
	[ "$(cat t.dat)" = old ]
	left_behind err out t.dat
}

# fails SENTENCE FILES: of trace-cmd; everything else of the run is there.
fails() {
	run_all 2 "${jitter[@]}" --trace-dat t.dat --json r.json
	says "cannot write what was recorded to --trace-dat t.dat: $1"
	[[ $output == *explained:* ]] || wrong "no table: $output"
	valid r.json
	left_behind r.json
}

@test "trace-cmd fails: its status and what it said, the result is there" {
	needs_trace
	trace_cmd 'echo " no  such" >&2; echo thing >&2; exit 3'
	fails 'trace-cmd restore -c ended with status 3: no such thing'
	trace_cmd '[ "$2" != -i ] || exit 4'
	fails 'trace-cmd restore -i ended with status 4'
	trace_cmd 'kill -KILL $$'
	fails 'trace-cmd restore -c ended with status 137'
	trace_cmd 'exit 0'
	fails 'trace-cmd wrote nothing'
	printf '#!/nowhere\n' >"$BATS_TEST_TMPDIR/bin/trace-cmd"
	fails "trace-cmd restore -c ended with status 127: $BATS_TEST_TMPDIR/bin/trace-cmd: No such file or directory"
}

@test "trace-cmd is outside of the sandbox, as the shell that started latvisor" {
	needs_trace
	trace_cmd 'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status >st' \
		'chrt -p $$ >pr' 'ls -l /proc/$$/fd >fds' 'exit 1'
	run_all 2 "${jitter[@]}" --trace-dat t.dat
	grep -q 'NoNewPrivs:.0' st || wrong "$(cat st)"
	grep -q 'Seccomp:.0' st || wrong "$(cat st)"
	grep -q SCHED_OTHER pr || wrong "$(cat pr)"
	lacks '-> /dev/kvm|anon_inode:kvm|socket|latvisor-trace' fds
}

@test "nothing is mounted by it that was not there" {
	needs_trace
	run --separate-stderr unshare --mount sh -c '
		umount -l /sys/kernel/tracing 2>/dev/null
		cat /proc/mounts >before
		"$@"
		cat /proc/mounts >after' sh "$latvisor" "${jitter[@]}" \
		--trace-dat t.dat
	[ -s t.dat ] || wrong "$output" "$stderr"
	cmp before after || wrong "$(diff before after)"
}

@test "a disk that gets full: one line, status 2, the result is there" {
	needs_trace
	mkdir full
	for size in 16k 2m; do
		mount -t tmpfs -o "size=$size" none full || skip "cannot mount a tmpfs"
		run_all 2 "${jitter[@]}" --trace-dat full/t.dat --json r.json
		says "--trace-dat full/t.dat"
		[[ $stderr == *'No space left'* ]] || wrong "$stderr"
		[[ $output == *explained:* ]] || wrong "no table: $output"
		valid r.json
		left_behind full r.json
		umount full
	done
}

@test "a device is written to, and stays one" {
	needs_trace
	mknod null c 1 3 || skip "no device can be made"
	(exec 3>null) || skip "no device works here"
	run_all 0 "${jitter[@]}" --trace-dat null
	[ -c null ]
	left_behind null
}

@test "where nothing can be recorded there is no file, and status 2" {
	needs_root
	run --separate-stderr unshare --mount sh -c '
		mount -t tmpfs none /sys/kernel/tracing
		mkdir /sys/kernel/tracing/events
		exec "$@"' sh "$latvisor" "${jitter[@]}" --trace-dat t --json r.json
	[ "$status" = 2 ] || wrong "$output" "$stderr"
	says "--trace-dat t is not written: nothing was recorded"
	valid r.json
	left_behind r.json
}

@test "without trace-cmd it is refused before the run" {
	mkdir -p bin/trace-cmd more
	touch more/trace-cmd
	for path in '' /nowhere "$PWD/bin:$PWD/more"; do
		run --separate-stderr env PATH="$path" "$latvisor" run hello \
			--trace-dat t
		[ "$status" = 2 ] || wrong "$output" "$stderr"
		says '--trace-dat t wants trace-cmd'
		says 'install it, or leave --trace-dat out'
		[ -z "$output" ] || wrong "$output"
	done
	rm -r bin more
	left_behind
}

@test "a file that cannot be written is refused before the run" {
	refused 'nowhere/t' run hello --trace-dat nowhere/t
	refused --trace-dat run hello --trace-dat ''
	refused --trace-dat run hello --trace-dat -
	refused --trace-dat run hello --trace-dat /dev/stdout
	refused 'folder/' run hello --trace-dat folder/
	refused 'two files' run hello --trace-dat t --json ./t
	refused 'two files' run hello --trace-dat t --perfetto t
}

@test "of one run only" {
	refused 'leave --rounds out' run timer-jitter --rounds 2 --trace-dat t
	run_all 2 sweep timer-jitter interval_us=500,1000 --trace-dat t
	says --trace-dat
	run_all 2 bench --quick --trace-dat t
	says --trace-dat
	left_behind
}
