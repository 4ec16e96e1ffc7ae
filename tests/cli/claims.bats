#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Two that measure on one CPU.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

teardown() {
	[ -z "${stranger:-}" ] || kill "$stranger" || true
}

@test "two at once on one CPU: both say so" {
	local pid
	"$latvisor" run timer-jitter samples=1500 --json first.json >first 2>&1 &
	pid=$!
	timeout 20 bash -c 'until grep -q @latvisor/cpu /proc/net/unix; do
		sleep 0.05; done' || wrong "nobody has a CPU"
	run_all 0 run timer-jitter samples=50 interval_us=10000
	[[ $(unwrapped <<<"$output") == *'warning: another latvisor measured on CPU '* ]] ||
		wrong "$output"
	wait "$pid" || wrong "$(cat first)"
	valid first.json
	[[ $(json first.json 'r["warnings"]') == *'another latvisor'* ]] ||
		wrong "$(cat first)"
}

# hide: another user has all names of all CPUs; sets stranger.
hide() {
	python3 -c '
import os, socket, time
os.setresuid(65534, 65534, 65534)
held = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for _ in range(os.cpu_count() * 8)]
for i, s in enumerate(held):
    s.bind(f"\0latvisor/cpu{i // 8}.{i % 8}")
    s.listen()
print("all", flush=True)
time.sleep(60)' >names 3>&- &
	stranger=$!
	timeout 20 bash -c 'until [ -s names ]; do sleep 0.05; done'
}

@test "two of root's on one CPU see each other, whoever has the names" {
	local pid
	needs_kvm
	needs_root
	hide
	"$latvisor" run timer-jitter samples=1500 --json first.json >first 2>&1 3>&- &
	pid=$!
	sleep 1
	run --separate-stderr "$latvisor" run timer-jitter samples=50 \
		interval_us=10000 --strict
	[ "$status" = 1 ] || wrong "status $status: $output" "$stderr"
	[[ $output == *'FAIL: --strict: another latvisor measured on CPU '* ]] ||
		wrong "$output"
	wait "$pid" || wrong "$(cat first)"
	[[ $(json first.json 'r["warnings"]') == *'another latvisor measured'* ]] ||
		wrong "$(cat first)"
	# Alone again, and the strangers make no difference; nor do rounds.
	run_all 0 run ipi-wake samples=20 --rounds 2
	[[ $output$stderr != *'another latvisor'* ]] || wrong "$output"
	# Where there is no place for root's locks.
	run unshare --mount sh -c 'mount -t tmpfs -o ro none /run && exec "$@"' \
		sh "$latvisor" run hello
	[[ $output == *'warning: cannot tell whether another latvisor '* ]] ||
		wrong "$output"
}
