#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Text that others have written, or typed: harmless to a terminal and to a file.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

# says() wants one line.
@test "a newline or an escape in an argument is in no message" {
	local bad=$'a\nb\033[31m'
	refused 'a?b?[31m' "$bad"
	refused 'a?b?[31m' run "$bad"
	refused 'a?b?[31m' run "./$bad"
	refused 'a?b?[31m' run hello "$bad=1"
	refused 'a?b?[31m' run hello "--$bad"
	refused 'a?b?[31m' run hello "-$bad"
	refused "'-q?'" run hello $'-q\n'
	refused '--r' run hello "--r=$bad"
	refused 'a?b?[31m' run hello --json "no/$bad/r.json"
	refused 'a?b?[31m' run hello --cpus "$bad"
	refused 'a?b?[31m' run hello --fail-if "$bad"
	refused 'a?b?[31m' report "$bad"
	refused 'a?b?[31m' bench "$bad"
	refused 'a?b?[31m' sweep hello "$bad"
}

# Names out of an ELF file, which anybody may have written.
@test "a symbol plays with no terminal and breaks no file" {
	needs_kvm
	python3 -c '
import sys
elf = open(sys.argv[1], "rb").read()
name, bad = b"\0null_pointer\0", b"\0\033[m\xff_pointer\0"
assert name in elf # of the symbols, and of the DWARF
open("bad.elf", "wb").write(elf.replace(name, bad))' \
		"$BUILD/tests/hostile/null-pointer.elf"
	run_all 3 run ./bad.elf --json r.json
	valid r.json
	[[ $output == *'(?[m?_pointer+'* ]] || wrong "$output"
	run_all 0 report r.json
	[[ $output == *'(?[m?_pointer+'* ]] || wrong "$output"
}

@test "a name of a file that is no text: the result is valid" {
	needs_kvm
	local name=$'\xff\033.csv'
	run_all 0 run hello --raw "$name" --json r.json
	valid r.json
	[ -e "$name" ]
	[ "$(json r.json 'r["raw"]["file"]')" = '??.csv' ]
	[[ $output == *' in ??.csv'* ]] || wrong "$output"
}
