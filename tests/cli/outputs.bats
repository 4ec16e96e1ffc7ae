#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Where results go: to what a name leads to, and never in its place.
# shellcheck disable=SC2030,SC2031 # bats sets status and output in each test

# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

# own_device NAME MINOR: one of mem(4) that nobody else uses, as a mistake here
# must not cost the machine its own.
own_device() {
	mknod "$1" c 1 "$2" 2>/dev/null || skip "no device can be made here"
	(: >"$1") 2>/dev/null || skip "a device in $PWD cannot be written to"
}

# Two folders with a link from the one to a file in the other.
linked() {
	mkdir there links
	ln -s ../there/r.json links/r.json
}

@test "a link stays one, and the file that it leads to is replaced" {
	needs_kvm
	linked
	echo old >there/r.json
	ln there/r.json there/other-name
	run_all 0 run hello --json links/r.json
	[ "$(readlink links/r.json)" = ../there/r.json ]
	valid there/r.json
	# Replaced, not written to.
	[ "$(cat there/other-name)" = old ]
	left_behind links links/r.json there there/other-name there/r.json
}

@test "a link to what is not there yet, over a link to a folder" {
	needs_kvm
	linked
	ln -s links again
	ln -s again/r.json first
	run_all 0 run hello --json first
	[ -L first ] && [ -L links/r.json ] && [ ! -L there/r.json ]
	valid there/r.json
	run_all 0 run timer-jitter samples=10 interval_us=50000 --raw again/s.csv
	[ "$(wc -l <links/s.csv)" -gt 10 ]
	left_behind again first links links/r.json links/s.csv there \
		there/r.json
}

@test "what this program has open is written to: /dev/fd/N, /proc/self/fd/N" {
	needs_kvm
	printf 'before\n' >file
	run_all 0 run hello --json /dev/fd/7 7>>file
	[ "$(head -n 1 file)" = before ]
	[ "$(tail -n +2 file | json /dev/stdin 'r["verdict"]')" = PASS ]
	[ "$output" != '' ]
	ln -s /proc/self/fd/7 link
	run_all 0 run hello --json link 7>file
	valid file
	run_all 0 run timer-jitter samples=10 interval_us=50000 --raw link 7>raw
	[ "$(head -c 6 raw)" = LATRAW ]
	[ -L link ]
	left_behind file link raw
}

# /dev/stdout may belong to everybody: a link of this folder's own, like it.
@test "a name of standard output is as -: the table goes elsewhere" {
	needs_kvm
	ln -s /proc/self/fd/1 out
	"$latvisor" run hello --json out >r.json 2>table
	valid r.json
	grep -q PASS table
	[ -L out ]
	"$latvisor" run hello --json out 2>table | cat >piped.json
	valid piped.json
	run_all 2 run hello --raw out
	says 'not written to standard output'
	left_behind out piped.json r.json table
}

@test "a FIFO is written to, and stays one" {
	needs_kvm
	mkfifo fifo
	cat fifo >r.json &
	run_all 0 run hello --json fifo
	wait $!
	valid r.json
	[ -p fifo ]
	left_behind fifo r.json
}

@test "a device is written to, and stays one" {
	needs_kvm
	own_device null 3
	ln -s null nowhere
	run_all 0 run timer-jitter samples=10 interval_us=50000 --json null --raw s.csv
	run_all 0 run timer-jitter samples=10 interval_us=50000 --json r.json --raw nowhere
	valid r.json
	[ -L nowhere ] && [ -c null ]
	left_behind nowhere null r.json s.csv
}

@test "a device that is full: one line, no half result" {
	needs_kvm
	own_device full 7
	run_all 2 run hello --json full
	says 'No space left'
	[ -c full ]
	left_behind full
}

# cannot ERROR NAME: refused for each option, before there is a VM.
cannot() {
	local option
	for option in --json --raw; do
		run_all 2 run hello "$option" "$2" || return
		says "$1" || return
		[ -z "$output" ] || wrong "it ran: $output" || return
	done
}

@test "names that cannot work are refused before the run" {
	local long
	long=$(printf '%0300d' 0)
	cannot 'File name too long' "$long"
	cannot 'File name too long' "${long:0:254}"
	cannot 'No such file' nowhere/r.json
	cannot 'Not a directory' /dev/null/r.json
	cannot 'cannot, name another' /proc/r.json
	cannot 'cannot, name another' /proc/self/comm
	ln -s b a
	ln -s a b
	cannot 'Too many levels' a
	rm a b
	cannot 'Bad file descriptor' /dev/fd/199
	cannot 'Bad file descriptor' /proc/self/fd/0 </dev/null
	left_behind
	refused 'No such file' sweep ipi-wake idle=hlt --json nowhere/r.json
	mkdir folder
	cannot folder folder
	cannot folder folder/
	rmdir folder
	/usr/bin/env python3 -c '
import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	cannot 'a disk or a socket' socket
	left_behind socket
}

@test "a folder that is gone is found out before the run" {
	mkdir gone
	cd gone
	rmdir ../gone
	run_all 2 run hello --json r.json
	says 'No such file'
}
