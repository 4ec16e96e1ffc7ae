#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rounds.bats - several runs of the same as one result.
# shellcheck disable=SC2154 # "run" of Bats sets status, output, stderr ...

# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

@test "--rounds adds up what each of them measured" {
	run_all 0 run ipi-wake samples=200 warmup=5 --rounds 5 --json r.json
	valid r.json
	# As many on all paths together as there are.
	[ "$(json r.json '(r["rounds"], r["metrics"][0]["samples"],
		sum(m["samples"] for m in r["metrics"] if "part_of" in m))')" = \
		"(5, 1000, 1000)" ] || wrong "$(json r.json 'r["rounds"]')"
	[ "$(json r.json '[x["samples"] for x in r["metrics"][0]["rounds"]]')" = \
		"[200, 200, 200, 200, 200]" ]
	# The guest's halts and KVM's, of all rounds.
	[ "$(json r.json '[(c["guest"], c["agree"]) for c in r["checks"]
		if c["what"] == "wake-ups from a halt"]')" = "[(1000, True)]" ]
	[[ $output == *"1,000 samples in 5 rounds"* ]] || wrong "$output"
	[[ $output == *"of this host, 5 rounds"* ]] || wrong "$output"
	[[ $output != *"tail"* ]] || wrong "$output"
	# The exits that end the windows are not the payload's.
	[ "$(json r.json '[w["kvm"]["exits"] - 5 >= 0
		for w in r["metrics"][0]["windows"]]')" = "[True, True]" ]
}

@test "a result of rounds is read as it was shown" {
	run_all 0 run timer-jitter samples=100 interval_us=5000 --vcpus 2 \
		--rounds 6 --json r.json
	shown=$output
	run_all 0 report r.json
	[ "$output" = "$shown" ] || wrong "$output" "$shown"
	[[ $output == *"lateness (all vCPUs) 1,200 samples in 6 rounds"* ]] ||
		wrong "$output"
}

@test "fewer than 5 rounds give no interval, and say so" {
	run_all 0 run timer-jitter samples=100 interval_us=5000 --rounds 4
	[[ $output != *"95 %"* ]] || wrong "$output"
	[[ $output == *"fewer than 5 rounds tell nothing of other runs"* ]] ||
		wrong "$output"
}

@test "a single run says that its intervals are its own" {
	run_all 0 run exit-cost samples=10
	run_all 0 run timer-jitter samples=1000
	[[ $output == *"of this run, in ns"* ]] || wrong "$output"
}

@test "--fail-if judges all rounds together" {
	run_all 1 run timer-jitter samples=100 --rounds 2 --json r.json \
		--fail-if 'lateness:samples<201'
	[ "$(json r.json '[t["broken"] for t in r["thresholds"]]')" = "[True]" ]
	run_all 0 run timer-jitter samples=100 interval_us=5000 --rounds 2 \
		--fail-if 'lateness:samples<200'
}

@test "--break-at ends the rounds with the first that is broken" {
	run_all 1 run timer-jitter samples=100 --rounds 5 --break-at 1ns \
		--json r.json
	[ "$(json r.json 'r["rounds"]')" = 1 ]
	[[ $output == *"FAIL: round 1: "* ]] || wrong "$output"
}

@test "Ctrl-C keeps the rounds that were done" {
	end_with INT run timer-jitter samples=1000 --rounds 100 --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	valid r.json
	[ "$(json r.json 'r["interrupted"], r["rounds"] >= 1')" = "(True, True)" ]
}

@test "--rounds that cannot be" {
	refused '--rounds' run hello --rounds 0
	refused '--rounds' run hello --rounds 101
	refused 'leave --rounds out' run hello --rounds 2 --raw x.raw
	refused 'leave --rounds out' run hello --rounds 2 --dump-dtb x.dtb
}

@test "sweep has the interval of this host, and its runs' warnings" {
	run_all 0 sweep timer-jitter mode=oneshot,periodic interval_us=1500 \
		samples=800 warmup=2 --json s.json
	[[ $output == *"95 % of this host"* ]] || wrong "$output"
	[ "$(json s.json '[sorted(x["percentiles"]["p50"]["ci95"]) for x in
		r["rows"]]')" = "[['high', 'low'], ['high', 'low']]" ]
	[ "$(json s.json '[isinstance(x["warnings"], list) for x in
		r["rows"]]')" = "[True, True]" ]
	run_all 0 sweep timer-jitter mode=oneshot,periodic interval_us=10000 \
		samples=40 --prio 0 --rounds 2 --json s.json
	# Of each round one, and others where it was disturbed.
	[[ $output =~ PASS,\ [2-9]\ warnings ]] || wrong "$output"
	[ "$(json s.json '[[w[:26] for w in x["warnings"]].count(
		"not real-time: --prio 0 as") for x in r["rows"]]')" = "[2, 2]" ]
}
