#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What the program says when the host gives it less than it wants.
# shellcheck disable=SC2030,SC2031 # "run" in a function of the test's own
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

# A copy that everybody can reach, wherever the build is.
setup_file() {
	open=$(mktemp -d)
	chmod 755 "$open"
	cp -r "${BUILD:-build}/latvisor" "${BUILD:-build}/payloads" "$open"
	chmod -R a+rX "$open"
	export open
}

teardown_file() {
	rm -rf "$open"
}

# As a user without any right, and none to get.
nobody() {
	(
		cd "$open" || exit
		ulimit -r 0
		ulimit -l 64
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			--inh-caps=-all "$@"
	)
}

# Root's files, among them /dev/kvm, but nothing that wants a capability.
powerless() {
	(
		ulimit -r 0
		ulimit -l 64
		exec setpriv --bounding-set=-all --inh-caps=-all "$@"
	)
}

@test "without the right to /dev/kvm: SKIP, and what to do" {
	needs_root
	[ -e /dev/kvm ] || skip "no /dev/kvm here"
	! nobody test -w /dev/kvm || skip "everybody may use /dev/kvm"
	run --separate-stderr nobody ./latvisor run hello
	[ "$status" = 77 ] || wrong "status $status: $stderr"
	[[ ${stderr_lines[-1]} == 'latvisor run: cannot open /dev/kvm: Permission denied;'* ]] ||
		wrong "$stderr"
	[ -z "$output" ]
}

@test "--strict without the right to real time: refused, and how to get it" {
	needs_root
	run --separate-stderr nobody ./latvisor run hello --strict
	[ "$status" = 2 ] || wrong "status $status: $stderr"
	says --strict
	[[ $stderr == *ulimit* ]] || wrong "$stderr"
}

@test "--strict contradicts --prio 0" {
	refused --prio run hello --strict --prio 0
}

@test "a result into a folder of another user is refused before the run" {
	needs_root
	run --separate-stderr nobody ./latvisor run hello --json /root/r.json
	[ "$status" = 2 ] || wrong "status $status: $stderr"
	says /root/r.json
	[[ $stderr == *'ermission denied'* ]] || wrong "$stderr"
	[ ! -e /root/r.json ]
}

@test "list, --help and --version need no right at all" {
	needs_root
	run nobody ./latvisor list
	[ "$status" = 0 ]
	run nobody ./latvisor --help
	[ "$status" = 0 ]
	run nobody ./latvisor --version
	[ "$status" = 0 ]
}

@test "without real time the run goes on and says so everywhere" {
	needs_kvm
	needs_root
	run --separate-stderr powerless "$latvisor" run hello --json r.json
	[ "$status" = 0 ] || wrong "status $status: $stderr"
	[[ $stderr == *'NOT REAL-TIME'* ]] || wrong "$stderr"
	[[ $output == *'not real-time'* ]] || wrong "$output"
	valid r.json
	[ "$(json r.json 'r["realtime"]')" = False ]
	[ "$(json r.json 'len(r["refused"]) > 0 and len(r["warnings"]) > 0')" = \
		True ]
}

# The two lines of docs/host.md: a user of the group of /dev/kvm, with what setcap
# gives.  In a mount namespace, for a /dev/kvm that may be root's alone.
of_group_kvm() {
	(
		cd "$open/user" || exit
		# shellcheck disable=SC2016 # for the shell inside
		exec unshare --mount sh -c '
			mount -t tmpfs none "$1" && mknod "$1/kvm" c 10 232 &&
				chown 0:12346 "$1/kvm" && chmod 660 "$1/kvm" &&
				mount --bind "$1/kvm" /dev/kvm || exit
			shift
			exec setpriv --reuid=12345 --regid=12345 --groups=12346 \
				--inh-caps=-all,+sys_nice,+ipc_lock \
				--ambient-caps=-all,+sys_nice,+ipc_lock \
				"$@"' sh "$open/dev" "$@"
	)
}

# passes PAYLOAD ARGUMENT...: for that user as for root, with the sandbox.
passes() {
	run --separate-stderr of_group_kvm ../latvisor run "$@" --json r.json
	[ "$status" = 0 ] || wrong "$*: status $status: $output" "$stderr" || return
	cp "$open/user/r.json" .
	valid r.json || return
	[ "$(json r.json '[r[k] for k in ("verdict", "realtime", "refused")] + \
		[r["machine"]["sandbox"][k] for k in ("seccomp", "landlock")]')" = \
		"['PASS', True, [], $root_has" ] || wrong "$*:" "$output" "$stderr"
}

@test "a user of group kvm: all works as it does for root, in the sandbox" {
	local root_has
	needs_kvm
	needs_root
	mkdir -p "$open/dev" "$open/user"
	chown 12345 "$open/user"
	of_group_kvm test -w /dev/kvm || skip "no /dev/kvm of another group here"
	[ "$(of_group_kvm id -u)" = 12345 ]
	run_all 0 run hello --json r.json
	root_has=$(json r.json '[r["machine"]["sandbox"][k] for k in
		("seccomp", "landlock")]')
	root_has=${root_has#[}
	[[ $root_has == True* ]] || skip "no sandbox here"
	passes hello
	passes exit-cost samples=5 warmup=1
	passes mem-touch pages=1
	passes noise duration_s=1
	passes host-wake samples=20 warmup=3 --raw s.csv
	[ "$(wc -l <"$open/user/s.csv")" -gt 20 ]
	passes msg-rr samples=20 ablation=off
	passes ipi-wake samples=20 warmup=3 --rounds 2
	[ "$(json r.json 'r["rounds"]')" = 2 ]
}

# tracefs MOUNTED COMMAND...: the command where tracefs is mounted (yes), or
# where nobody has (no); the rest of the machine does not notice.
tracefs() {
	# shellcheck disable=SC2016 # for the shell inside
	unshare --mount sh -c '
		umount -l /sys/kernel/debug 2>/dev/null
		umount -l /sys/kernel/tracing 2>/dev/null
		[ "$1" = no ] || mount -t tracefs none /sys/kernel/tracing || exit
		shift
		exec "$@"' tracefs "$@"
}

needs_msr_counts() {
	needs_kvm
	needs_root
	[ "$(nproc)" -ge 2 ] || skip "one CPU"
	tracefs yes true || skip "this kernel has no tracefs"
}

@test "KVM's count of MSR writes wants nobody to mount tracefs" {
	local mounted
	needs_msr_counts
	tracefs no true || wrong "cannot unmount"
	for mounted in no yes; do
		run tracefs "$mounted" "$latvisor" run msg-rr samples=50 ablation=off
		[ "$status" = 0 ] || wrong "status $status: $output"
		# The same by the guest's count and by KVM's.
		[[ $output =~ timer\ writes\ +([0-9.]+)\ +([0-9.]+) ]] ||
			wrong "$mounted: $output"
		[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] ||
			wrong "$mounted: $output"
	done
}

# Tracepoints are the host's, and not everybody's to count.
@test "without the right to KVM's count of MSR writes: said, and no warning" {
	local mounted
	needs_msr_counts
	[ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 2 ] ||
		skip "everybody may count"
	for mounted in no yes; do
		run --separate-stderr tracefs "$mounted" bash -c \
			"$(declare -f powerless)"'; powerless "$@"' powerless \
			"$latvisor" run msg-rr samples=50 ablation=off --json r.json
		[ "$status" = 0 ] || wrong "status $status: $stderr"
		[[ $output == *"KVM's count: not available ("*'be root'* ]] ||
			wrong "$mounted: $output"
		valid r.json
		[[ $(json r.json 'r["metrics"][1]["kvm_count_missing"]') == \
			*'be root'* ]]
		[[ $(json r.json 'r["warnings"]') != *count* ]]
	done
}

@test "with the right to real time it is used" {
	needs_kvm
	needs_root
	run_all 0 run hello --strict --json r.json
	valid r.json
	[ "$(json r.json 'r["realtime"], r["refused"]')" = '(True, [])' ]
	[ "$(json r.json 'r["machine"]["priority"]')" = 80 ]
}

@test "--prio 0: ordinary scheduling, with a warning" {
	needs_kvm
	run_all 0 run hello --prio 0 --json r.json
	valid r.json
	[ "$(json r.json 'r["realtime"], r["machine"]["priority"]')" = \
		'(False, 0)' ]
	[[ $(json r.json 'r["warnings"]') == *'--prio 0'* ]]
}

# KVM's own thread is one too many for one of the limits.  Root has none.
@test "too few processes: a sentence at once, whichever thread is refused" {
	needs_kvm
	needs_root
	local limit said=
	# shellcheck disable=SC2016 # for the shell inside
	for limit in 1 2 3 4; do
		run --separate-stderr bash -c 'ulimit -u "$1"
			exec setpriv --reuid=65533 --regid=65533 --clear-groups \
				--inh-caps=-all,+dac_override \
				--ambient-caps=-all,+dac_override \
				"$2" run hello --limit 20' bash "$limit" \
			"$open/latvisor"
		case "$status $output $stderr" in
		"0 "*) ;;
		"2 "*'cannot start a thread'*) ;;
		"3 "*'KVM_RUN failed'*'refused KVM a thread'*) ;;
		*) wrong "limit $limit, status $status: $output" "$stderr" ;;
		esac
		said+=" $status"
	done
	# The last is enough, and the first is not.
	[[ $said == " 2"*" 0" ]] || wrong "$said"
}

# injected ERROR NUMBER ARGUMENT...: that ioctl of each thread fails, or all from
# NUMBER+ on.  Without the sandbox: what strace lets fail has no number any more.
injected() {
	local error=$1 number=$2
	shift 2
	run --separate-stderr strace -f -o trace -e trace=ioctl \
		-e inject="ioctl:error=$error:when=$number" "$latvisor" "$@" \
		--no-sandbox
	[ "$status" != 1 ] || skip "strace may not trace here: $stderr"
	[ "$status" != 127 ] || skip "no strace(1)"
}

@test "EAGAIN of KVM_RUN: a sentence, not for ever" {
	needs_kvm
	# More than the main thread has; the vCPU has one after the other.
	injected EAGAIN 300+ run "$BUILD/tests/hostile/exit-storm.elf" --limit 20
	grep -q 'KVM_RUN.*INJECTED' trace || wrong "$(tail trace)"
	[ "$status" = 3 ] || wrong "status $status: $output" "$stderr"
	[[ $output == *'KVM_RUN failed: Resource temporarily unavailable'* ]] ||
		wrong "$output"
}

@test "EINTR of KVM_CREATE_VM is tried again" {
	needs_kvm
	injected ENOSYS 60000 run hello --limit 20
	[ "$status" = 0 ] || wrong "$stderr"
	injected EINTR "$(grep -n -m 1 KVM_CREATE_VM trace | cut -d: -f1)" \
		run hello --limit 20
	grep -q 'KVM_CREATE_VM.*EINTR.*INJECTED' trace || wrong "$(cat trace)"
	[ "$status" = 0 ] || wrong "status $status: $stderr"
}

@test "too few huge pages: how many, and how to reserve them" {
	needs_kvm
	local pool=/sys/kernel/mm/hugepages/hugepages-2048kB
	[ -e $pool ] || skip "this kernel has no 2M pages"
	[ "$(cat $pool/free_hugepages)" = 0 ] || skip "2M pages are reserved"
	run_all 2 run hello --page-size 2M --json r.json
	says '--page-size 2M'
	[[ $stderr == *"the host has 0"*nr_hugepages* ]] || wrong "$stderr"
	left_behind
}

@test "reserved huge pages are used" {
	needs_kvm
	local pool=/sys/kernel/mm/hugepages/hugepages-2048kB old
	[ -w $pool/nr_hugepages ] || skip "cannot reserve 2M pages"
	old=$(cat $pool/nr_hugepages)
	echo $((old + 8)) >$pool/nr_hugepages || skip "no right to reserve them"
	if [ "$(cat $pool/free_hugepages)" -lt 8 ]; then
		echo "$old" >$pool/nr_hugepages
		skip "no room for 2M pages"
	fi
	run --separate-stderr "$latvisor" run hello --page-size 2M --json r.json
	echo "$old" >$pool/nr_hugepages
	[ "$status" = 0 ] || wrong "status $status: $stderr"
	[ "$(json r.json 'r["machine"]["page_bytes"]')" = 2097152 ]
}

@test "--allow-overcommit puts two vCPUs on one CPU" {
	needs_kvm
	run_all 0 run hello --vcpus 2 --cpus 0,0 --allow-overcommit --json r.json
	valid r.json
	[ "$(json r.json '[v["host_cpu"] for v in r["machine"]["vcpus"]]')" = \
		'[0, 0]' ]
	[[ $output == *'vCPU 1'* ]]
}

@test "no local APIC: SKIP with the reason" {
	run_all 77 run timer-jitter --irqchip none
	says 'local APIC'
}
