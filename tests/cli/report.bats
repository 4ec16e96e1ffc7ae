#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# "latvisor report": what a file says, and what it cannot say.  That it is what
# the run has said, the functional tests want of every run of theirs.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

file=$repository/tests/fuzz/results/timer-jitter.json

@test "report needs no /dev/kvm, and prints a run's table" {
	run_all 0 report "$file"
	[[ $output == timer-jitter:\ 1\ vCPU* ]] || wrong "$output"
	[[ $output == *$'\nPASS' ]] || wrong "$output"
}

@test "report - reads standard input" {
	"$latvisor" report "$file" >from-file
	"$latvisor" report - <"$file" >from-stdin
	cmp from-file from-stdin
}

@test "report of several files says whose each is" {
	run_all 0 report "$file" "$file"
	[ "$(grep -cxF "== $file" <<<"$output")" = 2 ]
}

@test "report without a file says what it wants" {
	run_all 2 report
	says "wants result files"
}

@test "a file that is not there, or no result, is one sentence" {
	run_all 2 report none.json
	says "cannot read none.json: No such file"
	run_all 2 report /
	says "/ cannot be read: Is a directory"
	echo '{"schema": "latvisor-sweep/1"}' >sweep.json
	run_all 2 report sweep.json
	says "sweep.json: schema: wanted latvisor-result/3, got"
	head -c 1000 "$file" >half.json
	run_all 2 report half.json
	says "half.json: wanted a result file (JSON), it ends or is broken"
	: >empty.json
	run_all 2 report empty.json
	says "empty.json: wanted a result file"
}

@test "a file of the schema before says so" {
	echo '{"schema": "latvisor-result/1"}' >old.json
	run_all 2 report old.json
	says "old.json: schema: latvisor-result/1 is of an older latvisor"
}
