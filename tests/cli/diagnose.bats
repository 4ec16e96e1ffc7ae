#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What doctor knows of what a result shows: in each result, by name, with its fix.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

# as_doctor RESULT: each finding is what doctor says of that check now.
as_doctor() {
	"$latvisor" doctor --json d.json >/dev/null || [ $? = 1 ]
	cat >check.py <<-'EOF'
		import json, sys
		r = json.load(open(sys.argv[1]))
		checks = {c["name"]: c for c in json.load(open("d.json"))["checks"]}
		findings = r.get("findings", [])
		assert len({f["check"] for f in findings}) == len(findings), findings
		for f in findings:
		    c = checks[f["check"]]
		    assert c["status"] in ("FAIL", "WARN"), (f, c)
		    assert f["good"] == c["good"], (f, c)
		print(" ".join(f["check"] for f in findings))
	EOF
	python3 check.py "$1"
}

# What this machine does to a vCPU is not known beforehand, what its kernel is set
# to is.
@test "a vCPU that waits for its CPU is told of what may take it" {
	needs_root
	run_all 0 run noise duration_s=2 -q --json r.json
	shown=$output
	valid r.json
	found=$(as_doctor r.json)
	waited=$(json r.json 'max(w["wait_ns"] for m in r["metrics"]
		for w in m["windows"])')
	limit=$(cat /proc/sys/kernel/sched_rt_runtime_us)
	if [ "$waited" -ge 5000000 ] && [ "$limit" != -1 ]; then
		[[ " $found " == *" rt-throttling "* ]] || wrong "$found" "$shown"
		[[ $shown == *"    rt-throttling: $limit; good: -1"* ]] ||
			wrong "$shown"
		[[ $shown == *'sched_rt_runtime_us'* ]] || wrong "$shown"
	fi
	if [ "$waited" -lt 5000000 ]; then
		[[ $shown != *'waited'*'ms for its CPU'* ]] || wrong "$shown"
	fi
	run_all 0 report r.json
	[ "$output" = "$shown" ] || wrong "$output" "$shown"
}

@test "of several rounds, and of each row of a sweep, it is told once" {
	run_all 0 run ipi-wake samples=60 --rounds 2 --json r.json
	valid r.json
	as_doctor r.json
	[ "$(grep -c '^why it may be so' <<<"$output")" -le 1 ] || wrong "$output"
	run_all 0 report r.json
	[ "$(grep -c '^why it may be so' <<<"$output")" -le 1 ] || wrong "$output"
}
