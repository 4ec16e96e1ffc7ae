#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What is written to may fail, and what a process may use may end: a sentence, the
# right status, and the result where it can be kept.
# shellcheck disable=SC2030,SC2031 # "run" in a function of the test's own
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

endless=(run exit-cost samples=100000000)

# written STATUS WORD COMMAND...: a shell's command; one line on stderr.
written() {
	local wanted=$1 word=$2
	shift 2
	# shellcheck disable=SC2016 # for the shell inside
	run --separate-stderr bash -c "latvisor=$latvisor"'; '"$*"
	[ "$status" = "$wanted" ] || wrong "$*: status $status" "$output" \
		"$stderr"
	says "$word" || wrong "of: $*"
}

@test "standard output that is full or closed: a sentence, whoever writes" {
	local command
	[ -w /dev/full ] || skip "no /dev/full"
	for command in --help --version 'run --help' list 'list hello' help \
		'help man' 'help bash'; do
		written 2 'No space left' "\$latvisor $command >/dev/full"
		written 2 'Bad file descriptor' "\$latvisor $command >&-"
	done
}

@test "--json - with standard output closed is refused before the run" {
	written 2 '--json -: standard output is closed' \
		"\$latvisor run hello --json - >&-"
	written 2 '--json -: standard output is closed' \
		"\$latvisor sweep hello --json - >&-"
}

@test "no table, but the file" {
	needs_kvm
	written 2 'Bad file descriptor' "\$latvisor run hello --json r.json >&-"
	valid r.json
	rm r.json
	written 2 'No space left' \
		"\$latvisor run hello --json r.json >/dev/full"
	valid r.json
	# No reader is there when it begins to write.
	written 2 'Broken pipe' "set -o pipefail
		(sleep 0.3; \$latvisor run hello --json p.json) | true"
	valid p.json
	# Nobody to tell: the status does.
	run --separate-stderr bash -c "'$latvisor' run hello --json r.json 2>&-"
	[ "$status" = 0 ] || wrong "$output"
	left_behind p.json r.json
}

@test "a bench whose reader is gone ends, unless it leaves files" {
	needs_kvm
	written 2 'nobody would see' "set -o pipefail
		timeout 50 \$latvisor bench --quick | head -n 1 >/dev/null"
}

# limited LIMIT ARGUMENT...: starts latvisor, lets it measure, lets no file of it
# grow beyond the limit, and ends it.
limited() {
	local limit=$1 pid
	shift
	"$latvisor" "$@" >out 2>err 3>&- &
	pid=$!
	sleep 2
	prlimit "--fsize=$limit" --pid "$pid" || wrong "$(cat out err)"
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
}

@test "a file that gets too large: a sentence, and the others are kept" {
	needs_kvm
	limited 100000 "${endless[@]}" --json r.json --raw r.csv
	[ "$status" = 2 ] || wrong "status $status: $(cat err)"
	grep -q 'the samples to --raw r.csv: File too large' err ||
		wrong "$(cat err)"
	valid r.json
	left_behind err out r.json
	rm r.json
	limited 1000 "${endless[@]}" --json r.json --raw r.csv
	[ "$status" = 2 ] || wrong "status $status: $(cat err)"
	grep -q 'the result to r.json: File too large' err || wrong "$(cat err)"
	left_behind err out
	# Its own memory is a file, too.
	written 2 'File too large' "ulimit -f 1; \$latvisor run hello"
	written 2 'File too large' "ulimit -f 1; \$latvisor help man >man"
}

# used_up LIMIT: a run that is to last half a minute, under that limit.
used_up() {
	run --separate-stderr timeout 25 prlimit "$1" "$latvisor" run \
		exit-cost samples=100000000 --limit 20 --json r.json
	[ "$status" = 130 ] || wrong "$1: status $status: $output" "$stderr"
	says "a limit of this process's CPU time"
	[[ $output == *'(interrupted)'* ]] || wrong "$output"
	valid r.json
	[ "$(json r.json 'r["interrupted"]')" = True ]
}

@test "a limit of CPU time ends the run, and the result is kept" {
	needs_kvm
	used_up --cpu=2
	used_up --cpu=1:20
	needs_root
	used_up --rttime=800000
	used_up --rttime=400000:60000000
}
