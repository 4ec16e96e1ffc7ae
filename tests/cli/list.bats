#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# latvisor list: the payloads, and the parameters of one.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

@test "list names each payload with its summary" {
	run_all 0 list
	[ -z "$stderr" ]
	for payload in hello exit-cost ipi-wake timer-jitter; do
		grep -qE "^$payload +[^ ]+ " <<<"$output" ||
			wrong "no $payload in: $output"
	done
}

@test "list PAYLOAD shows its parameters" {
	run_all 0 list timer-jitter
	for word in samples interval_us 'deadline|oneshot|periodic' us; do
		[[ $output == *"$word"* ]] || wrong "no $word in: $output"
	done
}

@test "list PAYLOAD fits into 79 columns and leaves nothing out" {
	local nr=0
	for payload in $("$latvisor" list | cut -d' ' -f1); do
		run_all 0 list "$payload"
		nr=$((nr + 1))
		while IFS= read -r line; do
			[ ${#line} -le 79 ] || wrong "$payload: $line"
		done <<<"$output"
	done
	[ "$nr" -gt 10 ] || wrong "$nr payloads"
	run_all 0 list host-wake
	for text in $'\n  idle           hlt\n' \
		'hlt|halt-poll|hlt-passthrough|mwait|guest-poll|spin' \
		'how the vCPU waits: docs/suite/modes.md' \
		'a..b in 50..10000000' \
		'between one pulse and the next, random'; do
		[[ $output == *"$text"* ]] || wrong "no '$text' in $output"
	done
}
