#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Where threads and memory are: --cpus, --sched, --housekeeping.
# shellcheck disable=SC2030,SC2031 # each test has its own pid
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

throttle=/proc/sys/kernel/sched_rt_runtime_us
hostile=$BUILD/tests/hostile

# What a thread had of SCHED_DEADLINE stays taken until its period is over.
rebound() {
	local end=$((SECONDS + 20))
	until (echo "$throttled" >$throttle) 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || wrong "$throttle stays -1" || return
		sleep 0.05
	done
}

teardown() {
	if [ -n "${pid:-}" ]; then
		kill "$pid" 2>/dev/null || true
		wait "$pid" || true
	fi
	[ -z "${throttled:-}" ] || rebound
}

# unbound: SCHED_DEADLINE is to be had by a thread of one CPU, until the test's end.
unbound() {
	needs_kvm
	needs_root
	[ -w $throttle ] || skip "$throttle cannot be written"
	throttled=$(<$throttle)
	echo -1 >$throttle || skip "$throttle cannot be -1"
}

# starts ARGUMENT...: until a vCPU has a CPU; sets pid.
starts() {
	needs_kvm
	env --default-signal=INT "$latvisor" "$@" >out 2>err 3>&- &
	pid=$!
	timeout 20 bash -c 'until grep -q @latvisor/cpu /proc/net/unix; do
		sleep 0.05; done' || wrong "nobody has a CPU: $(cat out err)"
}

# threads: policy, priority and CPUs of each thread, the main one's first; proc(5).
threads() {
	local task stat
	for task in $(printf '%s\n' /proc/"$pid"/task/* | sort -V); do
		[ "$(cat "$task/comm")" = latvisor ] || continue
		read -r -a stat <<<"$(sed 's/.*) //' "$task/stat")"
		echo "${stat[38]} ${stat[37]}" \
			"$(sed -n 's/^Cpus_allowed_list:\t//p' "$task/status")"
	done | paste -sd ';'
}

# await_threads LIST: within 20 s.
await_threads() {
	local end=$((SECONDS + 20))
	while [ "$SECONDS" -lt "$end" ]; do
		[ "$(threads)" != "$1" ] || return 0
		sleep 0.05
	done
	wrong "wanted threads '$1', got '$(threads)'" "$(cat out err)"
}

# stops: Ctrl-C ends it with its result within 5 s; sets status.
stops() {
	local began
	began=$(date +%s%3N)
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	pid=
	[ "$status" = 130 ] || wrong "status $status: $(cat out err)" || return
	[ $(($(date +%s%3N) - began)) -lt 5000 ] || wrong "it took too long"
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
	run_all 0 run hello --cpus auto --json auto.json
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
	diff <(printf '%s\n' "$output") <(grep -v '^hello from' printed)
	# The default is the same choice, without a word.
	run_all 0 run hello --json default.json
	[[ $output != *"CPUs: "* ]] || wrong "$output"
	[ "$(json default.json 'r["machine"]["placement"]["cpus"]')" = default ]
	# But for the others, of whom it does not ask.
	[[ "$(json kept.json 'r["machine"]["placement"]["reason"]')" == \
		"$(json default.json 'r["machine"]["placement"]["reason"]')"* ]]
	run_all 0 run hello --cpus N --json named.json
	[ "$(json named.json 'r["machine"]["placement"]["cpus"], \
		"reason" in r["machine"]["placement"]')" = "('named', False)" ]
}

@test "--cpus auto: within the affinity, of sweep and bench and doctor too" {
	needs_kvm
	needs_cpus 2
	run --separate-stderr taskset -c "$(allowed | head -1)" \
		"$latvisor" run hello --cpus auto --json -
	[ "$status" = 0 ] || wrong "$stderr"
	[[ $output == *"\"host_cpu\":$(allowed | head -1)"* ]] || wrong "$output"
	run_all 0 sweep timer-arm samples=20,30 --rounds 1 \
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

@test "--sched: hostile and odd ones are refused in a sentence" {
	local sched
	for sched in '' fifo: fifo:99 deadline:1ms deadline:2ms/1ms \
		"$(printf 'rr,%.0s' {1..5000})"; do
		refused '--sched wants policies like' run hello --sched "$sched"
	done
	refused '--sched has 2 policies, there are 1 vCPUs' run hello \
		--sched fifo,rr
	refused '--prio 0 is none' run hello --prio 0 --sched rr
	needs_cpus 2
	refused 'take 95 % at most' run noise --cpus "$(allowed | paste -sd ,)" \
		--sched deadline:96ms/100ms
}

@test "--sched: each vCPU's thread has what was asked, and the result says it" {
	local cpus
	needs_root
	needs_cpus 2
	cpus=$(allowed | head -2 | paste -sd ,)
	[ "$(allowed | wc -l)" = 2 ] || skip "more CPUs than two"
	starts run noise --cpus "$cpus" --sched rr:7,fifo:9 duration_s=60 \
		--json r.json --quiet
	# The main thread has no CPU of its own, so it is above both.
	await_threads "1 10 0-1;2 7 ${cpus%,*};1 9 ${cpus#*,}"
	stops
	valid r.json
	[ "$(json r.json '[v["scheduling"] for v in r["machine"]["vcpus"]]')" = \
		"[{'policy': 'SCHED_RR', 'priority': 7}, {'policy': 'SCHED_FIFO', 'priority': 9}]" ]
	[[ $(unwrapped <out) == *', SCHED_RR 7, SCHED_FIFO 9, '* ]] ||
		wrong "$(cat out)"
	mv r.json kept.json
	run_all 0 report kept.json
	diff <(printf '%s\n' "$output") out
}

@test "--sched other beside fifo is not real-time, and says so" {
	needs_kvm
	needs_cpus 2
	run_all 0 run ipi-wake samples=20 --sched fifo:3,other
	[[ $(unwrapped <<<"$output") == *'NOT REAL-TIME (SCHED_FIFO 3, SCHED_OTHER)'* ]] ||
		wrong "$output"
	[[ $(unwrapped <<<"$output") == *'not real-time: --sched other asks for ordinary scheduling of vCPU 1'* ]] ||
		wrong "$output"
	run_all 2 run ipi-wake --sched fifo:3,other --strict
	says '--strict wants real-time scheduling'
}

@test "--sched deadline where the kernel refuses it: a sentence, with what to do" {
	needs_kvm
	needs_root
	needs_cpus 2
	[ "$(<$throttle)" -ge 0 ] || skip "this host grants it"
	run_all 0 run hello --sched deadline:1ms/10ms
	[[ $stderr == *'refused SCHED_DEADLINE to vCPU 0 on CPU '*': a thread with one CPU gets none'*"echo -1 > $throttle"* ]] ||
		wrong "$stderr"
	[[ $output == *'NOT REAL-TIME'* ]] || wrong "$output"
	run_all 2 run hello --sched deadline:1ms/10ms --strict
	says "echo -1 > $throttle"
	run --separate-stderr setpriv --bounding-set -sys_nice \
		--inh-caps -sys_nice "$latvisor" run hello --sched deadline:1ms/10ms
	[[ $stderr == *'run as root, or with CAP_SYS_NICE'* ]] ||
		wrong "$stderr"
	unbound
	run_all 0 run hello --sched deadline:10us/50us
	[[ $stderr == *'PERIOD is not within kernel.sched_deadline_period_'* ]] ||
		wrong "$stderr"
}

@test "--sched deadline: the thread has it, what it used up is counted and told" {
	local attributes
	unbound
	starts run noise --vcpus 1 --sched deadline:8ms/10ms duration_s=60 --json r.json \
		--quiet
	await_threads "0 0 0;6 0 1"
	attributes=$(chrt -ap "$pid")
	[[ $attributes == *8000000/10000000/10000000* ]] || wrong "$attributes"
	sleep 1
	stops
	valid r.json
	[ "$(json r.json 'r["machine"]["vcpus"][0]["scheduling"]')" = \
		"{'policy': 'SCHED_DEADLINE', 'runtime_us': 8000, 'deadline_us': 10000, 'period_us': 10000}" ]
	[ "$(json r.json 'r["machine"]["placement"]["overruns"] > 0')" = True ]
	[ "$(json r.json 'r["realtime"]')" = True ] || wrong "$(cat out err)"
	[[ $(unwrapped <out) == *'SCHED_DEADLINE 8000/10000/10000 us'* ]] ||
		wrong "$(cat out)"
	[[ $(unwrapped <out) == *'warning: vCPUs used up their RUNTIME of SCHED_DEADLINE '* ]] ||
		wrong "$(cat out)"
	# Rounds: what is left of one ends no other, and all are counted.
	run_all 0 run noise --vcpus 1 --sched deadline:8ms/10ms duration_s=1 --rounds 2 \
		--json rounds.json
	[[ $output == *' samples in 2 rounds'* ]] || wrong "$output"
	[ "$(json rounds.json 'r["machine"]["placement"]["overruns"] > 0')" = True ]
}

@test "--sched deadline: a vCPU that spins is ended, by --limit and by Ctrl-C" {
	local all
	unbound
	all=$(allowed | paste -sd ,)
	# With a CPU for the main thread, and with none.
	for cpus in N "$all"; do
		run_all 124 run "$hostile/cli-loop-all.elf" --cpus "$cpus" \
			--sched deadline:95ms/100ms --limit 1s
		[[ $output != *'did not give a vCPU back'* ]] || wrong "$output"
		starts run "$hostile/cli-loop-all.elf" --cpus "$cpus" --limit 60s \
			--sched deadline:95ms/100ms
		sleep 1
		stops
	done
}

@test "--housekeeping: the main thread is there, and nobody else's CPU is taken" {
	local list
	for list in '' x 0- 9999 auto "$(printf '1%.0s' {1..5000})"; do
		refused '--housekeeping wants a list of CPUs' run hello \
			--housekeeping "$list"
	done
	needs_cpus 2
	refused '--housekeeping and vCPU 0 both want CPU' run hello --cpus N \
		--housekeeping N
	refused '--housekeeping: CPU 1000 is offline' run hello --housekeeping 1000
	[ "$(allowed | paste -sd ,)" = 0,1 ] || skip "other CPUs than two"
	needs_root
	# Not what it would have been: the default is the other way round.
	starts run noise --vcpus 1 --housekeeping 1 --prio 5 duration_s=60 \
		--json r.json --quiet
	await_threads "0 0 1;1 5 0"
	stops
	valid r.json
	[ "$(json r.json 'r["machine"]["placement"]["housekeeping"], \
		r["machine"]["placement"]["housekeeping_named"]')" = "('1', True)" ]
	grep -qx 'housekeeping: all other threads on CPU 1' out || wrong "$(cat out)"
	# On a vCPU's CPU it is above it, so that it can end it.
	starts run "$hostile/cli-loop-all.elf" --cpus 1 --housekeeping N \
		--allow-overcommit --prio 5 --limit 60s
	await_threads "1 6 1;1 5 1"
	stops
}

@test "memory: bound where there are nodes, and the file says it" {
	needs_kvm
	run_all 0 run hello --json r.json
	valid r.json
	[ "$(cat /sys/devices/system/node/has_memory)" = 0 ] ||
		skip "this host has several nodes"
	[ "$(json r.json 'r["machine"]["placement"]["memory"]')" = \
		"{'nodes': '0', 'bound': False, 'reason': 'this host has one node'}" ]
	[[ $output != *'memory: '* ]] || wrong "$output"
}
