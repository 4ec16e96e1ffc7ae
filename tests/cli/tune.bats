#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# "latvisor tune": what it changes of a machine's /proc and /sys in a folder, and
# that all of it is as it was afterwards.  None of it needs /dev/kvm, and nothing
# of this machine is changed.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"
# shellcheck source=tests/cli/tune.bash
source "$BATS_TEST_DIRNAME/tune.bash"

@test "tune --dry-run: each knob is planned, old and new, and nothing is changed" {
	whole_tree
	keep_tree
	run --separate-stderr timeout 60 "$latvisor" tune --cpus 2-3 --root tree \
		--dry-run --l3 f0
	[ "$status" = 0 ] || wrong "status $status" "$output" "$stderr"
	[ -z "$stderr" ]
	awk 'length > 79 { print "too wide: " $0; bad = 1 } END { exit bad }' <<<"$output"
	plan=$(unwrapped <<<"$output" | sed -z 's/\n  *\([^ ]\)/ \1/g; s/  */ /g')
	while read -r line; do
		grep -qxF "$line" <<<"$plan" || wrong "no line '$line' in:" "$plan"
	done <<-'EOF'
		CPUs 2-3 for real-time guests, 0-1 for the rest:
		new-interrupts: f -> 3 in /proc/irq/default_smp_affinity
		interrupts: 0-3 -> 0-1 in /proc/irq/1/smp_affinity_list
		interrupts: 3 -> 0-1 in /proc/irq/33/smp_affinity_list
		workqueues: 0000000f -> 3 in /sys/devices/virtual/workqueue/cpumask
		writeback: f -> 3 in /sys/devices/virtual/workqueue/writeback/cpumask
		packet-steering: 00000000,00000004 -> 3 in /sys/class/net/eth0/queues/rx-0/rps_cpus
		transmit-steering: 8 -> 3 in /sys/class/net/eth0/queues/tx-0/xps_cpus
		energy-preference: balance_performance -> performance in /sys/devices/system/cpu/cpu2/cpufreq/energy_performance_preference and 1 more like it
		governor: powersave -> performance in /sys/devices/system/cpu/cpu2/cpufreq/scaling_governor and 1 more like it
		min-perf-pct: 20 -> 100 in /sys/devices/system/cpu/intel_pstate/min_perf_pct
		energy-bias: 6 -> 0 in /sys/devices/system/cpu/cpu2/power/energy_perf_bias and 1 more like it
		wakeup-latency: holds 5 us in /dev/cpu_dma_latency
		idle-states: 0 -> 1 in /sys/devices/system/cpu/cpu2/cpuidle/state2/disable and 1 more like it
		rt-throttling: 950000 -> -1 in /proc/sys/kernel/sched_rt_runtime_us
		fair-server: 50000000 -> 0 in /sys/kernel/debug/sched/fair_server/cpu2/runtime and 1 more like it
		ext-server: 50000000 -> 0 in /sys/kernel/debug/sched/ext_server/cpu2/runtime and 1 more like it
		numa-balancing: 1 -> 0 in /proc/sys/kernel/numa_balancing
		timer-migration: 1 -> 0 in /proc/sys/kernel/timer_migration
		rcu-normal: 0 -> 1 in /sys/kernel/rcu_normal
		transparent-hugepages: madvise -> never in /sys/kernel/mm/transparent_hugepage/enabled
		ksm: 1 -> 0 in /sys/kernel/mm/ksm/run
		stat-interval: 1 -> 10 in /proc/sys/vm/stat_interval
		proactive-compaction: 20 -> 0 in /proc/sys/vm/compaction_proactiveness
		compact-locked: 1 -> 0 in /proc/sys/vm/compact_unevictable_allowed
		nmi-watchdog: 1 -> 0 in /proc/sys/kernel/nmi_watchdog
		soft-watchdog: 0-3 -> 0-1 in /proc/sys/kernel/watchdog_cpumask
		hung-task: 120 -> 600 in /proc/sys/kernel/hung_task_timeout_secs
		halt-poll: 200000 -> 0 in /sys/module/kvm/parameters/halt_poll_ns
		l3-partition: makes /sys/fs/resctrl/latvisor
		l3-partition: 0=0f0;1=0f0 in /sys/fs/resctrl/latvisor/schemata
		l3-partition: 2-3 in /sys/fs/resctrl/latvisor/cpus_list
		l3-partition: 0=fff;1=fff -> 0=f0f;1=f0f in /sys/fs/resctrl/schemata
		isolated: -cpuset -> +cpuset in /sys/fs/cgroup/cgroup.subtree_control
		isolated: makes /sys/fs/cgroup/latvisor
		isolated: 2-3 in /sys/fs/cgroup/latvisor/cpuset.cpus
		isolated: isolated in /sys/fs/cgroup/latvisor/cpuset.cpus.partition
	EOF
	[ "$(wc -l <<<"$plan")" = 37 ] || wrong "other lines, too:" "$plan"
	is_as_before
	[ ! -e tree/run ]
}

@test "tune: a command runs on a tuned host, which is then as it was" {
	whole_tree
	keep_tree
	cat >look.sh <<-'EOF'
		cd tree
		for f in proc/irq/default_smp_affinity proc/irq/33/smp_affinity_list \
			sys/kernel/mm/transparent_hugepage/enabled \
			proc/sys/kernel/sched_rt_runtime_us sys/fs/resctrl/schemata \
			sys/fs/cgroup/cgroup.subtree_control \
			sys/fs/cgroup/latvisor/cpuset.cpus sys/fs/resctrl/latvisor/cpus_list \
			sys/devices/system/cpu/cpu3/cpuidle/state[12]/disable \
			sys/class/net/eth0/queues/rx-1/rps_cpus; do
			paste -sd ' ' $f
		done
		exit 37
	EOF
	run_all 37 tune --cpus 2-3 --root tree --l3 f0 -- sh look.sh
	# Of 2 CPUs for the rest one is for what the command does besides.
	diff - <(echo "$output") <<-'EOF'
		3
		0-1
		always madvise [never]
		-1
		    L3:0=f0f;1=f0f     MB:0=100;1=100
		cpu io cpuset
		1-3
		2-3
		0
		1
		0
	EOF
	is_as_before
	[[ $stderr == *"rt-throttling: 950000 -> -1 in"* ]]
	grep -qxE '[0-9]+ restored\.' <<<"$stderr"
}

@test "tune: what a host lacks is left out with the reason, what is good as it is" {
	small_tree
	rm -r tree/sys/fs/cgroup
	put proc/sys/vm/stat_interval 60
	put proc/sys/kernel/numa_balancing 0
	mkdir -p tree/sys/kernel/debug
	keep_tree
	run_all 0 tune --cpus 2-3 --root tree -- true
	plan=$(sed -z 's/\n  *\([^ ]\)/ \1/g; s/  */ /g' <<<"$stderr")
	grep -qx "good already: numa-balancing, stat-interval" \
		<<<"$plan" || wrong "$plan"
	grep -qx "left out: not there: mount -t debugfs none /sys/kernel/debug: fair-server, ext-server" \
		<<<"$plan" || wrong "$plan"
	grep -qx "left out: no --l3 MASK: l3-partition" <<<"$plan" || wrong "$plan"
	grep -qx "left out: /sys/fs/cgroup is no cgroup v2: isolated" <<<"$plan" ||
		wrong "$plan"
	grep -qE "^left out: not in this kernel or machine: .*ksm" <<<"$plan" ||
		wrong "$plan"
	is_as_before
}

@test "tune waits for a signal, and each of them restores" {
	whole_tree
	keep_tree
	for signal in INT TERM HUP QUIT; do
		start_tune
		in_tree proc/sys/kernel/sched_rt_runtime_us -1
		kill -$signal $pid
		wait $pid || wrong "$signal: status $?"
		is_as_before || wrong "after $signal"
	done
	grep -qE '^[0-9]+ restored\.$' out
}

@test "tune: a signal goes on to the command, and two at once restore as well" {
	whole_tree
	keep_tree
	"$latvisor" tune --cpus 2-3 --root tree -- \
		sh -c 'trap "exit 9" TERM; touch runs
		for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done' \
		2>err 3>&- &
	until [ -e runs ]; do sleep 0.02; done
	in_tree proc/sys/kernel/sched_rt_runtime_us -1
	kill -TERM $!
	kill -TERM $! || true
	status=0
	wait $! || status=$?
	[ "$status" = 9 ] || wrong "status $status: $(cat err)"
	is_as_before
	run_all 143 tune --cpus 2-3 --root tree -- sh -c 'kill -TERM $$'
	is_as_before
	run -127 --separate-stderr "$latvisor" tune --cpus 2-3 --root tree -- \
		./nothing-like-it
	[[ $stderr == *"cannot run ./nothing-like-it: No such file"* ]]
	is_as_before
}

@test "tune: what somebody else has changed meanwhile is left alone and told" {
	whole_tree
	keep_tree
	run_all 0 tune --cpus 2-3 --root tree -- \
		sh -c 'echo 500000 >tree/proc/sys/kernel/sched_rt_runtime_us
		echo 00000003 >tree/proc/irq/default_smp_affinity'
	[[ $(unwrapped <<<"$stderr") == *"sched_rt_runtime_us: left alone, somebody else has changed it to: 500000"* ]] ||
		wrong "$stderr"
	grep -qE '^[0-9]+ restored, 1 left alone\.$' <<<"$stderr"
	in_tree proc/sys/kernel/sched_rt_runtime_us 500000
	# The same mask, as the kernel prints it.
	in_tree proc/irq/default_smp_affinity f
}

@test "tune: no link leads out of the tree, and nothing live is written to" {
	small_tree
	echo 950000 >outside
	rm tree/proc/sys/kernel/sched_rt_runtime_us
	ln -s "$PWD/outside" tree/proc/sys/kernel/sched_rt_runtime_us
	run_all 0 tune --cpus 2-3 --root tree -- cat outside
	[ "$output" = 950000 ]
	run_all 2 tune --cpus 0 --root / -- touch sign
	says "--root / is this machine"
	run_all 2 tune --root / --restore
	says "--root / is this machine"
	[ ! -e sign ]
}

@test "tune: a file that cannot be changed is told, the others are changed" {
	small_tree
	keep_tree
	chmod 444 tree/proc/sys/kernel/sched_rt_runtime_us
	as=()
	if [ "$(id -u)" = 0 ]; then
		needs_root
		chown -R 65534 tree
		chmod a+rx . ..
		install -m 755 "$latvisor" program
		as=(setpriv --reuid 65534 --clear-groups)
	else
		cp "$latvisor" program
	fi
	[ ${#as[@]} = 0 ] || "${as[@]}" ./program --version >version ||
		skip "no program can be run by others here"
	status=0
	"${as[@]}" ./program tune --cpus 2-3 --root tree -- \
		cat tree/proc/irq/default_smp_affinity >out 2>err || status=$?
	[ "$status" = 0 ] || wrong "$(cat err)"
	[ "$(cat out)" = 3 ]
	grep -q 'sched_rt_runtime_us: not changed: Permission denied' \
		<(unwrapped <err) || wrong "$(cat err)"
	diff -r --exclude=run before tree
}

@test "tune refuses what it cannot do" {
	small_tree
	refuses() {
		local word=$1
		shift
		run_all 2 tune "$@"
		says "$word" || return
		[ ! -e tree/run ]
	}
	refuses "it wants --cpus LIST" --root tree
	refuses "--cpus has every CPU: leave one for the rest" --root tree --cpus 0-3
	refuses "CPU 7 is not online" --root tree --cpus 7
	refuses "--cpus wants a list of CPUs" --root tree --cpus x
	refuses "--root wants a folder" --root none --cpus 1
	for mask in 0 x 0x f0g 12345678901234567; do
		refuses "--l3 wants a mask" --root tree --cpus 1 --l3 $mask
	done
	refuses "--restore goes with --root alone" --root tree --restore --cpus 1
	refuses "--restore goes with --root alone" --root tree --restore --dry-run
	refuses "--restore goes with --root alone" --root tree --restore true
}

@test "tune --l3: a mask that leaves nothing, or that there is not, is left out" {
	whole_tree
	run_all 0 tune --cpus 2-3 --root tree --l3 fff --dry-run
	[[ $output == *"--l3 fff leaves no cache for the rest"* ]]
	run_all 0 tune --cpus 2-3 --root tree --l3 10f0 --dry-run
	[[ $output == *"has bits that the cache has not: fff"* ]]
	mkdir tree/sys/fs/resctrl/latvisor
	run_all 0 tune --cpus 2-3 --root tree --l3 f0 --dry-run
	[[ $(tr -s ' \n' ' ' <<<"$output") == *"/sys/fs/resctrl/latvisor is there, and not of this tune: l3-partition"* ]]
}

@test "tune: as somebody who may not it says so, and the plan can be had" {
	needs_root
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$latvisor" \
		tune --cpus 0 -- true
	[ "$status" != 126 ] || skip "no program can be run by others here"
	[ "$status" = 2 ]
	[[ $stderr == *"only root may change this machine"* ]] ||
		[[ $stderr == *"--cpus has every CPU"* ]]
}

@test "run --tune wants to be told the CPUs, and a payload" {
	refused "--tune wants --cpus LIST" run --tune hello
	refused "it wants a payload" run --tune --cpus 0
}

@test "doctor says what tune can do, by the same knobs" {
	whole_tree
	put sys/module/x/x x
	run --separate-stderr "$latvisor" doctor --root tree --cpus 2-3 --json found.json
	"$latvisor" doctor --root tree --cpus 2-3 --all >all || true
	grep -q '^FAIL    rt-throttling: 950000; good: -1 (tune)$' all
	grep -q '(tune --l3 MASK)$' all
	# Nothing that is good, or only stated, wants it.
	lacks '^(PASS|stated|UNKNOWN).*\(tune' all
	[ "$(json found.json '[c["tune"] for c in r["checks"]
		if c["name"] in ("rt-throttling", "nohz-full")]')" = "[False, True]" ]
	# What it says tune can do is done while it runs; a copy has no kernel that
	# would show the partition.
	json found.json '"\n".join(c["name"] for c in r["checks"] if c["tune"] and
		c["status"] in ("FAIL", "WARN") and
		c["name"] not in ("isolated", "l3-partition"))' >can
	[ "$(wc -l <can)" -ge 20 ] || wrong "$(cat can)"
	"$latvisor" tune --cpus 2-3 --root tree -- "$latvisor" doctor --root tree \
		--cpus 2-3 --all >tuned 2>err || true
	while read -r check; do
		grep -qE "^PASS +$check:" tuned || wrong "$(grep " $check:" tuned)"
	done <can
}
