#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --explain with --break-at: the trace is never off, and what was before a sample
# above the limit is kept.
# shellcheck source=tests/cli/trace.bash
source "$BATS_TEST_DIRNAME/trace.bash"

watched=(run timer-jitter samples=100000 interval_us=2500 --vcpus 1 --explain)

@test "--break-at: each sample above it has its timeline, and what was before" {
	needs_trace
	run_all 1 "${watched[@]}" --break-at 1ns --continue 5 --json r.json
	valid r.json
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		(x,) = r["explain"]["metrics"]
		assert r["explain"]["watched"] is True
		assert (x["samples"], x["plain"], x["between"]) == (5, 0, 0), x
		assert len(x["worst"]) == 5, x
		for w in x["worst"]:
		    times = [l["after"]["cycles"] for l in w["timeline"]]
		    assert times == sorted(times), times
		    assert any(t < 0 for t in times), times
	EOF
	python3 check.py || wrong "$output"
	[[ $output == *"all the time"*"price"* ]] || wrong "$output"
	[ "$(sed -n '/^explained/,/^above/p' <<<"$output" | wc -L)" -le 79 ] ||
		wrong "$output"
	"$latvisor" report r.json >again
	[ "$output" = "$(cat again)" ]
	no_instance
}

@test "--break-at: a run that stood still too long ends with that sample" {
	local pid
	needs_trace
	"$latvisor" "${watched[@]}" --break-at 200ms --json r.json >out 2>err 3>&- &
	pid=$!
	sleep 2
	kill -STOP "$pid" || wrong "it had ended: $(cat out err)"
	sleep 0.6
	kill -CONT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 1 ] || wrong "status $status: $(cat out err)"
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		(x,) = r["explain"]["metrics"]
		m = r["metrics"][x["metric"]]
		w = x["worst"][0]
		assert x["plain"] == 0 and x["between"] > 0, x
		assert x["samples"] + x["between"] == m["samples"], x
		assert w["value"] == r["break"]["value"] == m["max"], w
	EOF
	python3 check.py || wrong "$(cat out)"
	no_instance
}

# Else it would be a profile of the run's last moments.
@test "--break-at leaves --exits its blocks" {
	needs_trace
	run_all 0 run timer-jitter samples=300 interval_us=2500 --vcpus 1 \
		--exits --break-at 1000s --json r.json
	[ "$(json r.json 'r["exits"]["blocks"] > 1')" = True ] || wrong "$output"
	[ "$(json r.json '"explain" in r')" = False ]
	no_instance
}
