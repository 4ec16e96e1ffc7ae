#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --fail-if: expressions that are refused before anything ran, and what becomes
# of the others.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

@test "a broken expression: one line that names what is wanted" {
	refused "ns, us, ms, s, m, h or cycles" run hello --fail-if 'p99>20'
	refused "wants a unit" run hello --fail-if 'max>20sec'
	refused "takes a whole number without a unit" \
		run hello --fail-if 'missed>0us'
	refused "min, mean, max, p50 to p99.999" run hello --fail-if 'p30>1us'
	refused "got 'median'" run hello --fail-if 'median>1us'
	refused ">, >=, < or <=" run hello --fail-if 'max=1us'
	refused "this host's clock counts none" \
		run hello --fail-if 'max>5000instructions'
	refused "this host's clock counts none" \
		run hello --break-at 5000instructions
	refused "wanted a number" run hello --fail-if 'max>us'
	refused "a metric's name" run hello --fail-if ':max>1us'
	refused "min, mean" run hello --fail-if ''
	refused "95 characters" run hello --fail-if "max>1us$(printf '%90s' '')"
	refused "wants a unit" bench --fail-if 'p99>20'
}

@test "a metric that the payload has not: refused before the VM exists" {
	refused "timer-jitter has no metric nap, it has lateness" \
		run timer-jitter --fail-if 'nap:max>1s'
	refused "hello has no metric nap, it has none" \
		run hello --fail-if 'nap:max>1s'
	refused "no payload of the suite has a metric nap" \
		bench --quick --fail-if 'lateness:max>1s' --fail-if 'nap:max>1s'
}

@test "a percentile that takes more samples: refused before the VM exists" {
	refused "p99.99 takes 10000 samples, with samples=1000" \
		run timer-jitter samples=1000 --fail-if 'lateness:p99.99>20us'
	refused "give it samples=10000, or ask for a lower percentile" \
		run timer-jitter samples=9999 --fail-if 'p99.99>20us'
	refused "with samples=999 there" \
		run timer-jitter samples=999 --fail-if 'p99.9>20us'
	refused "p99.9 takes 1000 samples, with turns=100" \
		run noise turns=100 --fail-if 'loop:p99.9>1s'
	refused "p99.99 takes 10000 samples, with samples=5000" \
		run timer-jitter duration_s=0 --fail-if 'p99.99>20us'
}

@test "a percentile of rounds: of all their samples together" {
	refused "with samples=20 in each of 4 rounds there are not as many: give it samples=25," \
		run timer-jitter samples=20 --rounds 4 --fail-if 'p99>1s'
	needs_kvm
	run_all 0 run timer-jitter samples=20 --rounds 5 --fail-if 'p99>1000s'
}

@test "a percentile that a run of a bench has no samples for: refused before the first" {
	needs_kvm
	refused "p99.999 takes 100000 samples, timer-deadline-hlt with samples=" \
		bench --quick --fail-if 'lateness:p99.999>1s'
	refused "in each of 5 rounds has not as many: take --long" \
		bench --fail-if 'lateness:p99.999>1s'
}

@test "how many samples a time has, or a metric of any number, nobody knows" {
	needs_kvm
	run_all 1 run timer-jitter duration_s=1 interval_us=100000 \
		--fail-if 'lateness:p99.99>1000s'
	[[ $output == *"p99.99 takes 10000 samples, there are"* ]] ||
		wrong "$output"
	run_all 1 run noise duration_s=1 turns=100 --fail-if 'gap:samples>=0'
	run_all 0 run timer-jitter samples=1000 --fail-if 'p99.9>1000s'
}

@test "--fail-if is for run and bench" {
	run_all 2 sweep ipi-wake gap_us=100,200 --fail-if 'max>1s'
	run_all 2 list --fail-if 'max>1s'
}

@test "too many of them are refused" {
	local options=()
	for i in {1..17}; do
		options+=(--fail-if "max>${i}s")
	done
	refused "16 times" run hello "${options[@]}"
}

@test "thresholds that hold: PASS, and said so" {
	needs_kvm
	run_all 0 run timer-jitter samples=200 interval_us=2500 --json r.json \
		--fail-if 'max>1000s' --fail-if 'lateness : p99 > 1000 s' \
		--fail-if 'samples<200' --fail-if 'out_of_range>0'
	valid r.json
	[[ $output == *"thresholds: 4 of 4 hold"* ]] || wrong "$output"
	[ "$(json r.json '[t["broken"] for t in r["thresholds"]]')" = \
		'[False, False, False, False]' ]
	[ "$(json r.json 'r["thresholds"][1]["expr"]')" = \
		'lateness : p99 > 1000 s' ]
	[ "$(json r.json 'r["thresholds"][2]["measured"]')" = 200 ]
}

@test "a broken threshold: FAIL, status 1, with metric, vCPU and value" {
	needs_kvm
	run_all 1 run timer-jitter samples=200 --json r.json \
		--fail-if 'lateness:max>=1cycles' --fail-if 'max>1000s' \
		--fail-if 'samples>0'
	valid r.json
	[ "$(json r.json 'r["verdict"], r["exit_status"]')" = "('FAIL', 1)" ]
	[ "$(json r.json '[t["broken"] for t in r["thresholds"]]')" = \
		'[True, False, True]' ]
	same='r["thresholds"][0]["measured"] == \
		r["metrics"][0].get("deadlines", r["metrics"][0])["max"]'
	[ "$(json r.json "$same")" = True ]
	for part in \
		"threshold broken: 'lateness:max>=1cycles': lateness (vCPU 0)" \
		"threshold broken: 'samples>0': lateness (vCPU 0): samples is" \
		"thresholds: 1 of 3 hold" "FAIL: --fail-if 'lateness"; do
		[[ $output == *"$part"* ]] || wrong "no '$part' in: $output"
	done
}

@test "every vCPU is judged" {
	needs_kvm
	[ "$(nproc)" -ge 2 ] || skip "two CPUs are needed"
	run_all 1 run timer-jitter samples=50 interval_us=2000 --vcpus 2 \
		--fail-if 'samples<=50' --json r.json
	valid r.json
	[ "$(json r.json '[t["vcpu"] for t in r["thresholds"]]')" = '[0, 1]' ]
	[[ $(json r.json 'r["reason"]') == *"; 1 more" ]]
}

@test "what cannot be judged is a FAIL that says why" {
	needs_kvm
	run_all 1 run timer-jitter duration_s=1 interval_us=10000 \
		--json r.json --fail-if 'p99.9>1000s'
	valid r.json
	[[ $output == *"p99.9 takes 1000 samples, there are "* ]] ||
		wrong "$output"
	[ "$(json r.json 'r["thresholds"][0]["measured"]')" = None ]
	run_all 1 run hello --fail-if 'max>1s' --json r.json
	valid r.json
	[[ $output == *"nothing was measured"* ]] || wrong "$output"
}
