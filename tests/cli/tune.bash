# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# tune.bash - a machine's /proc and /sys in a folder, in which there is something
# for most of tune's knobs.
# shellcheck disable=SC2154 # latvisor is set by common.bash

# put FILE TEXT: in the tree.
put() {
	mkdir -p "tree/$(dirname "$1")"
	echo "$2" >"tree/$1"
}

# Four CPUs, vCPUs on 2 and 3: a file of each kind and each way to change it.
small_tree() {
	put sys/devices/system/cpu/online 0-3
	put sys/devices/system/cpu/isolated ""
	put proc/sys/kernel/random/boot_id 11111111-2222-3333-4444-555555555555
	put proc/sys/kernel/sched_rt_runtime_us 950000
	put proc/sys/vm/stat_interval 1
	put proc/irq/default_smp_affinity f
	put sys/kernel/mm/transparent_hugepage/enabled "always [madvise] never"
	put sys/devices/system/cpu/cpu2/cpufreq/scaling_governor powersave
	put sys/fs/cgroup/cgroup.controllers "cpuset cpu io memory"
	put sys/fs/cgroup/cgroup.subtree_control "cpu io"
}

# All the rest.
whole_tree() {
	local cpu state
	small_tree
	for cpu in 2 3; do
		put sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_governor powersave
		put sys/devices/system/cpu/cpu$cpu/cpufreq/energy_performance_preference \
			balance_performance
		put sys/devices/system/cpu/cpu$cpu/power/energy_perf_bias 6
		for state in 0 1 2; do
			put sys/devices/system/cpu/cpu$cpu/cpuidle/state$state/latency \
				$((state * state * 5))
			put sys/devices/system/cpu/cpu$cpu/cpuidle/state$state/disable 0
		done
		put sys/kernel/debug/sched/fair_server/cpu$cpu/runtime 50000000
		put sys/kernel/debug/sched/ext_server/cpu$cpu/runtime 50000000
	done
	put sys/devices/system/cpu/intel_pstate/min_perf_pct 20
	put proc/irq/1/smp_affinity_list 0-3
	put proc/irq/2/smp_affinity_list 0
	put proc/irq/33/smp_affinity_list 3
	put sys/devices/virtual/workqueue/cpumask 0000000f
	put sys/devices/virtual/workqueue/writeback/cpumask f
	put sys/class/net/eth0/queues/rx-0/rps_cpus 00000000,00000004
	put sys/class/net/eth0/queues/rx-1/rps_cpus 0
	put sys/class/net/eth0/queues/tx-0/xps_cpus 8
	put proc/sys/kernel/numa_balancing 1
	put proc/sys/kernel/timer_migration 1
	put proc/sys/kernel/nmi_watchdog 1
	put proc/sys/kernel/watchdog_cpumask 0-3
	put proc/sys/kernel/hung_task_timeout_secs 120
	put sys/kernel/rcu_normal 0
	put sys/kernel/mm/ksm/run 1
	put proc/sys/vm/compaction_proactiveness 20
	put proc/sys/vm/compact_unevictable_allowed 1
	put sys/module/kvm/parameters/halt_poll_ns 200000
	put dev/cpu_dma_latency x
	put sys/fs/resctrl/info/L3/cbm_mask fff
	put sys/fs/resctrl/schemata $'    L3:0=fff;1=fff\n    MB:0=100;1=100'
}

keep_tree() {
	cp -a tree before
}

# The tree is as it was, byte by byte, and nothing is left of a journal.
is_as_before() {
	diff -r --exclude=run before tree >difference ||
		wrong "the tree has changed:" "$(cat difference)" || return
	[ ! -e tree/run/latvisor/tune.journal ] || wrong "there is a journal"
}

# in_tree FILE TEXT: the file has that now.
in_tree() {
	[ "$(cat "tree/$1")" = "$2" ] ||
		wrong "$1: wanted '$2', got '$(cat "tree/$1")'"
}

# Starts a tune that waits, sets pid; it has changed everything.
start_tune() {
	local end=$((SECONDS + 20))
	: >out
	"$latvisor" tune --cpus 2-3 --root tree "$@" >out 2>err 3>&- &
	pid=$!
	until grep -q '^Ctrl-C restores' out; do
		if [ "$SECONDS" -ge "$end" ] || ! kill -0 $pid; then
			wrong "it does not wait: $(cat out err)" || return
		fi
		sleep 0.02
	done
}

# Starts one, and kills it.
killed_tune() {
	start_tune "$@" || return
	kill -KILL $pid
	wait $pid 2>/dev/null || true
}
