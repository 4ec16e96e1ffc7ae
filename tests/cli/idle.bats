#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --dma-latency: how deep CPUs may sleep while a run is on.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
}

file=/dev/cpu_dma_latency
jitter=(run timer-jitter samples=10 interval_us=50000 --vcpus 1)

needs_file() {
	(: >"$file") 2>/dev/null || skip "$file cannot be opened"
}

# limit: what holds on this machine now, in us.
limit() {
	od -An -td4 "$file" | tr -d ' '
}

held() {
	json "$1" 'r["machine"]["cpu_dma_latency"]'
}

@test "a run lets no CPU sleep deeper than C1, and the next one may" {
	needs_file
	before=$(limit)
	"$latvisor" run timer-jitter samples=100000 --vcpus 1 -q --json r.json \
		>out 2>err 3>&- &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		[ "$(limit)" -gt 5 ] || break
		sleep 0.1
	done
	[ "$before" -le 5 ] || [ "$(limit)" = 5 ] || wrong "$(limit)"
	[ -n "$(find "/proc/$pid/fd" -lname "$file")" ] || wrong "it is not open"
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ] || wrong "status $status: $(cat err)"
	[ "$(limit)" = "$before" ] || wrong "$(limit) for $before"
	grep -qx 'cpu_dma_latency: held at 5 us' out || wrong "$(cat out)"
	valid r.json
	[ "$(held r.json)" = "{'held': True, 'us': 5}" ] || wrong "$(held r.json)"
}

@test "each round holds what was asked for, and the file says so" {
	needs_file
	run_all 0 "${jitter[@]}" --dma-latency 20us --rounds 2 --json r.json
	[[ $output == *'cpu_dma_latency: held at 20 us'* ]] || wrong "$output"
	[ -z "$stderr" ] || [[ $stderr != *dma* ]] || wrong "$stderr"
	valid r.json
	[ "$(held r.json)" = "{'held': True, 'us': 20}" ] || wrong "$(held r.json)"
}

@test "--dma-latency none holds nothing, and the result says so" {
	run_all 0 "${jitter[@]}" --dma-latency none --json r.json
	[[ $output == *'cpu_dma_latency: not held (--dma-latency none)'* ]] ||
		wrong "$output"
	valid r.json
	[ "$(json r.json 'r["machine"]["cpu_dma_latency"]["reason"]')" = \
		'--dma-latency none' ]
}

@test "where it cannot be held the run goes on, and says why" {
	needs_root
	run --separate-stderr unshare --mount bash -c \
		"mount --bind /proc/version $file && exec \"\$@\"" bash \
		"$latvisor" "${jitter[@]}" --json r.json
	[[ $stderr != *'mount: '* ]] || skip "nothing can be mounted"
	[ "$status" = 0 ] || wrong "status $status: $stderr"
	[[ $output == *"cpu_dma_latency: not held ($file: "* ]] || wrong "$output"
	valid r.json
}

@test "--dma-latency refuses what is no time in us" {
	refused 'a time with its unit' run hello --dma-latency -1
	refused 'a time with its unit' run hello --dma-latency 2001s
	refused 'a time with its unit' run hello --dma-latency never
	refused 'whole us' run hello --dma-latency 500ns
}
