#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --explain: what it says adds up, it finds a cause that the test makes, and it
# leaves no trace instance behind however the run ends.
# shellcheck disable=SC2030,SC2031 # each test is a subshell, with its own "run"
# shellcheck source=tests/cli/trace.bash
source "$BATS_TEST_DIRNAME/trace.bash"

explained=(run timer-jitter samples=400 interval_us=2500 --vcpus 1 --explain)

two_cpus() {
	mapfile -t cpus < <(python3 -c \
		'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")')
	[ "${#cpus[@]}" -ge 2 ] || skip "one CPU"
}

@test "samples are beside events or not, and what is said of them adds up" {
	needs_trace
	run_all 0 "${explained[@]}" --json r.json
	[[ $output == *"explained: lateness (vCPU 0)"* ]] || wrong "$output"
	valid r.json # stages, ways, the worst and their causes
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		x = r["explain"]["metrics"][0]
		m = r["metrics"][x["metric"]]
		assert x["samples"] + x["plain"] + x["between"] == 400, x
		assert x["samples"] and x["plain"], "blocks of one kind only"
		assert m["samples"] == x["plain"], "percentiles of what?"
		assert m["left_out"] == x["samples"] + x["between"]
	EOF
	python3 check.py
	no_instance
}

@test "report prints what run printed of it" {
	needs_trace
	"$latvisor" "${explained[@]}" -q --json r.json >out
	"$latvisor" report r.json | diff out -
}

@test "the trace is a witness of IPIs: each sample has its one" {
	needs_trace
	two_cpus
	run_all 0 run ipi-wake samples=1000 --explain --json r.json
	x='[(x["odd"], x["witnessed"] > 100, x["kind"]) for x in r["explain"]["metrics"]]'
	[ "$(json r.json "$x")" = "[(0, True, 'ipi')]" ] || wrong "$output"
}

@test "the trace is a witness of timers: each sample's deadline was written" {
	needs_trace
	run_all 0 "${explained[@]}" --json r.json
	[[ $output == *"witness: the timer was set to the time due in"* ]] ||
		wrong "$output"
	x='[(x["odd"], x["witnessed"] > 10) for x in r["explain"]["metrics"]]'
	[ "$(json r.json "$x")" = "[(0, True)]" ] || wrong "$output"
	# Where none is written there is no such witness.
	run_all 0 "${explained[@]}" mode=oneshot --json r.json
	[[ $output != *"witness:"* ]] || wrong "$output"
}

@test "the trace is a witness of sleep: a vCPU that is awake is not woken" {
	needs_trace
	two_cpus
	run_all 0 run "$BUILD/tests/hostile/liar-asleep.elf" \
		--explain --json r.json
	w='[w for w in r["warnings"] if "the vCPU was awake that they say they wake" in w]'
	[ "$(json r.json "len($w)")" = 1 ] || wrong "$output"
	run_all 0 run ipi-wake samples=1000 --explain --json r.json
	[ "$(json r.json "len($w)")" = 0 ] || wrong "$output"
}

@test "a thread that takes the CPU is named in nine of ten of the samples it hits" {
	needs_trace
	two_cpus
	cat >thief.py <<-'EOF'
		import time
		open("/proc/self/comm", "w").write("a-thief")
		last = time.monotonic() + 60
		while time.monotonic() < last:
		    end = time.monotonic() + 0.005
		    while time.monotonic() < end:
		        pass
		    time.sleep(0.03)
	EOF
	# One process, of this number; it ends by itself, too.
	taskset -c "${cpus[1]}" chrt -f 90 python3 thief.py 3>&- &
	thief=$!
	run --separate-stderr "$latvisor" run timer-jitter samples=1000 \
		interval_us=2500 --vcpus 1 --cpus "${cpus[1]}" --explain \
		--json r.json
	kill "$thief"
	wait "$thief" || :
	# It misses deadlines.
	[[ $status = [01] ]] || wrong "$output" "$stderr"
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		hit = [w for x in r["explain"]["metrics"] for w in x["worst"]
		       if w["value"]["ns"] > 1000000
		       and any("a-thief" in line["who"] for line in w["timeline"])]
		named = [w for w in hit if w["cause"]["kind"] == "thread"
		         and w["cause"]["name"] == "a-thief"]
		assert len(hit) >= 5, hit
		assert len(named) >= 0.9 * len(hit), [w["cause"] for w in hit]
		for w in named:
		    assert w["cause"]["took"]["ns"] > 500000, w
	EOF
	python3 check.py || wrong "$output"
}

@test "Ctrl-C, --limit and kill -9 leave no trace instance for longer" {
	needs_trace
	end_with INT run timer-jitter samples=100000 interval_us=2500 --explain \
		--json r.json
	[ "$status" = 130 ] || wrong "status $status" "$(cat out err)"
	[ "$(json r.json 'r["interrupted"], len(r["explain"]["metrics"]) > 0')" = \
		"(True, True)" ]
	no_instance
	run_all 124 run timer-jitter samples=100000 interval_us=2500 --explain \
		--limit 1s
	no_instance
	end_with KILL run timer-jitter samples=100000 interval_us=2500 --explain
	[ "$status" = 137 ]
	instances
	[[ $output == latvisor.*.* ]] || wrong "is there none? '$output'"
	run_all 0 "${explained[@]}"
	no_instance
}

# killed_at CALL NUMBER: by SIGKILL in that system call of a thread, if it comes
# that far; left: how many instances were there then.
killed_at() {
	timeout 60 strace -f -qq -o /dev/null -e trace="$1" \
		-e inject="$1:signal=KILL:when=$2" "$latvisor" run timer-jitter \
		samples=20 interval_us=2500 warmup=1 --vcpus 1 --explain \
		>/dev/null 2>&1 3>&- || :
	instances
	left=$(wc -w <<<"$output")
}

@test "killed at any moment, it leaves nothing that the next run does not remove" {
	local call number all=0
	needs_trace
	strace -o /dev/null true || skip "strace may not trace here"
	for call in mkdirat openat write ioctl unlinkat; do
		for number in 1 3 12 40 160; do
			killed_at $call $number
			# That run has removed what the one before left.
			[ "$left" -le 1 ] || wrong "$call $number: $output"
			all=$((all + left))
		done
	done
	[ $all -ge 3 ] || wrong "only $all of 25 were killed with an instance"
	run_all 0 "${explained[@]}"
	no_instance
}

# Nobody has a file of it open, which would keep it as well.
@test "the instance of a program that lives stays" {
	local name
	needs_trace
	name=latvisor.$$.$(sed 's/.*) //' "/proc/$$/stat" | cut -d" " -f20)
	in_tracefs mkdir "/sys/kernel/tracing/instances/$name"
	[ "$status" = 0 ] || wrong "$stderr"
	run_all 0 "${explained[@]}"
	instances
	in_tracefs rmdir "/sys/kernel/tracing/instances/$name"
	[ "$status" = 0 ] || wrong "it was removed: $stderr"
	no_instance
}

@test "another run's instance stays" {
	needs_trace
	"$latvisor" run timer-jitter samples=100000 interval_us=2500 --vcpus 1 \
		--explain >out 2>err 3>&- &
	pid=$!
	sleep 1
	"$latvisor" "${explained[@]}" >out2 2>err2
	instances
	[[ $output == latvisor.$pid.* ]] || wrong "'$output' is not $pid's"
	kill -TERM "$pid"
	wait "$pid" || :
	no_instance
}

@test "what is missing is named, and the run goes on without" {
	run --separate-stderr unshare --mount sh -c '
		mount -t tmpfs none /sys/kernel/tracing
		mkdir /sys/kernel/tracing/events
		exec "$@"' sh "$latvisor" "${explained[@]}" --json r.json
	[ "$status" = 0 ] || wrong "$output" "$stderr"
	[[ $(unwrapped <<<"$output") == *"warning: --explain: there are no trace instances"* ]] ||
		wrong "$output"
	[ "$(json r.json 'r["metrics"][0]["samples"], r["explain"]["metrics"]')" \
		= "(400, [])" ]
	valid r.json
}

# without_tracefs ARGUMENT...: latvisor where nothing can be recorded.
without_tracefs() {
	run --separate-stderr unshare --mount sh -c '
		mount -t tmpfs none /sys/kernel/tracing
		mkdir /sys/kernel/tracing/events
		exec "$@"' sh "$latvisor" "$@"
}

@test "what is missing is said once, whatever the number of rounds and rows" {
	without_tracefs "${explained[@]}" -q --rounds 3 --json r.json
	[ "$status" = 0 ] || wrong "$output" "$stderr"
	[ "$(grep -c 'warning: rounds 1, 2, 3: --explain: there are no trace' \
		<<<"$output")" = 1 ] || wrong "$output"
	[ "$(json r.json 'r["explain"]["missing"][:13]')" = "there are no " ]
	valid r.json
	without_tracefs sweep timer-jitter mode=oneshot,periodic samples=40 \
		warmup=2 --explain --rounds 2 --json s.json -q
	[ "$status" = 0 ] || wrong "$output" "$stderr"
	says "latvisor sweep: --explain: there are no trace instances"
	[ "$(json s.json '["explain" in x for x in r["rows"]]')" = \
		"[False, False]" ]
	without_tracefs sweep timer-jitter mode=oneshot,periodic --explain \
		--strict
	[ "$status" = 2 ] || wrong "$output" "$stderr"
	says "--strict wants what --explain is to record: there are no trace"
}

@test "rounds are explained together, in order, each with its instance" {
	needs_trace
	run_all 0 "${explained[@]}" -q --rounds 2 --json r.json
	shown=$output
	valid r.json
	[[ $shown == *"  of 2 rounds together"* ]] || wrong "$shown"
	[[ $shown =~ 1\.\ [0-9,]+\ (ns|instructions),\ .*,\ round\ [12] ]] ||
		wrong "$shown"
	run_all 0 report r.json
	[ "$output" = "$shown" ] || wrong "$output" "$shown"
	cat >check.py <<-'EOF'
		import json
		r = json.load(open("r.json"))
		x = r["explain"]["metrics"][0]
		m = r["metrics"][x["metric"]]
		assert x["rounds"] == 2, x
		assert x["samples"] + x["plain"] + x["between"] == 2 * 400, x
		assert m["samples"] == x["plain"], "percentiles of what?"
		assert m["left_out"] == x["samples"] + x["between"]
		assert {w["round"] for w in x["worst"]} <= {1, 2}
	EOF
	python3 check.py
	no_instance
}

@test "Ctrl-C keeps what the rounds before were explained by" {
	needs_trace
	end_with INT run timer-jitter samples=200 interval_us=1000 --vcpus 1 \
		--rounds 100 --explain --json r.json
	[ "$status" = 130 ] || wrong "status $status" "$(cat out err)"
	valid r.json
	[ "$(json r.json 'r["explain"]["metrics"][0]["rounds"] == r["rounds"]')" \
		= True ]
	no_instance
}

# glance TEXT: the table of rows that is in it, 79 columns at most.
glance() {
	glance=$(sed -n '/^explained: commonest/,/^all of a row/p' <<<"$1")
	[ "$glance" ] || wrong "$1"
	[ "$(wc -L <<<"$glance")" -le 79 ] || wrong "$glance"
}

@test "sweep explains each row, and its file has all of it" {
	needs_trace
	run_all 0 sweep timer-jitter mode=deadline,oneshot interval_us=2500 \
		samples=400 --vcpus 1 --rounds 2 --explain --json s.json -q
	glance "$output"
	[ "$(wc -l <<<"$glance")" = 5 ] || wrong "$glance"
	cat >check.py <<-'EOF'
		import json, sys
		lines = sys.argv[1].splitlines()[2:]
		for row, line in zip(json.load(open("s.json"))["rows"], lines):
		    (x,) = row["explain"]["metrics"]
		    assert x["vcpu"] == 0 and x["rounds"] == 2, x
		    assert x["samples"] + x["plain"] + x["between"] == 400, x
		    assert row["samples"] == x["plain"], row["samples"]
		    path = x["paths"][0]
		    worst = max(path["stages"], key=lambda s: s["p50"]["cycles"])
		    assert row["parameters"]["mode"] == line.split()[0]
		    assert f" {path['path']} " in line, line
		    # What has no room is cut at a part's end.
		    stage = line.replace(path["path"], "").split()[1]
		    assert worst["name"].startswith(stage), (worst["name"], line)
		    assert f" {x['causes'][0]['samples']} " in line, line
	EOF
	python3 check.py "$glance" || wrong "$glance"
	no_instance
}

@test "bench explains each row, and report prints what it printed of them" {
	needs_trace
	two_cpus
	run_all 0 bench --quick --explain --out results -q
	shown=$output
	glance "$shown"
	grep -q '^timer-deadline-hlt ' <<<"$glance" || wrong "$glance"
	for name in timer-deadline-hlt timer-arm ipi-rtt-hlt; do
		valid "results/$name.json"
		run_all 0 report "results/$name.json"
		[[ $shown == *"$output"* ]] || wrong "$output"
		[[ $output == *"explained: "* ]] || wrong "$output"
	done
	no_instance
}
