#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --break-at: what goes on behind the first such sample, and who is told of it.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

# Every sample is above it.
above=(exit-cost samples=50 --break-at 1ns)

@test "--continue N: the run ends at the Nth, and has all of them" {
	needs_kvm
	run_all 1 run "${above[@]}" --continue 7 --json r.json
	[[ $output == *", the first of 7" ]] || wrong "$output"
	[ "$(json r.json 'len(r["breaks"])')" = 7 ]
	[ "$(json r.json 'r["break"] == r["breaks"][0]')" = True ]
	[ "$(json r.json 'sum(m["samples"] for m in r["metrics"])')" = 7 ]
	[ "$(json r.json 'len({b["tsc"] for b in r["breaks"]})')" = 7 ]
	[ "$(json r.json '[b["tsc"] for b in r["breaks"]] == \
		sorted(b["tsc"] for b in r["breaks"])')" = True ]
	valid r.json
	"$latvisor" report r.json >again
	[ "$output" = "$(cat again)" ]
}

@test "--continue: a run that has fewer comes to its end, over a restart" {
	needs_kvm
	# 1000 to 1004 cycles; a step of 2000 that hangs; one of 3000.
	run_all 124 run "$BUILD/tests/hostile/step-hang.elf" --break-at 1002cycles \
		--continue 16 --json r.json
	[ "$(json r.json '[b["value"]["cycles"] // 1000 for b in r["breaks"]]')" = \
		'[1, 1, 2, 2, 2, 3, 3, 3, 3, 3]' ] || wrong "$output"
	valid r.json
}

@test "--continue, --mark and --on-break want a limit, --on-break a result" {
	refused 'add --break-at' run hello --continue 2
	refused 'add --break-at' run hello --mark x
	refused 'add --break-at' run hello --on-break true
	refused 'add --json' run hello --break-at 1us --on-break true
	refused 'add --json' run hello --break-at 1us --on-break true --json -
	refused '2 to 16' run hello --break-at 1us --continue 17
	refused '2 to 16' run hello --break-at 1us --continue 1
	refused 'Invalid argument' run hello --break-at 1us --mark ../x
	refused 'Invalid argument' run hello --break-at 1us --mark ..
}

@test "--on-break gets the result, whole, and is run once" {
	needs_kvm
	cat >handle <<-'END'
		#!/bin/sh
		echo "$#:$1" >>said
		cp "$1" copy
		exit 3
	END
	chmod +x handle
	run_all 1 run "${above[@]}" --json "r 1.json" --on-break ./handle
	[ "$(cat said)" = "1:r 1.json" ]
	cmp "r 1.json" copy
	[[ $stderr == *"--on-break: the command ended with status 3"* ]] ||
		wrong "$stderr"
}

@test "--on-break is not run without such a sample, or when Ctrl-C came before" {
	needs_kvm
	run_all 0 run exit-cost samples=5 --break-at 1000s --json r.json \
		--on-break 'touch ran'
	[ ! -e ran ]
	end_with INT run exit-cost samples=100000000 --limit 600 \
		--break-at 1000s --json r.json --on-break 'touch ran'
	[ "$status" = 130 ]
	[ ! -e ran ]
}

@test "--on-break: the command is outside of the sandbox, and its own signals end it" {
	needs_kvm
	# NO_NEW_PRIVS, a filter and the priority would be inherited.
	run_all 1 run "${above[@]}" --json r.json --on-break \
		'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status >st; chrt -p $$ >pr; kill -TERM $$;'
	grep -q 'NoNewPrivs:.0' st || wrong "$(cat st)"
	grep -q 'Seccomp:.0' st || wrong "$(cat st)"
	grep -q SCHED_OTHER pr || wrong "$(cat pr)"
	[[ $stderr == *"status 143"* ]] || wrong "$stderr"
}

@test "--mark: a line in the trace of somebody else, at each such sample" {
	needs_kvm
	needs_root
	run --separate-stderr unshare --mount sh -c '
		umount -l /sys/kernel/tracing 2>/dev/null
		mount -t tracefs none /sys/kernel/tracing 2>/dev/null || exit 77
		cd /sys/kernel/tracing/instances || exit 77
		mkdir "test.$$" || exit 77
		"$@" --mark "test.$$" >&2
		cat "test.$$/trace"
		rmdir "test.$$"' sh "$latvisor" run "${above[@]}" --continue 3
	[ "$status" != 77 ] || skip "no trace instance can be made"
	[ "$(grep -c 'latvisor: vCPU 0: a sample of [a-z0-9_]* is above --break-at' \
		<<<"$output")" = 3 ] || wrong "$output" "$stderr"
}
