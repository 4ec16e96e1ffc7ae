#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What happened on the vCPUs' CPUs while they measured.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

all='["interrupts", "softirqs", "smis", "steal_ns", "other_tasks",
	"thermal_throttled", "quota_throttled", "clocksource", "governor",
	"allowed", "policy", "khz", "least_khz", "most_khz"]'

@test "proof: of each vCPU's CPU; what is not known is named, and is not 0" {
	needs_kvm
	run_all 0 run timer-jitter samples=300 --json r.json
	valid r.json
	[[ $output == *$'\nproof: CPU '* ]] || wrong "$output"
	[ "$(json r.json "[len(r['proof']), [
		[(k in p) != (k in p['not_known']) for k in $all] for p in r['proof']]
		== [[True] * 14]]")" = '[1, True]' ] || wrong "$(json r.json "r['proof']")"
	# Its window is in it, and little else: neither the VM nor the warm-up.
	[ "$(json r.json '[r["proof"][0]["cpu"] == r["machine"]["vcpus"][0]["host_cpu"],
		r["metrics"][0]["windows"][0]["duration_tsc"] <=
		r["proof"][0]["duration_tsc"] < r["duration_tsc"],
		r["proof"][0]["moved"]]')" = '[True, True, False]' ] ||
		wrong "$(json r.json 'r["proof"]')"
	# A timer of the host's for each sample, on that CPU.
	[ "$(json r.json '[s["count"] >= 300 for s in r["proof"][0]["sources"]
		if s["name"] == "LOC"]')" = '[True]' ] ||
		wrong "$(json r.json 'r["proof"]')"
	run --separate-stderr "$latvisor" report r.json
	[[ $output == *$'\nproof: CPU '* ]] || wrong "$output"
}

@test "proof: of noise, its own window; nothing measured: none" {
	needs_kvm
	run_all 0 run noise duration_s=1 --json n.json
	[ "$(json n.json '[p["interrupts"] - h["interrupts"] for p, h in
		[(r["proof"][0], r["metrics"][0]["windows"][0]["host"])]]')" = '[0]' ] ||
		wrong "$(json n.json 'r["proof"]')"
	run_all 0 run hello --json h.json
	[ "$(json h.json 'r["proof"]')" = '[]' ]
	[[ $output != *proof:* ]]
}

# vcpu_thread PID: the thread that is the vCPU's: of one CPU and not the first.
vcpu_thread() {
	local task
	for task in "/proc/$1/task"/*; do
		[ "${task##*/}" != "$1" ] || continue
		[[ $(taskset -pc "${task##*/}") != *[-,]* ]] || continue
		echo "${task##*/}"
		return
	done
	wrong "no thread of $1 is on one CPU" "$(ls "/proc/$1/task")"
}

@test "proof: somebody moves the thread and changes its policy: --strict fails" {
	local pid thread status=0
	needs_kvm
	needs_root
	[ "$(nproc)" -gt 1 ] || skip "one CPU: it can be moved nowhere"
	"$latvisor" run timer-jitter samples=4000 --strict --json s.json >out 2>err 3>&- &
	pid=$!
	sleep 1.5
	thread=$(vcpu_thread "$pid")
	taskset -pc "0-$(($(nproc) - 1))" "$thread" >/dev/null
	chrt -r -p 7 "$thread"
	wait "$pid" || status=$?
	[ "$status" = 1 ] || wrong "status $status" "$(cat out err)"
	grep -q 'FAIL: --strict: ' out || wrong "$(cat out)"
	valid s.json
	[[ $(json s.json 'r["warnings"]') == *'was not left alone while vCPU 0 measured: '*'allowed went from '*' to 0-'*'policy went from SCHED_FIFO '*' to SCHED_RR 7'* ]] ||
		wrong "$(json s.json 'r["warnings"]')"
}
