#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Where threads and memory are: --cpus, --sched, --housekeeping.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

teardown() {
	[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
}

# The CPUs that this process may use, one a line.
allowed() {
	python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")'
}

needs_cpus() {
	[ "$(allowed | wc -l)" -ge "$1" ] || skip "this process has too few CPUs"
}

@test "lists of CPUs: the kernel's form, in every command" {
	local command last
	last=$(allowed | tail -1)
	for command in "run hello" bench "sweep timer-jitter interval_us=500,1000" doctor; do
		# shellcheck disable=SC2086 # a command and its arguments
		refused '--cpus wants a list of CPUs' $command --cpus 0-7:1
		# shellcheck disable=SC2086
		refused '--cpus wants a list of CPUs' $command --cpus 0-7:3/2
		# shellcheck disable=SC2086
		refused "got '0-99999999999999999999'" $command \
			--cpus 0-99999999999999999999
		# shellcheck disable=SC2086
		refused '--cpus wants a list of CPUs' $command \
			--cpus "$(printf '1%.0s' {1..9999})"
		# shellcheck disable=SC2086
		refused '--cpus wants a list of CPUs' $command --cpus Auto
	done
	needs_kvm
	[ "$(cat /sys/devices/system/cpu/online)" = "0-$last" ] ||
		skip "this process has not all CPUs"
	run_all 0 run hello --cpus N --json -
	echo "$output" >n.json
	[ "$(json n.json '[v["host_cpu"] for v in r["machine"]["vcpus"]]')" = \
		"[$last]" ] || wrong "$output"
	run_all 0 run hello --cpus "$last-N:1/7" --json -
	[[ $output == *"\"host_cpu\":$last"* ]] || wrong "$output"
	run_all 0 doctor --cpus N --json doctor.json --format cmdline
	[ "$(json doctor.json 'r["vcpu_cpus"]')" = "[$last]" ] || wrong "$(head -c 300 doctor.json)"
}

@test "--cpus auto: not CPU 0, and says why, in all that a run leaves" {
	local line
	needs_kvm
	needs_cpus 2
	run_all 0 run timer-jitter samples=20 --cpus auto --json auto.json
	valid auto.json
	line=$(unwrapped <<<"$output" | grep '^CPUs: ')
	[[ $line == "CPUs: chosen by --cpus auto: "*", its own core, "* ]] ||
		wrong "$output"
	[[ $line == *", not CPU 0"* ]] || wrong "$line"
	[ "$(json auto.json 'r["machine"]["vcpus"][0]["host_cpu"] != 0')" = True ]
	[ "$line" = "CPUs: chosen by --cpus auto: $(json auto.json \
		'r["machine"]["placement"]["reason"]')" ] || wrong "$line"
	[ "$(json auto.json 'r["machine"]["placement"]["cpus"]')" = auto ]
	mv auto.json kept.json
	cp <(printf '%s\n' "$output") printed
	run_all 0 report kept.json
	diff <(printf '%s\n' "$output") printed
	# The default is the same choice, without a word.
	run_all 0 run timer-jitter samples=20 --json default.json
	[[ $output != *"CPUs: "* ]] || wrong "$output"
	[ "$(json default.json 'r["machine"]["placement"]["cpus"]')" = default ]
	[ "$(json default.json 'r["machine"]["placement"]["reason"]')" = \
		"$(json kept.json 'r["machine"]["placement"]["reason"]')" ]
	run_all 0 run timer-jitter --cpus N samples=20 --json named.json
	[ "$(json named.json 'r["machine"]["placement"]')" = "{'cpus': 'named'}" ]
}

@test "--cpus auto: within the affinity, of sweep and bench and doctor too" {
	needs_kvm
	needs_cpus 2
	run --separate-stderr taskset -c "$(allowed | head -1)" \
		"$latvisor" run hello --cpus auto --json -
	[ "$status" = 0 ] || wrong "$stderr"
	[[ $output == *"\"host_cpu\":$(allowed | head -1)"* ]] || wrong "$output"
	run_all 0 sweep timer-jitter interval_us=500,1000 samples=20 --rounds 1 \
		--cpus auto --json sweep.json
	[[ $(unwrapped <<<"$output") == *"CPUs: $(allowed | tail -1), chosen by --cpus auto: "* ]] ||
		wrong "$output"
	[ "$(json sweep.json 'r["host_cpus"]')" = "[$(allowed | tail -1)]" ]
	[ "$(json sweep.json 'r["placement"]["cpus"]')" = auto ]
	run --separate-stderr "$latvisor" bench --quick --cpus auto --limit 1ms
	[[ $output$stderr != *"--cpus wants"* ]] || wrong "$output"
	run_all 0 doctor --cpus auto --format cmdline
}

@test "--cpus auto: not on a CPU that another latvisor measures on" {
	needs_kvm
	needs_cpus 2
	"$latvisor" run noise --cpus N duration_s=20 --quiet >/dev/null 2>&1 3>&- &
	pid=$!
	timeout 20 bash -c 'until grep -q @latvisor/cpu /proc/net/unix; do
		sleep 0.05; done' || wrong "nobody has a CPU"
	run_all 0 run hello --cpus auto --json auto.json
	kill "$pid"
	wait "$pid" || true
	pid=
	[ "$(json auto.json "r['machine']['vcpus'][0]['host_cpu'] != \
		$(allowed | tail -1)")" = True ] || wrong "$output"
	[[ $(unwrapped <<<"$output") == *', none that another latvisor has'* ]] ||
		wrong "$output"
	[[ $output$stderr != *'another latvisor measured on'* ]] || wrong "$output"
}
