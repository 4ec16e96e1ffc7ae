#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --perfetto and --events: what --explain recorded, in files that are as
# docs/explain.md has them, whole or not there, however the run ends.
# shellcheck source=tests/cli/trace.bash
source "$BATS_TEST_DIRNAME/trace.bash"

# Some of them want no root.
setup() {
	own_folder
	needs_kvm
}

teardown() {
	! mountpoint -q full 2>/dev/null || umount full
}

jitter=(run timer-jitter samples=400 interval_us=2500 --vcpus 1)
endless=(run timer-jitter samples=100000 interval_us=2500 --vcpus 1)

# chrome FILE: an independent reader finds nothing wrong with it, and counts.
chrome() {
	python3 "$repository/tests/schema/chrome_trace.py" "$1"
}

# all_samples FILE RESULT: it has all that the result says were recorded.
all_samples() {
	local counts
	counts=$(chrome "$1") || return
	[ "${counts%% samples*}" = "$(json "$2" \
		'sum(x["samples"] for x in r["explain"]["metrics"])')" ] ||
		wrong "$counts"
}

@test "--perfetto has every sample, its stages, and what led to it" {
	needs_trace
	[ "$(nproc)" -ge 2 ] || skip "one CPU"
	run_all 0 run ipi-wake samples=500 --perfetto t.json --json r.json
	[[ $output == *"explained: ipi_wake"* ]] || wrong "$output"
	valid r.json
	all_samples t.json r.json
	cat >check.py <<-'EOF'
		import json
		r, t = json.load(open("r.json")), json.load(open("t.json"))
		x, e = r["explain"]["metrics"][0], t["traceEvents"]
		assert x["samples"] > 50, x["samples"]
		names = {i.get("name") for i in e}
		tracks = {i["args"]["name"] for i in e
		          if i.get("name") == "thread_name"}
		for p in x["paths"]:
		    assert any(n and n.startswith(p["path"]) for n in names), p
		    for s in p["stages"]:
		        assert s["name"] in names, s
		cpus = [f"CPU {v['host_cpu']}" for v in r["machine"]["vcpus"]]
		assert {"vCPU 0", "vCPU 1", "vCPU 1 samples: ipi_wake",
		        *cpus} <= tracks, tracks
		# On that CPU both the vCPU's thread and what wakes it.
		assert {"vCPU 1", "sched_waking", "sched_wakeup"} <= names
		assert {f"CPU {v['host_cpu']}" for v in r["machine"]["vcpus"]} <= names
		assert sum(i["ph"] == "s" for i in e) == x["samples"]
		assert min(i["ts"] for i in e if "ts" in i) == 0
		worst = {n for n in names if n and ", worst " in n}
		assert len(worst) == len(x["worst"]), worst
		for w in x["worst"]:
		    assert any(i["ph"] == "X" and ", worst " in i["name"] and
		               i["args"]["cycles"] == w["value"]["cycles"]
		               for i in e), w
		about = t["otherData"]
		assert about["kvm_module"] == r["host"]["kvm_module"]
		assert about["tsc_khz"] == r["machine"]["tsc_khz"]
	EOF
	python3 check.py
	left_behind check.py r.json t.json
}

@test "--perfetto of a timer, and of a payload without samples" {
	needs_trace
	run_all 0 "${jitter[@]}" --perfetto t.json --json r.json
	all_samples t.json r.json
	grep -q '"name":"timer interrupt"' t.json
	run_all 0 run hello --perfetto t.json --events e.txt
	[ "$(chrome t.json | cut -d ' ' -f 1-2)" = "0 samples," ]
}

@test "--events has every sample and every event, and who is who" {
	needs_trace
	run_all 0 "${jitter[@]}" --events e.txt --json r.json
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		head, events = open("e.txt").read().split("\nevents\n")
		lines = [l.split(" ", 1) for l in head.split("\n")]
		said = dict(lines)
		assert lines[0] == ["latvisor-events", "1"], lines[0]
		assert said["kernel"] == r["host"]["kernel"]
		assert said["kvm"] == r["host"]["kvm_module"]
		assert said["tsc_khz"] == str(r["machine"]["tsc_khz"])
		assert said["unit"] in ("ns", "instructions")
		vcpu = [l[1].split() for l in lines if l[0] == "vcpu"]
		assert [int(v[2]) for v in vcpu] == \
		    [v["host_cpu"] for v in r["machine"]["vcpus"]], vcpu
		blocks = [[int(n) for n in l[1].split()[:2]]
		          for l in lines if l[0] == "block"]
		assert blocks == sorted(blocks) and len(blocks) > 2, blocks
		x = r["explain"]["metrics"][0]
		metric = [l[1] for l in lines if l[0] == "metric"]
		assert metric == ["timer 0 lateness"], metric
		samples = [[int(n) for n in l[1].split()]
		           for l in lines if l[0] == "sample"]
		assert len(samples) == x["samples"]
		for value, tsc in samples:
		    assert any(b <= tsc - max(value, 0) and tsc <= e
		               for b, e in blocks), (value, tsc)
		assert max(s[0] for s in samples) == \
		    x["worst"][0]["value"]["cycles"]
		events = events.splitlines()
		assert len(events) == r["explain"]["events"]
		times = [int(e.split()[0]) for e in events]
		assert times == sorted(times)
		lacks = [l[1] for l in lines if l[0] == "lacks"]
		assert lacks == r["explain"]["not_recorded"], lacks
	EOF
	python3 check.py
	left_behind check.py e.txt r.json
}

@test "Ctrl-C and --limit leave both files whole" {
	needs_trace
	end_with INT "${endless[@]}" --perfetto t.json --events e.txt \
		--json r.json
	[ "$status" = 130 ] || wrong "status $status" "$(cat out err)"
	all_samples t.json r.json
	[ "$(json r.json 'r["explain"]["metrics"][0]["samples"] > 0')" = True ]
	[ "$(sed '1,/^events$/d' e.txt | wc -l)" = \
		"$(json r.json 'r["explain"]["events"]')" ]
	left_behind e.txt err out r.json t.json
	run_all 124 "${endless[@]}" --limit 0.5 --perfetto t.json --json r.json
	all_samples t.json r.json
	left_behind e.txt err out r.json t.json
}

@test "Ctrl-C again and again leaves a file whole, or the old one" {
	needs_trace
	echo old >t.json
	end_with "INT again" "${endless[@]}" --perfetto t.json
	[ "$(cat t.json)" = old ] || chrome t.json
	left_behind err out t.json
}

@test "kill -9 leaves the old files as they were, and no other" {
	needs_trace
	echo old | tee t.json >e.txt
	end_with KILL "${endless[@]}" --perfetto t.json --events e.txt
	[ "$(cat t.json e.txt)" = "old"$'\n'"old" ]
	left_behind e.txt err out t.json
}

@test "a disk that gets full: one line, status 2, the result is there" {
	needs_trace
	mkdir full
	mount -t tmpfs -o size=16k none full || skip "cannot mount a tmpfs"
	for option in --perfetto --events; do
		run_all 2 "${jitter[@]}" "$option" full/t --json r.json
		says "$option full/t"
		[[ $stderr == *'No space left'* ]] || wrong "$stderr"
		[[ $output == *explained:* ]] || wrong "no table: $output"
		valid r.json
		left_behind full r.json
	done
}

@test "where nothing can be recorded there is no file, and status 2" {
	needs_root
	for option in --perfetto --events; do
		run --separate-stderr unshare --mount sh -c '
			mount -t tmpfs none /sys/kernel/tracing
			mkdir /sys/kernel/tracing/events
			exec "$@"' sh "$latvisor" "${jitter[@]}" "$option" t \
			--json r.json
		[ "$status" = 2 ] || wrong "$output" "$stderr"
		says "$option t is not written: nothing was recorded"
		[[ $(unwrapped <<<"$output") == *"warning: --explain: there are no trace"* ]] ||
			wrong "$output"
		valid r.json
		left_behind r.json
	done
}

@test "a file that cannot be written is refused before the run" {
	for option in --perfetto --events; do
		refused 'nowhere/t' run hello "$option" nowhere/t
		refused "$option" run hello "$option" ''
		refused "$option" run hello "$option" -
		refused "$option" run hello "$option" /dev/stdout
		refused 'folder/' run hello "$option" folder/
		refused 'two files' run hello "$option" t --json ./t
		refused 'two files' run hello "$option" t --raw t
	done
	refused 'two files' run hello --perfetto t --events t
}

@test "of one run only" {
	for option in --perfetto --events; do
		refused 'leave --rounds out' run timer-jitter --rounds 2 \
			"$option" t
		run_all 2 sweep timer-jitter interval_us=500,1000 "$option" t
		says "$option"
		run_all 2 bench --quick "$option" t
		says "$option"
		left_behind
	done
}
