#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The laboratory's tables, from result files that are there, and its bad input:
# nothing is booted and nothing fetched.
# shellcheck disable=SC2030,SC2031 # each test is a process, "run" is of Bats
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

table=$repository/tests/lab/table.py
keys="label=cloud cpus=1 mitigations=off"

# result FOLDER UNIT P50 P99: one of hello's size, with a SKIP in it.
result() {
	mkdir -p "$1/out"
	echo "Linux version 6.1.0-1-amd64 (x) #1 SMP Debian 6.1.2-3 (2026)" \
		>"$1/out/kernel"
	cat >"$1/out/exit-cost.json" <<-END
	{"verdict": "PASS", "reason": "", "metrics": [
	 {"name": "cpuid", "vcpu": 0, "status": "done", "samples": 100,
	  "min": {"$2": $3}, "max": {"$2": 3000},
	  "percentiles": {"p50": {"$2": $3}, "p99": {"$2": $4}},
	  "histogram": [[$3, 1, 99], [3000, 2, 1]],
	  "windows": [{"vcpu": 0, "kvm": {"exits": 101}}]},
	 {"name": "mwait", "vcpu": 0, "status": "skip", "reason": "has none",
	  "samples": 0}]}
	END
	echo "latvisor: wants two CPUs" >"$1/out/ipi-wake.txt"
}

# boot FOLDER VENDOR SEED UNIT P50 P99: and its table, as tests/lab/boots has it.
boot() {
	result "$1" "$4" "$5" "$6"
	# shellcheck disable=SC2086 # words
	"$table" boot "$1" $keys vendor="$2" seed="$3" >"$1.log"
	echo "{\"label\": \"k$1\", \"vendor\": \"$2\", \"seed\": $3,
		\"cpus\": 1, \"mitigations\": \"off\"}" >"$1.json"
}

# has FILE TEXT
has() {
	grep -qF -e "$2" "$1" || wrong "no '$2' in $1:" "$(cat "$1")"
}

@test "a boot's table has what was measured, and the reasons of what was not" {
	for unit in cycles instructions; do
		boot 1 intel 0 "$unit" 991 991
		has 1.log "6.1.0-1-amd64 (Debian 6.1.2-3), kvm_intel"
		has 1.log " cpuid                            100     991     991      991    3,000    1.00"
		has 1.log "SKIP mwait: has none"
		has 1.log "SKIP ipi-wake: latvisor: wants two CPUs"
		[ "$(awk 'length > 79' 1.log)" = "" ]
	done
}

@test "exit-cost's longest name and a long way fit into 79 columns" {
	result 1 instructions 123456 654321
	sed -i 's/"cpuid"/"x2apic_self_ipi_tpr_sti_hlt"/; s/3000/7654321/g' \
		1/out/exit-cost.json
	# shellcheck disable=SC2086 # words
	"$table" boot 1 $keys vendor=intel seed=0 >1.log
	has 1.log " x2apic_self_ipi_tpr_sti_hlt      100 123,456 123,456~ 654,321"
	[ "$(awk 'length > 79' 1.log)" = "" ] || wrong "$(cat 1.log)"
	for n in 1 2 3; do
		echo '{"label": "cloud", "vendor": "intel", "seed": 0,
			"cpus": 1, "mitigations": "off"}' >$n.json
		[ -e $n ] || cp -r 1 $n
	done
	"$table" compare . 1 2 3 >text
	[ "$(awk 'length > 79' text)" = "" ] || wrong "$(cat text)"
}

@test "a figure that is not steady is marked" {
	boot 1 intel 0 instructions 991 1100
	has 1.log "991~   1,100"
}

@test "the clock's step is the results' own" {
	result 1 instructions 1000 1030
	sed -i 's/"verdict"/"step": 16, &/' 1/out/exit-cost.json
	# shellcheck disable=SC2086 # words
	"$table" boot 1 $keys vendor=intel seed=0 >1.log
	has 1.log "the clock's step is 16;"
	has 1.log "1,000    1,030" # within two steps: no ~
	result 2 instructions 1016 1016
	sed -i 's/"verdict"/"step": 16, &/' 2/out/exit-cost.json
	# shellcheck disable=SC2086 # words
	"$table" boot 2 $keys vendor=intel seed=0 >2.log
	for n in 1 2; do
		echo '{"label": "cloud", "vendor": "intel", "seed": 0,
			"cpus": 1, "mitigations": "off"}' >$n.json
	done
	"$table" compare . 1 2 >text
	has text "1,016        ="
}

# A figure of a run that was no measurement is worse than none.
@test "a run with an ERROR has no figures, is named, and fails" {
	for verdict in ERROR FAIL CRASH; do
		result 1 instructions 991 991
		sed -i "s/PASS\", \"reason\": \"\"/$verdict\", \"reason\": \"KVM counts 97\"/" \
			1/out/exit-cost.json
		# shellcheck disable=SC2086 # words
		run "$table" boot 1 $keys vendor=intel seed=0
		[ "$status" = 1 ] || wrong "status $status"
		[[ $output == *"$verdict exit-cost: KVM counts 97"* ]] ||
			wrong "$output"
		[[ $output != *cpuid* ]] || wrong "$output"
	done
	echo '{"label": "a", "vendor": "intel", "seed": 0, "cpus": 1,
		"mitigations": "off"}' >1.json
	boot 2 intel 0 instructions 991 991
	run "$table" compare . 2 1
	[ "$status" = 1 ] || wrong "status $status"
	[[ $output == *"CRASH in intel a: exit-cost: KVM counts 97"* ]] ||
		wrong "$output"
}

@test "one test that timed out leaves the others their figures, and fails" {
	result 1 instructions 991 991
	sed -i 's/PASS", "reason": ""/TIMEOUT", "reason": "of mwait"/; s/skip", "reason": "has none"/timeout"/' \
		1/out/exit-cost.json
	# shellcheck disable=SC2086 # words
	run "$table" boot 1 $keys vendor=intel seed=0
	[ "$status" = 1 ] || wrong "status $status"
	[[ $output == *" cpuid "*"TIMEOUT exit-cost: of mwait"*"SKIP mwait: timeout"* ]] ||
		wrong "$output"
}

@test "a boot in which nothing was measured fails" {
	result 1 instructions 991 991
	rm 1/out/exit-cost.json
	echo "latvisor: there is no /dev/kvm" >1/out/exit-cost.txt
	# shellcheck disable=SC2086 # words
	run "$table" boot 1 $keys vendor=intel seed=0
	[ "$status" = 1 ] || wrong "status $status"
	[[ $output == *"SKIP exit-cost: latvisor: there is no /dev/kvm"* ]] ||
		wrong "$output"
}

@test "kernels are compared with the first of the same vendor" {
	boot 1 intel 0 cycles 1000 1000
	boot 2 intel 0 instructions 1100 1100
	boot 3 amd 0 cycles 2000 2000
	"$table" compare . 1 2 3 >text
	has text " cpuid                           1,000    1,100  +10.0 %"
	has table.md "| cpuid | 1,000 | 1,100 (+10.0 %) | 2,000 |"
	python3 -m json.tool table.json >/dev/null
}

@test "a boot that failed is a column without figures, with its last words" {
	boot 1 amd 0 cycles 1000 1000
	boot 2 amd 0 cycles 1000 1000
	rm -r 2
	echo "lab: it broke" >2.log
	run "$table" compare . 1 2
	[ "$status" = 1 ]
	echo "$output" >text
	has text " cpuid                           1,000        -"
	has text "SKIP in amd k2: everything: lab: it broke"
}

@test "a spread of more than 0.5 % fails, and is named" {
	boot 1 amd 0 cycles 1000 1000
	boot 2 amd 0 cycles 1000 1000
	boot 3 amd 1 cycles 1004 1004
	"$table" spread . 1 2 3 >text
	has text "seed 0 twice: result files are the same to the last bit"
	has text "0.40 %"
	boot 4 amd 2 cycles 1006 1006
	run "$table" spread . 1 3 4
	[ "$status" = 1 ]
	[[ $output == *"not in each: cpuid, of 1"* ]] || wrong "$output"
}

@test "boots of one seed that are not the same fail" {
	boot 1 amd 0 cycles 1000 1000
	boot 2 amd 0 cycles 1000 1000
	touch 2/out/more
	run "$table" spread . 1 2
	[ "$status" = 1 ] || wrong "status $status"
	[[ $output == *"seed 0 twice: result files are NOT the same"* ]] ||
		wrong "$output"
}

@test "a row that one boot lacks fails a spread" {
	boot 1 amd 0 cycles 1000 1000
	result 2 cycles 1000 1000
	sed -i 's/"cpuid"/"vmcall"/' 2/out/exit-cost.json
	# shellcheck disable=SC2086 # words
	"$table" boot 2 $keys vendor=amd seed=1 >2.log
	sed 's/"seed": 0/"seed": 1/' 1.json >2.json
	run "$table" spread . 1 2
	[ "$status" = 1 ] || wrong "status $status"
	[[ $output == *"not in each: cpuid, vmcall,"*"of 2"* ]] ||
		wrong "$output"
}

# refused PROGRAM WORD VARIABLE...: one line with the word in it, and status 2.
refused() {
	local program=$1 word=$2
	shift 2
	run env -u LAB_COMMAND LAB_CACHE="$PWD/none" "$@" bash -c \
		"$repository/tests/lab/$program 2>&1"
	[ "$status" = 2 ] || wrong "$program, $*: status $status: $output"
	[[ $output == *"$word"* && ${#lines[@]} = 1 ]] || wrong "$output"
	[ ! -e none ] || wrong "$program, $*: it left something"
}

@test "bad input is refused in one line before anything is fetched" {
	refused "boots table" "got 'arm'" LAB_VENDORS="intel arm"
	refused "boots table" "LAB_KERNELS" LAB_KERNELS=" "
	refused "boots table" "LAB_JOBS" LAB_JOBS=0
	refused "boots table" "LAB_COMMAND" LAB_COMMAND=ls
	refused "boots table" "BZIMAGE" LAB_KERNELS=/etc/passwd
	refused "boots spread" "got 'x'" LAB_SEEDS="0 x"
	refused "run" "LAB_SEED" LAB_SEED=100
	refused "run" "LAB_CPUS" LAB_CPUS=5
	refused "exact" "EXACT_SLACK" EXACT_SLACK=-1
}
