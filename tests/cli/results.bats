#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Result files, the device tree, and how a run is ended early.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

# A run that would take a quarter of an hour, and the time it ran in ms.
endless=(run timer-jitter samples=1000000 interval_us=1000)

@test "the result file is whole, valid and alone" {
	run_all 0 run hello --json r.json
	valid r.json
	left_behind r.json
	[ "$(tail -c 1 r.json | od -An -c | tr -d ' ')" = '\n' ]
}

@test "results of every shape are valid" {
	run_all 0 run exit-cost samples=50 --json exit-cost.json
	run_all 0 run ipi-wake samples=200 --json ipi-wake.json
	run_all 0 run msg-rr samples=50 --json msg-rr.json
	run_all 0 run noise duration_s=1 --json noise.json
	run_all 0 run prio-inversion samples=4 --json prio-inversion.json
	run_all 0 run slow-path samples=40 --json slow-path.json
	run_all 0 run timer-jitter samples=200 interval_us=2500 \
		--json timer-jitter.json
	run_all 0 run timer-jitter samples=200 mode=periodic idle=spin interval_us=10000 \
		--json spin.json
	for file in *.json; do
		valid "$file"
		[ "$(json "$file" 'r["verdict"], len(r["metrics"]) > 0')" = \
			"('PASS', True)" ]
	done
}

# By an exit of KVM that nobody takes, and by a trap that the guest reports.
@test "the result of a crash is valid" {
	for guest in triple-fault stray-port ud2; do
		run_all 3 run "$BUILD/tests/hostile/$guest.elf" --json r.json
		valid r.json
	done
}

@test "the schema refuses a result with a field too few, too many or wrong" {
	run_all 0 run timer-jitter samples=50 interval_us=10000 --json r.json
	valid r.json
	for change in 'r["metrics"][0].pop("missed")' 'r.update(extra=1)' \
		'r.update(verdict="GOOD")' 'r["host"].update(x=1)' \
		'r["metrics"][0].update(samples=51)' \
		'r["metrics"][0]["histogram"].pop()'; do
		python3 -c '
import json, sys
r = json.load(open("r.json"))
eval(sys.argv[1])
json.dump(r, open("bad.json", "w"))' "$change"
		run valid bad.json
		[ "$status" = 1 ] || wrong "not found: $change"
	done
}

@test "parameters and options are in the result" {
	run_all 0 run ipi-wake samples=77 gap_us=20..30 --prio 7 --json r.json
	[ "$(json r.json 'r["parameters"]["samples"]')" = 77 ]
	[ "$(json r.json 'r["parameters"]["gap_us"]')" = '[20, 30]' ]
	[ "$(json r.json 'r["machine"]["priority"]')" = 7 ]
	[ "$(json r.json 'r["metrics"][0]["samples"]')" = 77 ]
}

@test "an older result is replaced, and kept when the new run is refused" {
	echo old >r.json
	run_all 2 run hello --json r.json speed=1
	[ "$(cat r.json)" = old ]
	run_all 0 run hello --json r.json
	valid r.json
	left_behind r.json
}

@test "--json - gives JSON on stdout and nothing else there" {
	"$latvisor" run hello --json - >r.json 2>err
	valid r.json
	grep -q PASS err
}

@test "a full disk: one line, no half result" {
	[ -w /dev/full ] || skip "no /dev/full"
	run --separate-stderr bash -c \
		"'$latvisor' run hello --json - >/dev/full"
	[ "$status" = 2 ] || wrong "status $status: $stderr"
	[[ $stderr == *'No space left'* ]] || wrong "$stderr"
}

@test "--dump-dtb gives a device tree that dtc can read" {
	run_all 0 run hello --vcpus 2 --dump-dtb m.dtb
	left_behind m.dtb
	dtc -I dtb -O dts -o m.dts m.dtb 2>dtc.err
	lacks "[Ee]rror|ERROR" dtc.err
	for word in '/dts-v1/' 'cpu@0' 'cpu@1' 'memory@'; do
		grep -qF "$word" m.dts || wrong "no $word in: $(cat m.dts)"
	done
}

@test "Ctrl-C ends a run at once, with what was measured" {
	end_with INT "${endless[@]}" --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$took_ms" -lt 2000 ] || wrong "it took $took_ms ms"
	valid r.json
	[ "$(json r.json 'r["interrupted"], r["exit_status"]')" = \
		'(True, 130)' ]
	[ "$(json r.json 'r["metrics"][0]["samples"] > 0')" = True ]
	left_behind err out r.json
}

@test "SIGTERM ends a run as Ctrl-C does" {
	end_with TERM "${endless[@]}" --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$(json r.json 'r["interrupted"]')" = True ]
}

# timeout(1) sends two within a millisecond, an impatient user as many as he likes.
@test "Ctrl-C again and again: the result is whole all the same" {
	end_with "INT again" "${endless[@]}" --json r.json --raw r.csv
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	valid r.json
	grep -q '(interrupted)' out || wrong "$(cat out err)"
	left_behind err out r.csv r.json
	end_with "TERM again" "${endless[@]}" --rounds 3 --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	valid r.json
	end_with "INT again" sweep timer-jitter mode=oneshot,periodic \
		samples=100000 --json s.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$(json s.json 'r["interrupted"], len(r["rows"])')" = '(True, 2)' ]
	end_with "INT again" bench --out results
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	grep -q '^== scorecard' out || wrong "$(cat out err)"
	[ -z "$(find results -name '*.tmp')" ]
}

@test "timeout -s INT: the result is whole" {
	run timeout -s INT 1 "$latvisor" "${endless[@]}" --json r.json
	[ "$status" = 124 ] || wrong "status $status: $output"
	valid r.json
	[ "$(json r.json 'r["interrupted"]')" = True ]
}

# On one CPU most of the suite is a SKIP before the first run.
@test "Ctrl-C ends a bench with 130, whatever was SKIP" {
	end_with INT bench --cpus 0 --out results
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	grep -q 'SKIP: needs a second CPU' out || wrong "$(cat out err)"
}

@test "Ctrl-C ends exit-cost and ipi-wake too" {
	end_with INT run exit-cost samples=1000000 --limit 600 --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$took_ms" -lt 2000 ] || wrong "it took $took_ms ms"
	valid r.json
	end_with INT run ipi-wake samples=1000000000 --json r.json
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$took_ms" -lt 2000 ] || wrong "it took $took_ms ms"
	valid r.json
}

@test "Ctrl-C ends the whole bench" {
	end_with INT bench --out results
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$took_ms" -lt 2000 ] || wrong "it took $took_ms ms"
	[ "$(find results -name '*.json' | wc -l)" -ge 1 ]
	[ -z "$(find results -name '*.tmp')" ]
}

@test "a run that is not interrupted says so" {
	run_all 0 run hello --json r.json
	[ "$(json r.json 'r["interrupted"]')" = False ]
}

@test "kill -9 leaves no result rather than half of one" {
	end_with KILL "${endless[@]}" --json r.json
	[ "$status" = 137 ]
	[ ! -e r.json ]
}

@test "how many halts KVM polled for is said where it polled" {
	local kvm
	[ "$(nproc)" -ge 2 ] || skip "one CPU"
	run_all 0 run ipi-wake idle=hlt samples=50 --json r.json
	[[ $output != *'KVM polled'* ]] || wrong "$output"
	run_all 0 run ipi-wake idle=halt-poll poll_ns=20000000 gap_us=2000 \
		samples=100 --json r.json
	[[ $output =~ 'halts: 100; KVM polled at '([0-9]+)', '([0-9]+)' of these' ]] ||
		wrong "$output"
	kvm=$(json r.json '[m for m in r["metrics"] if m["name"] == "ipi_wake"][0]')
	[[ $kvm == *"'halt_attempted_poll': ${BASH_REMATCH[1]}"* ]] || wrong "$kvm"
	[ "${BASH_REMATCH[2]}" -le "${BASH_REMATCH[1]}" ]
}

@test "a run that was stopped and went on says so" {
	local pid
	"$latvisor" run timer-jitter samples=1000 interval_us=2000 --vcpus 1 \
		--json r.json >out 2>&1 &
	pid=$!
	sleep 0.7
	kill -STOP "$pid"
	sleep 0.8
	kill -CONT "$pid"
	wait "$pid" || wrong "$(cat out)"
	[[ $(unwrapped <out) =~ 'warning: the process was stopped (SIGSTOP, Ctrl-Z) and went on 1 time, for '([0-9.]+)' s at most' ]] ||
		wrong "$(cat out)"
	# In hundredths of a second: 0.8 s, or a little less by the clock.
	[ "${BASH_REMATCH[1]//./}" -gt 70 ] || wrong "${BASH_REMATCH[1]} s"
	valid r.json
	[[ $(json r.json 'r["warnings"]') == *'was stopped'* ]]
}

@test "a run that was told to go on and had not been stopped says nothing" {
	local pid
	"$latvisor" run timer-jitter samples=1000 interval_us=2000 --vcpus 1 \
		>out 2>&1 &
	pid=$!
	sleep 0.7
	for _ in 1 2 3 4 5; do
		kill -CONT "$pid"
		sleep 0.1
	done
	wait "$pid" || wrong "$(cat out)"
	lacks 'was stopped' out || wrong "$(cat out)"
}

@test "--limit ends a long run with 124" {
	local began lasted_ms
	began=$(date +%s%3N)
	run_all 124 "${endless[@]}" --limit 0.5 --json r.json
	lasted_ms=$(($(date +%s%3N) - began))
	[ "$lasted_ms" -ge 500 ] || wrong "it took only $lasted_ms ms"
	[ "$lasted_ms" -lt 4000 ] || wrong "it took $lasted_ms ms"
	[[ $output == *TIMEOUT*--limit* ]] || wrong "$output"
	valid r.json
	[ "$(json r.json 'r["verdict"], r["interrupted"]')" = \
		"('TIMEOUT', False)" ]
}

# The suite takes a minute: one run of it for all that is said of it.
@test "bench --quick writes a valid result for each run, and judges each by what it measures" {
	run --separate-stderr "$latvisor" bench --quick --out results \
		--fail-if 'lateness:max>1000s' --fail-if 'alone_128m:max>1s'
	[ "$status" = 1 ] || wrong "status $status: $output"
	[ "$(find results -type f ! -name '*.json' ! -name '*.html' | wc -l)" = 0 ]
	[ "$(find results -name '*.json' | wc -l)" -ge 6 ]
	for file in results/*.json; do
		valid "$file"
		case $(json "$file" 'r["verdict"]') in
		PASS | SKIP) ;;
		*) wrong "$file" ;;
		esac
	done
	# Each payload is in it but selftest, which measures nothing.
	if [ "$(nproc)" -ge 2 ]; then
		[ "$(for file in results/*.json; do json "$file" 'r["payload"]'; done | sort -u)" = \
			"$("$latvisor" list | sed 's/ .*//' | grep -vx selftest | sort)" ]
	fi
	[ "$(grep -c 'threshold not judged' <<<"$output")" = 1 ]
	[[ $output == *"threshold not judged: 'alone_128m:max>1s': no run measured it"* ]]
	[ "$(json results/timer-deadline-hlt.json \
		'r["verdict"], len(r["thresholds"])')" = "('PASS', 1)" ]
	[ "$(json results/ipi-wake-hlt.json 'len(r["thresholds"])')" = 0 ] ||
		[ "$(nproc)" -lt 2 ]
	# What this host cannot measure keeps its line.
	[ "$(sed -n '/== scorecard/,$p' <<<"$output" | grep -c '  12: 8 timer')" \
		= 1 ] || wrong "$output"
	sed -n '/== summary/,/== scorecard/p' <<<"$output" | grep -q '^path' ||
		wrong "$output"
	# Times are compared with times of the same kind of machine.
	case $(json results/hello.json \
		'r["host"]["kvm_module"], r["host"]["hypervisor"]') in
	"('kvm_intel', '')" | "('kvm_amd', '')")
		[[ $output == *"start of a VM"*"Published figures"* ]] ;;
	*)
		[[ $output != *"start of a VM"* &&
			$output == *"Times are left out: "* ]] ;;
	esac || wrong "no scorecard: $output"
}

@test "sweep runs every row in every round" {
	run_all 0 sweep timer-jitter mode=oneshot,periodic \
		interval_us=10000,20000 samples=40 warmup=2 --rounds 2 --json s.json
	[ -z "$stderr" ] || wrong "$stderr"
	[ "$(json s.json 'r["schema"], r["rounds"], len(r["rows"])')" = \
		"('latvisor-sweep/1', 2, 4)" ]
	[ "$(json s.json '[(x["samples"], x["rounds"]) for x in r["rows"]]')" = \
		"[(40, 2), (40, 2), (40, 2), (40, 2)]" ]
	[ "$(json s.json 'all(sum(b[2] for b in x["histogram"]) == 40 and
		x["min"]["cycles"] <= x["percentiles"]["p50"]["cycles"] <=
		x["max"]["cycles"] for x in r["rows"])')" = True ]
	[ "$(json s.json '[x["parameters"]["mode"] + x["parameters"]["interval_us"]
		for x in r["rows"]]')" = \
		"['oneshot10000', 'oneshot20000', 'periodic10000', 'periodic20000']" ]
	grep -qE '^path(: | of rows? [1-4])' <<<"$output" || wrong "$output"
	[ "$(json s.json 'all(x["path"] for x in r["rows"])')" = True ]
	# The table has a line a row, the plot a curve a mode.  Where the host did
	# not run for a period, the missed ones stand behind the verdict.
	[ "$(grep -cE ' PASS(, [0-9]+ warnings?)?(  [0-9]+ missed)?$' <<<"$output")" = 4 ] || wrong "$output"
	[[ $output == *"a  oneshot"*"b  periodic"* ]] || wrong "$output"
}

@test "sweep's all is what this host offers" {
	run_all 0 sweep timer-jitter idle=all interval_us=10000 samples=20 warmup=2 --rounds 1 \
		--json s.json
	[ "$(json s.json '{"hlt", "spin"} <= {x["parameters"]["idle"]
		for x in r["rows"]}')" = True ]
}

@test "a sweep whose rows are not all in effect: SKIP, and no metric twice" {
	[ "$(nproc)" -ge 2 ] || skip "two CPUs are needed"
	run_all 0 sweep ipi-wake idle=spin,hlt-passthrough samples=20 warmup=2 \
		--rounds 1
	[[ $output != *"also takes ipi_wake"* ]] || wrong "$output"
	[[ $output == *"hlt-passthrough "*" PASS"* ]] ||
		[[ $output == *"SKIP: not in effect: KVM counted "* ]] ||
		wrong "$output"
}

@test "Ctrl-C ends a sweep and shows what was done" {
	end_with INT sweep timer-jitter mode=oneshot,periodic samples=100000
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)"
	[ "$took_ms" -lt 2000 ] || wrong "it took $took_ms ms"
	grep -q '^interrupted' out || grep -q 'not run' out || wrong "$(cat out)"
}

@test "sweep of a metric that there is not" {
	run_all 2 sweep timer-jitter mode=oneshot,periodic samples=20 \
		--metric nosuch
	[[ $stderr == *"timer-jitter measured lateness"* ]] || wrong "$stderr"
}

# Whenever it comes: inside of a run, between two, or while a file is written.  Of
# a payload whose verdict no disturbance changes: what misses most of its periods
# fails, interrupted or not.
@test "Ctrl-C at any time leaves the whole or nothing" {
	for ms in 050 113 207 311 402; do
		env --default-signal=INT "$latvisor" sweep exit-cost \
			warmup=0,1 samples=20 --rounds 30 \
			--json s.json >out 2>err 3>&- &
		pid=$!
		await_stop_signals "$pid"
		sleep "0.$ms"
		kill -INT "$pid"
		status=0
		wait "$pid" || status=$?
		[ "$status" = 130 ] || wrong "after $ms: status $status" \
			"$(cat out err)"
		[ "$(json s.json 'r["interrupted"], len(r["rows"])')" = \
			'(True, 2)' ] || wrong "after $ms: $(cat out err s.json)"
		rm s.json
		left_behind err out
	done
}

@test "bench into a folder that is there keeps the others' files" {
	mkdir results
	echo mine >results/notes
	end_with INT bench --quick --out results
	[ "$(cat results/notes)" = mine ]
}
