#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --exits: where kvm_exit is recorded its rows are those of the guest's own
# exits; where it is not, it says so and shows what is counted.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

jitter=(run timer-jitter samples=300 interval_us=2500 --vcpus 1 --exits)

@test "what is recorded adds up; else what is counted is shown, and why" {
	run_all 0 "${jitter[@]}" -q --json r.json
	valid r.json
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		x, m = r["exits"], r["metrics"][0]
		assert len(x["vcpus"]) == 1
		warned = [w for w in r["warnings"] if w.startswith("--exits: ")]
		if "missing" in x:
		    assert x["rows"] == [] and len(warned) == 1, warned
		    assert x["missing"] in warned[0]
		    print("counted")
		    raise SystemExit
		assert not warned, warned
		assert x["exits"] == sum(row["exits"] for row in x["rows"]) + \
		    x["others"]["exits"]
		unit = "cycles" if r["unit"] == "ns" else r["unit"]
		busy = [row["sum"][unit] for row in x["rows"] if not row["halt"]]
		assert busy == sorted(busy, reverse=True)
		for row in x["rows"]:
		    assert row["exits"] >= row["to_userspace"]
		    assert 0 <= row["p50"][unit] <= row["max"][unit]
		    assert row["max"][unit] <= row["sum"][unit]
		assert 0 < x["recorded"][unit] <= x["all"][unit]
		# What the payload is about: it halts, in the firmware's code.
		halts = [row for row in x["rows"] if row["halt"]]
		assert any("hlt" in row["instruction"] and
		           row["line"].startswith("guest-firmware/")
		           for row in halts), halts
		print("recorded")
	EOF
	found=$(python3 check.py)
	if [ "$found" = recorded ]; then
		[[ $output == *"exits: "*" recorded in "* ]] || wrong "$output"
	else
		[[ $output == *"exits, not recorded but counted:"* ]] ||
			wrong "$output"
	fi
	# Whatever was recorded, the samples are accounted for.
	[ "$(json r.json '[m["samples"] + m.get("left_out", 0) for m in r["metrics"]]')" \
		= "[300]" ] || wrong "$(json r.json 'r["metrics"][0]["samples"]')"
}

@test "report prints what run printed of it" {
	"$latvisor" "${jitter[@]}" -q --json r.json >out
	"$latvisor" report r.json | diff out -
	"$latvisor" run exit-cost samples=50 --exits --explain -q --json r.json >out
	"$latvisor" report r.json | diff out -
	valid r.json
}

@test "exits to latvisor are counted by reason, as many as there are" {
	run_all 0 run hello --exits --json r.json
	# The exit that ends the run is not in the window's count.
	x='sum(e["exits"] for e in r["exits"]["vcpus"][0]["to_userspace"])'
	[ "$(json r.json "$x == r[\"run\"][0][\"exits_to_userspace\"] + 1")" = True ] ||
		wrong "$(json r.json "$x, r['run'][0]['exits_to_userspace']")"
	[ "$(json r.json '[e["name"] for e in r["exits"]["vcpus"][0]["to_userspace"]]')" \
		= "['KVM_EXIT_IO']" ] || wrong "$(json r.json 'r["exits"]["vcpus"]')"
}

@test "without the right to trace it counts, and says so in a sentence" {
	needs_root
	run --separate-stderr unshare --mount sh -c '
		mount -t tmpfs none /sys/kernel/tracing
		mkdir /sys/kernel/tracing/events
		exec "$@"' sh "$latvisor" "${jitter[@]}" --json r.json
	[ "$status" = 0 ] || wrong "$output" "$stderr"
	[[ $(unwrapped <<<"$output") == *"warning: --exits: there are no trace instances"*": KVM's and latvisor's own counts are shown instead"* ]] ||
		wrong "$output"
	[[ $output == *"exits, not recorded but counted: all vCPUs, whole run"*"  KVM       exits "* ]] ||
		wrong "$output"
	valid r.json
	[ "$(json r.json 'r["metrics"][0]["samples"], r["exits"]["exits"]')" = \
		"(300, 0)" ]
}

@test "it is of one run" {
	run_all 2 "${jitter[@]}" --rounds 2
	says "--exits: it is of one run, leave --rounds out"
}
