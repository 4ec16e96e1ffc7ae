# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# common.bash - what the command-line tests share.
# shellcheck disable=SC2154 # "run" of Bats sets status, output, stderr ...
bats_require_minimum_version 1.5.0

repository=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
BUILD=${BUILD:-build}
[ "${BUILD#/}" != "$BUILD" ] || BUILD=$repository/$BUILD
latvisor=$BUILD/latvisor
schema=$repository/tests/schema/latvisor-result-3.json

# Every test has a folder of its own, in which nothing may be left behind (in
# the one of Bats lie files of Bats).
own_folder() {
	mkdir "$BATS_TEST_TMPDIR/own"
	cd "$BATS_TEST_TMPDIR/own" || return
}

setup() {
	own_folder
}

# Says it and fails.
wrong() {
	printf '%s\n' "$@" >&2
	return 1
}

# The output with each paragraph, a warning or a long line, in one line.
unwrapped() {
	sed -z 's/\n \{4,9\}\([^ ]\)/ \1/g'
}

needs_kvm() {
	if [ ! -e /dev/kvm ]; then
		skip "no /dev/kvm here"
	elif ! (exec 3<>/dev/kvm) 2>/dev/null; then
		skip "/dev/kvm cannot be opened"
	fi
}

needs_root() {
	[ "$(id -u)" = 0 ] || skip "only root can give its rights away"
	command -v setpriv >/dev/null || skip "no setpriv(1)"
}

# run_all STATUS ARGUMENT...: runs latvisor, wants that status.
run_all() {
	local wanted=$1
	shift
	run --separate-stderr "$latvisor" "$@"
	[ "$status" = "$wanted" ] || wrong \
		"latvisor $*: wanted status $wanted, got $status" \
		"$output" "${stderr:-}"
}

# says WORD: stderr is one line, begins with latvisor and has the word; argp
# adds where to find help.
says() {
	local nr=${#stderr_lines[@]}
	[[ ${stderr_lines[nr - 1]:-} != Try\ * ]] || nr=$((nr - 1))
	[ "$nr" = 1 ] || wrong "wanted one line, got $nr:" "${stderr:-}"
	[[ ${stderr_lines[0]} == latvisor* ]] ||
		wrong "does not begin with latvisor: $stderr"
	[[ ${stderr_lines[0]} == *"$1"* ]] ||
		wrong "does not say '$1': $stderr"
}

# refused WORD ARGUMENT...: bad input, said in one line, before anything ran.
refused() {
	local word=$1
	shift
	run_all 2 "$@" || return
	says "$word" || wrong "of: latvisor $*" || return
	[ -z "$output" ] || wrong "latvisor $* wrote to stdout: $output" || return
	# shellcheck disable=SC2119 # as above
	left_behind
}

# lacks PATTERN FILE...: a "!" alone is no test in Bats.
lacks() {
	grep -qE -- "$@" || return 0
	wrong "'$1' in:" "$(shift && cat -v "$@")"
}

# left_behind FILE...: these files are in the folder, and no others.
# shellcheck disable=SC2120 # without a file: none are
left_behind() {
	local there
	there=$(find . -mindepth 1 -printf '%P\n' | sort | paste -sd ' ')
	[ "$there" = "$*" ] || wrong "wanted the files '$*', got '$there'"
}

# json FILE EXPRESSION: prints the Python expression over the result r.
json() {
	/usr/bin/env python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$@"
}

# valid FILE: whole, as the schema has it, and its numbers agree.
valid() {
	local python
	for python in /usr/bin/python3 python3; do
		if "$python" -c 'import jsonschema' 2>/dev/null; then
			"$python" "$repository/tests/schema/valid.py" \
				"$schema" "$1"
			return
		fi
	done
	wrong "no python3 with jsonschema: apt install python3-jsonschema"
}

# await_stop_signals PID: until it is latvisor and holds SIGINT; before, that kills
# it, or was ignored.  A shell holds SIGINT, too, around its fork().
await_stop_signals() {
	local name mask end=$((SECONDS + 20))
	while [ "$SECONDS" -lt "$end" ]; do
		{
			read -r _ name
			mask=$(sed -n 's/^SigBlk:\t//p')
		} <"/proc/$1/status" || return
		[ "$name" != latvisor ] || [ $((0x$mask & 2)) = 0 ] || return 0
		sleep 0.005
	done
	wrong "SIGINT is not held after 20 s"
}

# end_with SIGNAL ARGUMENT...: starts latvisor, waits until it measures, sends
# the signal, or "INT again" until it ends; sets status and took_ms.
end_with() {
	local signal=${1% again} again=${1#* } pid began
	shift
	# A shell ignores SIGINT in what it does not wait for.
	env --default-signal=INT "$latvisor" "$@" >out 2>err 3>&- &
	pid=$!
	sleep 1
	kill -0 "$pid" || wrong "it had ended already: $(cat out err)" || return
	began=$(date +%s%3N)
	kill -"$signal" "$pid"
	while [ "$again" = again ] && kill -"$signal" "$pid" 2>/dev/null; do
		[ $(($(date +%s%3N) - began)) -lt 5000 ] || break
	done
	status=0
	wait "$pid" || status=$?
	# shellcheck disable=SC2034 # for the test
	took_ms=$(($(date +%s%3N) - began))
}
