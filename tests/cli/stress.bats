#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Rounds beside disturbances.
# shellcheck disable=SC2030,SC2031 # Bats sets output and status in each test
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	# By this its processes are known from those of others.
	export STRESS_MARK="stress-$BATS_TEST_NUMBER-$$"
}

needs_two_cpus() {
	needs_kvm
	[ "$(nproc)" -gt 1 ] || skip "one CPU: none is left for a disturbance"
}

# ours: latvisor's processes of this test, and those of tools.
ours() {
	/usr/bin/env python3 -c '
import os
mark = os.fsencode("STRESS_MARK=" + os.environ["STRESS_MARK"])
for p in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{p}/environ", "rb") as f, open(f"/proc/{p}/comm") as c:
            name = c.read().strip()
            if mark in f.read().split(b"\0") and (
                    name.startswith("latvisor") or name in ("stress-ng", "sleep")):
                print(p, name)
    except OSError:
        pass'
}

nobody_left() {
	local end=$((SECONDS + 10))
	while [ "$SECONDS" -lt "$end" ]; do
		[ -n "$(ours)" ] || return 0
		sleep 0.1
	done
	wrong "left behind: $(ours)"
}

@test "--stress: each metric quiet and beside each disturbance, in one table" {
	needs_two_cpus
	PATH=/usr/bin:/bin run_all 0 run timer-jitter samples=50 --rounds 2 \
		--stress cpu,irq+fork --json r.json
	nobody_left
	valid r.json
	[[ $output == *'lateness (vCPU 0) quiet and beside disturbances, in '* ]] ||
		wrong "$output"
	[[ $output =~ $'\nquiet '\ +100\ .*$'\ncpu '\ +100\ .*$'\n  more '.*$'\nirq+fork '\ +100\ .*$'\n  more ' ]] ||
		wrong "$output"
	[ "$(json r.json '[[s["name"], s["rounds"], s["verdict"],
		s["metrics"][0]["samples"], s["done"] > 0] for s in r["stress"]]')" = \
		"[['cpu', 2, 'PASS', 100, True], ['irq+fork', 2, 'PASS', 100, True]]" ] ||
		wrong "$(json r.json 'r["stress"]')"
	# Never where a vCPU is.
	[ "$(json r.json '[str(v["host_cpu"]) in s["cpus"].split(",")
		for s in r["stress"] for v in r["machine"]["vcpus"]]')" = \
		'[False, False]' ] || wrong "$(json r.json 'r["stress"]')"
	# The difference is that of the two, and the quiet ones are the result.
	[ "$(json r.json '[s["metrics"][0]["max"]["cycles"] -
		r["metrics"][0]["max"]["cycles"] ==
		s["metrics"][0]["more"]["max"]["cycles"] for s in r["stress"]]')" = \
		'[True, True]' ] || wrong "$(json r.json 'r["stress"]')"
	printf '%s\n' "$output" >was
	"$latvisor" report r.json >is
	diff was is
}

@test "--stress: what there is not, and no CPU for it: refused" {
	refused "wanted some of cache, cgroup, " run timer-jitter --stress cpux
	refused "'cpu' is there twice" run timer-jitter --stress cpu,cpu
	refused "a name is missing" run timer-jitter --stress ''
	refused "--raw x: a file of samples is of one run, leave --stress out" \
		run timer-jitter --stress cpu --raw x
	needs_two_cpus
	refused "every CPU that latvisor may use has a vCPU" \
		run timer-jitter --vcpus "$(nproc)" --stress cpu
}

@test "--stress: killed in the middle, nothing is left" {
	local pid end=$((SECONDS + 20))
	needs_two_cpus
	"$latvisor" run timer-jitter samples=3000 --stress cpu+mem+fork >out 2>&1 3>&- &
	pid=$!
	# latvisor, its keeper, and a worker of each.
	until [ "$(ours | wc -l)" -gt 4 ]; do
		[ "$SECONDS" -lt "$end" ] ||
			wrong "nothing was begun: $(ours)" "$(cat out)"
		sleep 0.05
	done
	kill -9 "$pid"
	nobody_left
	rm out
	left_behind
}

@test "--stress: Ctrl-C keeps what was measured, and nothing is left" {
	needs_two_cpus
	end_with INT run timer-jitter samples=500 interval_us=1000 --rounds 50 \
		--stress cpu --json r.json
	[ "$status" = 130 ] || wrong "status $status" "$(cat out err)"
	nobody_left
	valid r.json
	[ "$(json r.json '[r["interrupted"], len(r["stress"])]')" = '[True, 1]' ] ||
		wrong "$(json r.json 'r["stress"]')"
}

@test "--stress: a program that is installed is taken and named" {
	needs_two_cpus
	mkdir bin
	cat >bin/stress-ng <<-'END'
		#!/bin/sh
		[ "$1" != --version ] || { echo "stress-ng, version 0.99.01"; exit; }
		exec sleep 1000
	END
	chmod +x bin/stress-ng
	PATH=$PWD/bin:$PATH run_all 0 run timer-jitter samples=20 --rounds 1 \
		--stress cpu --json r.json
	nobody_left
	[[ $(json r.json 'r["stress"][0]["how"]') == 'cpu: stress-ng (stress-ng, version 0.99.01), '* ]] ||
		wrong "$(json r.json 'r["stress"]')"
	# One that cannot work is no disturbance: that is an ERROR, and is said.
	printf '#!/bin/sh\nexit 1\n' >bin/stress-ng
	PATH=$PWD/bin:$PATH run_all 99 run timer-jitter samples=20 --rounds 1 \
		--stress cpu
	[[ $output == *'ERROR: --stress cpu: cpu: it ended at once'* ]] ||
		wrong "$output"
}

@test "--stress: a threshold broken beside it fails, and --strict is of quiet rounds" {
	needs_two_cpus
	run_all 1 run timer-jitter samples=20 --rounds 1 --stress cpu \
		--fail-if 'max>1ns'
	[[ $output == *'FAIL: '* ]] || wrong "$output"
}

# asked NAME WORD: it works, or is refused in one sentence that has the word.
asked() {
	run --separate-stderr "$latvisor" run timer-jitter samples=20 --rounds 1 \
		--stress "$1" --json "$1.json"
	if [ "$status" = 2 ]; then
		says "--stress: $1 needs $2"
		return
	fi
	[ "$status" = 0 ] || wrong "status $status" "$output" "$stderr"
	[ "$(json "$1.json" '[[s["verdict"], s["rounds"]] for s in r["stress"]]')" = \
		"[['PASS', 1]]" ] || wrong "$output"
	valid "$1.json"
}

@test "--stress: poll, kvmclock and swap: done, or refused with what is missing" {
	needs_two_cpus
	asked poll nothing
	[ "$status" = 0 ]
	asked kvmclock nothing
	[ "$status" = 0 ]
	[[ $(json kvmclock.json 'r["stress"][0]["how"]') == 'kvmclock: KVM_SET_CLOCK each 10 ms'* ]]
	asked swap "swap space: swapon(8)"
	nobody_left
}

@test "--stress cgroup: it is back where it was, also when latvisor is killed" {
	local pid made end=$((SECONDS + 20))
	needs_two_cpus
	asked cgroup ""
	[ "$status" = 0 ] || skip "this host: $stderr"
	[ "$(json cgroup.json 'r["stress"][0]["done"] > 0')" = True ]
	"$latvisor" run timer-jitter samples=3000 --stress cgroup >out 2>&1 3>&- &
	pid=$!
	made="/sys/fs/cgroup/*/latvisor-stress-$pid /sys/fs/cgroup/latvisor-stress-$pid"
	# shellcheck disable=SC2086 # patterns
	until compgen -G "${made%% *}" || compgen -G "${made##* }"; do
		[ "$SECONDS" -lt "$end" ] || wrong "no cgroup was made" "$(cat out)"
		sleep 0.02
	done >/dev/null
	kill -9 "$pid"
	nobody_left
	! compgen -G "${made%% *}" && ! compgen -G "${made##* }" ||
		wrong "a cgroup is left"
}

@test "--stress: what changes the host wants the right to, and says what it lacks" {
	needs_two_cpus
	command -v setpriv >/dev/null || skip "no setpriv(1)"
	[ -e /sys/devices/system/cpu/cpu0/cpufreq ] ||
		refused "--stress: freq needs cpufreq" run timer-jitter --stress freq
	[ "$(nproc)" -gt 2 ] ||
		refused "--stress: hotplug needs two CPUs without a vCPU" \
			run timer-jitter --stress cpu,hotplug
	command -v modprobe >/dev/null ||
		refused "--stress: module needs a kernel with modules, and modprobe(8)" \
			run timer-jitter --stress module
}
