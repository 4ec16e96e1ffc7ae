#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a guest that has broken out of its vCPU could do: gdb makes the system
# calls for it, on the thread that it would have.
# shellcheck disable=SC2030,SC2031 # "run" in a function of the test's own
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

endless=(run ipi-wake samples=100000000)
with_device=(run prio-inversion samples=100000)
# gdb counts threads in the order that they started in: devices' before vCPUs'.
MAIN=1 VCPU0=2 DEVICE=2

teardown() {
	[ -z "${pid:-}" ] || kill -9 "$pid" 2>/dev/null || true
}

# start ARGUMENT...: it measures; sets pid.
start() {
	"$latvisor" "$@" >out 2>err 3>&- &
	pid=$!
	sleep 1
	kill -0 "$pid" || wrong "it had ended already: $(cat out err)"
}

# ended: sets status.
ended() {
	status=0
	wait "$pid" || status=$?
	pid=
}

# inject THREAD EXPRESSION...: gdb's values of them, on that thread, a line each.
inject() {
	local thread=$1 args=() e
	shift
	for e; do
		args+=(-ex "print $e")
	done
	timeout 60 gdb -nx -batch -p "$pid" \
		-ex 'handle SIGSYS SIGUSR1 SIGINT nostop noprint pass' \
		-ex 'set scheduler-locking on' -ex "thread $thread" \
		"${args[@]}" >gdb.out 2>gdb.err 3>&- ||
		wrong "gdb: $(cat gdb.out gdb.err)" || return
	sed -n 's/^\$[0-9]* = //p' gdb.out
	rm gdb.out gdb.err
}

# each_thread WORD: that line of each thread's status, the main one's first.
each_thread() {
	local task
	for task in $(printf '%s\n' /proc/"$pid"/task/* | sort -V); do
		# KVM's own worker is no thread of the program's.
		[ "$(cat "$task/comm")" = latvisor ] || continue
		sed -n "s/^$1:\t//p" "$task/status"
	done | paste -sd ' '
}

# each_filters: how many filters each thread has beyond those of this shell.
each_filters() {
	local own
	own=$(sed -n 's/^Seccomp_filters:\t//p' /proc/self/status)
	each_thread Seccomp_filters | tr ' ' '\n' |
		while read -r nr; do echo $((nr - own)); done | paste -sd ' '
}

needs_seccomp() {
	needs_kvm
	command -v gdb >/dev/null || skip "no gdb"
	grep -q '^Seccomp:' /proc/self/status || skip "no seccomp in this kernel"
}

@test "every thread has its filter, and a vCPU's no capability" {
	local none=0000000000000000 before
	needs_seccomp
	before=$(sed -n 's/^Speculation_Store_Bypass:\t//p' /proc/self/status)
	start "${endless[@]}" --vcpus 2
	[ "$(each_thread NoNewPrivs)" = "1 1 1" ]
	[ "$(each_thread Seccomp)" = "2 2 2" ]
	# Theirs, and the one that they have from the main thread.
	[ "$(each_filters)" = "1 2 2" ] || wrong "$(each_filters)"
	[[ $(each_thread CapEff) == *" $none $none" ]] ||
		wrong "$(each_thread CapEff)"
	[[ $(each_thread CapPrm) == *" $none $none" ]]
	# A filter without SPEC_ALLOW would change the guest's figures.
	[ "$(each_thread Speculation_Store_Bypass)" = "$before $before $before" ]
	kill -INT "$pid"
	ended
	[ "$status" = 130 ] || wrong "$(cat err)"
	lacks sandbox out err
}

@test "a device's thread has its filter as well" {
	local none=0000000000000000 nice=0000000000800000
	needs_seccomp
	start "${with_device[@]}"
	[ "$(each_thread Seccomp)" = "2 2 2 2" ]
	[ "$(each_filters)" = "1 2 2 2" ] || wrong "$(each_filters)"
	# The vCPUs change their own priority; by that alone.
	[[ $(each_thread CapEff) == *" $none $nice $nice" ]] ||
		[ "$(id -u)" != 0 ] || wrong "$(each_thread CapEff)"
	kill -INT "$pid"
	ended
	[ "$status" = 130 ] || wrong "$(cat err)"
}

@test "--no-sandbox: nothing of it, and the result says so" {
	needs_seccomp
	start "${endless[@]}" --vcpus 2 --no-sandbox --json r.json
	[ "$(each_thread NoNewPrivs)" = "0 0 0" ]
	[ "$(each_thread Seccomp)" = "0 0 0" ]
	kill -INT "$pid"
	ended
	grep -q '^sandbox: NONE' out
	[ "$(json r.json 'r["machine"]["sandbox"]["seccomp"]')" = False ]
	valid r.json
}

# taken_over THREAD WHO EXPRESSION NAME [ARGUMENT...]: in such a run the call fails,
# its name is told once, the result is there.
taken_over() {
	local thread=$1 who=$2 call=$3 name=$4 value
	shift 4
	[ $# -gt 0 ] || set -- "${endless[@]}"
	start "$@" --json r.json
	value=$(inject "$thread" "(long)syscall($call)" '*(int *)__errno_location()')
	[ "$value" = $'-1\n1' ] || wrong "syscall($call): $value"
	# Nobody has to end it.
	ended
	[ "$status" = 99 ] || wrong "$call: status $status" "$(cat out err)"
	grep -q "^ERROR: the sandbox refused $who the system call $name (" out ||
		wrong "$call:" "$(cat out err)"
	valid r.json
	[ "$(json r.json 'r["verdict"]')" = ERROR ]
	rm r.json
}

@test "a vCPU's thread that was taken over" {
	needs_seccomp
	taken_over $VCPU0 "vCPU 0" "59,0,0,0" execve
	taken_over $VCPU0 "vCPU 0" "257,-100,0,0" openat
	taken_over $VCPU0 "vCPU 0" "41,1,1,0" socket
	taken_over $VCPU0 "vCPU 0" "9,0,4096,1,34,-1,0" mmap
	taken_over $VCPU0 "vCPU 0" "16,0,0x5412,0" ioctl # TIOCSTI
	taken_over $VCPU0 "vCPU 0" "234,$$,$$,0" tgkill
}

@test "the main thread that was taken over" {
	needs_seccomp
	taken_over $MAIN "the main thread" "59,0,0,0" execve
	taken_over $MAIN "the main thread" "56,17,0,0,0,0" clone # fork()
	taken_over $MAIN "the main thread" "41,2,1,0" socket	 # AF_INET
	taken_over $MAIN "the main thread" "10,0,4096,4" mprotect # PROT_EXEC
	taken_over $MAIN "the main thread" "101,16,$$,0,0" ptrace
	taken_over $MAIN "the main thread" "298,0,0,-1,-1,0" perf_event_open
	taken_over $MAIN "the main thread" "234,$$,$$,0" tgkill # another process
}

# What the main thread may do, and a device's not.
@test "a device's thread that was taken over" {
	needs_seccomp
	run_all 0 run prio-inversion samples=4 warmup=1
	taken_over $DEVICE "a device's thread" "290,0,0" eventfd2 "${with_device[@]}"
	taken_over $DEVICE "a device's thread" "257,-100,0,0" openat \
		"${with_device[@]}"
}

# What it may do while a guest runs, and not any more; it waits for somebody who
# reads the result.
@test "the main thread that was taken over after the last guest" {
	local values errno='*(int *)__errno_location()'
	needs_seccomp
	mkfifo fifo
	start run hello --json fifo
	[ "$(each_filters)" = 2 ] || wrong "$(each_filters)"
	# eventfd2, KVM_CREATE_VM, a thread, sched_setscheduler; getpid may stay.
	mapfile -t values < <(inject $MAIN '(long)syscall(290,0,0)' "$errno" \
		'(long)syscall(16,-1,0xae01,0)' "$errno" \
		'(long)syscall(56,0x10000,0,0,0,0)' "$errno" \
		'(long)syscall(144,0,0,0)' "$errno" \
		'(long)syscall(39)' '(int)open("/proc/self/status", 0)')
	[[ ${values[*]} == "-1 1 -1 1 -1 1 -1 1 $pid "[0-9]* ]] ||
		wrong "${values[*]}"
	cat fifo >r.json
	ended
	[ "$status" = 99 ] || wrong "status $status" "$(cat out err)"
	grep -q 'the sandbox refused the main thread the system call eventfd2 (' \
		err || wrong "$(cat out err)"
	valid r.json
}

@test "files: only those that a run reads, and made only where results go" {
	local values
	needs_seccomp
	"$latvisor" run hello --json l.json >/dev/null
	[ "$(json l.json 'r["machine"]["sandbox"]["landlock"]')" != 0 ] ||
		skip "no Landlock in this kernel"
	mkdir results
	start "${endless[@]}" --json results/r.json
	# O_RDONLY; O_WRONLY | O_CREAT; behind each the error that is left.
	mapfile -t values < <(inject $MAIN \
		'(int)open("/etc/passwd", 0)' '*(int *)__errno_location()' \
		"(int)open(\"$PWD/new\", 0101, 0600)" '*(int *)__errno_location()' \
		"(int)open(\"$PWD/l.json\", 1)" '*(int *)__errno_location()' \
		'(int)open("/dev/kvm", 2)' '*(int *)__errno_location()' \
		"(int)open(\"$PWD/results/new\", 0101, 0600)" \
		'(int)open("/proc/self/status", 0)')
	[ "${values[*]:0:8}" = "-1 13 -1 13 -1 13 -1 13" ] ||
		wrong "${values[*]}"
	[ "${values[8]}" -ge 0 ] && [ "${values[9]}" -ge 0 ] ||
		wrong "${values[*]}"
	kill -INT "$pid"
	ended
	[ "$status" = 130 ] || wrong "$(cat err)"
	left_behind err l.json out results results/new results/r.json
}

# Compared with itself only: what it is differs from host to host.
@test "what the sandbox costs an exit is the same in each run, about" {
	local ns=() mid
	needs_seccomp
	for _ in {1..10}; do
		"$latvisor" run hello --json r.json >out
		ns+=("$(json r.json 'round(r["machine"]["sandbox"]["an_exit"]["ns"])')")
	done
	# It is a difference, of two threads: a busy host spoils some, either way.
	mapfile -t ns < <(printf '%s\n' "${ns[@]}" | sort -n)
	mid=${ns[5]}
	[ "$mid" -gt 0 ] && [ $((2 * ns[2])) -ge "$mid" ] &&
		[ "${ns[7]}" -le $((2 * mid)) ] || wrong "${ns[*]}"
	run_all 0 run exit-cost samples=5 warmup=1
	[[ $output =~ 'an exit to the vmm takes about '[0-9]+' ns more by it' ]] ||
		wrong "$output"
}

@test "results go where their names lead, from every command" {
	needs_kvm
	mkdir a b
	ln -s ../b/r.json a/r.json
	run_all 0 run hello --json a/r.json
	run_all 0 run ipi-wake samples=20 --rounds 2 --json a/rounds.json
	run_all 0 run ipi-wake samples=20 --raw a/s.csv --json b/one.json
	run_all 0 sweep ipi-wake gap_us=100,200 samples=50 --rounds 2 \
		--json b/sweep.json
	# A pipe, and a FIFO of its own.
	"$latvisor" run hello --json /dev/stdout | grep -q '"verdict"'
	mkfifo a/fifo
	cat a/fifo >c.json &
	run_all 0 run hello --json a/fifo
	wait $!
	valid c.json
	left_behind a a/fifo a/r.json a/rounds.json a/s.csv b b/one.json \
		b/r.json b/sweep.json c.json
}

@test "the guest's memory cannot be cut off" {
	local fd seals
	needs_kvm
	start "${endless[@]}"
	fd=$(find /proc/"$pid"/fd -lname '*latvisor-guest*' | head -n 1)
	seals=$(python3 -c 'import fcntl, sys
print(fcntl.fcntl(open(sys.argv[1], "rb"), fcntl.F_GET_SEALS))' "$fd")
	[ $((seals & 7)) = 7 ] || wrong "seals $seals" # SEAL, SHRINK, GROW
	kill -INT "$pid"
	ended
}

@test "nothing that is mapped while a guest runs can be written and run" {
	needs_kvm
	start "${endless[@]}" --vcpus 2
	cp /proc/"$pid"/maps maps
	kill -INT "$pid"
	ended
	# It is whole: the guest's memory, the program's code.
	grep -q ' r[w-]-s .*latvisor-guest' maps && grep -q ' r-xp ' maps ||
		wrong "$(cat maps)"
	lacks ' .wx[ps] ' maps
}

@test "the program: no fixed address, nothing to write that can be run" {
	local headers
	headers=$(readelf -hldW "$latvisor")
	grep -q 'Type: *DYN' <<<"$headers"
	grep -q GNU_RELRO <<<"$headers"
	grep -qE 'FLAGS.*NOW|BIND_NOW' <<<"$headers"
	grep -qE 'GNU_STACK .* RW +0x' <<<"$headers"
	! grep -E 'LOAD .* RWE ' <<<"$headers" || wrong "$headers"
}
