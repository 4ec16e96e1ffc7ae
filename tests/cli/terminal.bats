#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What is shown while a run lasts: on a terminal, and elsewhere not.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

# Long enough for a few of the live line's ticks.
run_1s=(run timer-jitter samples=1000 interval_us=1000 warmup=0)

setup() {
	own_folder
	needs_kvm
	command -v script >/dev/null || skip "no script(1)"
}

# on_terminal COMMAND: what a terminal gets, in the file typescript.
on_terminal() {
	script -qec "$1" typescript >/dev/null </dev/null
}

escape=$(printf '\033')

@test "a terminal gets a live line" {
	on_terminal "'$latvisor' ${run_1s[*]}"
	grep -qE "$escape\[K.*samples, max" typescript || wrong "$(cat -v typescript)"
	grep -q PASS typescript
}

@test "the live line is cleared before the table" {
	on_terminal "'$latvisor' ${run_1s[*]}"
	# What stands last on the line that the table begins is no live line.
	sed "s/.*$escape\[K//" typescript >shown
	lacks 'samples, max' shown
}

# What stands on each line in the end: nothing is glued to what was there before.
shown() {
	tr '\r' '\n' <typescript | sed "s/.*$escape\[K//" >shown
	if grep -E 'round [0-9]+ of [0-9]+, row [0-9]+ of [0-9]+.' shown; then
		wrong "glued to the line of progress: $(cat -v typescript)"
	fi
}

@test "a sweep's line of progress, and messages" {
	on_terminal "'$latvisor' sweep timer-jitter mode=oneshot,periodic \
		--irqchip none --rounds 1 || true"
	grep -q "round 1 of 1, row 2 of 2" typescript ||
		wrong "$(cat -v typescript)"
	shown
	[ "$(grep -c '^[^ ]*latvisor sweep: SKIP: timer-jitter needs' shown)" = 2 ] ||
		wrong "$(cat -v typescript)"
	on_terminal "'$latvisor' sweep timer-jitter mode=oneshot,periodic \
		samples=20 --metric nap || true"
	shown
	grep -q '^[^ ]*latvisor sweep: --metric nap' shown ||
		wrong "$(cat -v typescript)"
}

@test "--quiet: no live line" {
	on_terminal "'$latvisor' ${run_1s[*]} --quiet"
	lacks "$escape" typescript
	grep -q PASS typescript
}

@test "--quiet: no text of the guest" {
	run_all 0 run hello --quiet
	[[ $output != *'hello from'* ]]
	run_all 0 run hello
	[[ $output == *'hello from vCPU 0'* ]]
}

@test "no terminal: no escape characters" {
	"$latvisor" "${run_1s[@]}" >out 2>err
	lacks "$escape" out err
	lacks $'\r' out err
	grep -q PASS out
}

@test "stderr in a file, stdout on a terminal: no escape characters in it" {
	on_terminal "'$latvisor' ${run_1s[*]} 2>err"
	lacks "$escape" err
	lacks "$escape" typescript
}

@test "Ctrl-C typed on a terminal ends the run with 130" {
	command -v tmux >/dev/null || skip "no tmux(1)"
	local socket=$PWD/tmux
	TMUX='' tmux -S "$socket" -f /dev/null new-session -d \
		"'$latvisor' run timer-jitter samples=1000000; echo \$? >status"
	sleep 1
	tmux -S "$socket" send-keys C-c
	for _ in {1..40}; do
		[ ! -s status ] || break
		sleep 0.05
	done
	tmux -S "$socket" kill-server 2>/dev/null || true
	[ "$(cat status)" = 130 ]
}

@test "a closed pipe does not leave the run hanging" {
	run timeout 10 bash -c \
		"'$latvisor' run exit-cost samples=10 | head -n 1 >/dev/null"
	[ "$status" -ne 124 ]
}

@test "--timeline tells where start-up's time goes, on stderr" {
	run_all 0 run hello --timeline
	[[ $stderr == *'timeline'*'/dev/kvm'*'guest ended'* ]] || wrong "$stderr"
	[[ $output != *timeline* ]]
}
