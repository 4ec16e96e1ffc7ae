#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What the laboratory does with bad input, at its limit and when it is stopped: one
# sentence, its status, and nothing left behind.  Nothing is fetched or booted: a
# cache of its own has a kernel's headers and, in the emulator's place, a script.
# shellcheck disable=SC2030,SC2031 # each test is a process, "run" is of Bats
# shellcheck disable=SC2154 # which sets status, output and stderr
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

RELEASE=6.1.0-1-cloud-amd64

# image FILE [RELEASE]: what a bzImage says of itself, and zeros for the rest.
# Documentation/arch/x86/boot.rst
image() {
	python3 - "$1" "${2:-$RELEASE}" <<-'END'
	import struct, sys
	sectors, paragraphs, version = 4, 1024, 0x400
	data = bytearray((sectors + 1) * 512 + paragraphs * 16)
	struct.pack_into("<B", data, 0x1F1, sectors)
	struct.pack_into("<I", data, 0x1F4, paragraphs)
	struct.pack_into("<4s", data, 0x202, b"HdrS")
	struct.pack_into("<H", data, 0x20E, version - 0x200)
	struct.pack_into("<I", data, 0x260, 1 << 20)
	text = sys.argv[2].encode() + b" (builder) #1 SMP\0"
	data[version : version + len(text)] = text
	open(sys.argv[1], "wb").write(data)
	END
}

# module NAME NEEDS [RELEASE]: in lib/modules of the folder "kernel".
module() {
	printf 'depends=%s\0vermagic=%s SMP mod_unload \0' "$2" \
		"${3:-$RELEASE}" >"kernel/lib/modules/$1.ko"
}

# modules: all that a machine of Intel's wants.
modules() {
	rm -rf kernel
	mkdir -p kernel/boot kernel/lib/modules
	image kernel/boot/vmlinuz-1
	module kvm irqbypass
	module irqbypass ""
	module kvm-intel kvm
}

# machine SCRIPT: what the emulator does, having told its process.
machine() {
	printf '#!/bin/sh\necho $$ >"%s/booted"\n%s\n' "$PWD" "$1" \
		>cache/bochs/usr/bin/bochs-bin
	chmod +x cache/bochs/usr/bin/bochs-bin
}

setup() {
	own_folder
	mkdir -p tmp build cache/bochs/usr/bin
	ln -s "$latvisor" "$BUILD/payloads" build/
	mkdir build/tests
	ln -s "$BUILD/tests/functional" build/tests/
	modules
	ln -s "$PWD/kernel" cache/kernel-cloud
	# The initramfs is a list of its files, and the command.
	cat >cache/busybox <<-'END'
	#!/bin/sh
	case $1 in
	--list) echo sh ;;
	cpio) cat; cat job/command ;;
	esac
	END
	chmod +x cache/busybox
	machine 'exec sleep 1000'
	# What is booted against all expectation is not to take its 900 s.
	lab=(env -i --default-signal=INT "PATH=$PATH" "HOME=$PWD" "TMPDIR=$PWD/tmp"
		"BUILD=$PWD/build" "LAB_CACHE=$PWD/cache" LAB_LIMIT=20)
}

# run_lab STATUS PROGRAM VARIABLE...
run_lab() {
	local wanted=$1 program=$2
	shift 2
	# shellcheck disable=SC2086 # a program and its word
	run --separate-stderr "${lab[@]}" "$@" \
		"$repository"/tests/lab/${program% *} ${program#"${program% *}"}
	[ "$status" = "$wanted" ] || wrong \
		"$program $*: wanted status $wanted, got $status" "$output" "$stderr"
}

# nothing_left: no temporary file, and no process that has this folder in its
# command or was the emulator.
nothing_left() {
	local end=$((SECONDS + 10)) found
	[ -z "$(ls -A tmp)" ] || wrong "left in TMPDIR: $(ls -A tmp)" || return
	echo "$PWD/" >"$BATS_TEST_TMPDIR/pattern"
	while :; do
		found=$(grep -alF -f "$BATS_TEST_TMPDIR/pattern" \
			/proc/[0-9]*/cmdline 2>/dev/null) || true
		[ ! -e booted ] || [ ! -e "/proc/$(<booted)" ] ||
			found+=" /proc/$(<booted)"
		[ -n "$found" ] || return 0
		[ "$SECONDS" -lt "$end" ] || break
		sleep 0.1
	done
	wrong "still running: $found"
}

# refused PROGRAM SENTENCE VARIABLE...: status 2, that sentence, and no boot.
refused() {
	local program=$1 sentence=$2
	shift 2
	run_lab 2 "$program" "$@" || return
	[ "$stderr" = "$sentence" ] ||
		wrong "$program $*: wanted:" "$sentence" "got:" "$stderr" || return
	[ -z "$output" ] || wrong "it wrote to stdout: $output" || return
	[ ! -e booted ] || wrong "$program $* has booted something" || return
	[ ! -e cache/lock ] || wrong "$program $* left its lock" || return
	[ ! -e build/lab ] || wrong "$program $* left $(find build/lab)" || return
	nothing_left
}

# accepted VARIABLE...: the same is right, but for what was wrong about it.
accepted() {
	run_lab 0 run LAB_ONLY_LOOK=1 "$@"
	[ -z "$output$stderr" ] || wrong "$output" "$stderr"
}

@test "unknown words are refused, and no cache is made for them" {
	local none=LAB_CACHE=$PWD/none
	refused run "lab: LAB_CPU wants intel or amd, got 'arm'" \
		LAB_CPU=arm "$none"
	refused run "lab: a kernel is one of cloud, rt, bp-cloud and bp-rt,\
 got 'linux'" LAB_KERNEL=linux "$none"
	refused profile "lab-profile: a kernel is one of cloud, rt, bp-cloud and\
 bp-rt, got 'linux'" LAB_KERNEL=linux "$none"
	refused run "lab: LAB_MITIGATIONS wants on or off, got 'auto'" \
		LAB_MITIGATIONS=auto "$none"
	refused run "lab: LAB_IDLE wants halt or mwait, got 'poll'" \
		LAB_IDLE=poll "$none"
	refused run "lab: LAB_LIMIT wants a whole number from 1 to 999999, got '0'" \
		LAB_LIMIT=0 "$none"
	[ ! -e none ]
	accepted
}

@test "a file that is no bzImage, or a part of one, is refused" {
	local kernel=$PWD/bzImage nothing=LAB_CACHE=$PWD/none
	image bzImage
	accepted LAB_KERNEL="$kernel" LAB_MODULES="$PWD/kernel"
	refused run "lab: LAB_KERNEL is a bzImage: set LAB_MODULES to the folder of\
 its modules (lib/modules/VERSION)" LAB_KERNEL="$kernel" "$nothing"
	for size in 18943 2560 518; do
		head -c $size bzImage >part
		refused run "lab: $PWD/part is cut short: its header tells of\
 18944 bytes, it has $size: copy or build it again" LAB_KERNEL="$PWD/part" \
			LAB_MODULES="$PWD/kernel" "$nothing"
	done
	# Nothing but the four letters.
	head -c 514 /dev/zero >part
	printf HdrS >>part
	refused run "lab: $PWD/part is cut short: its header tells of 2560 bytes,\
 it has 518: copy or build it again" LAB_KERNEL="$PWD/part" \
		LAB_MODULES="$PWD/kernel" "$nothing"
	for file in /etc/passwd "$PWD/empty"; do
		: >empty
		refused run "lab: LAB_KERNEL wants a bzImage of Linux, $file lacks\
 its header 'HdrS': give an arch/x86/boot/bzImage or a vmlinuz-VERSION" \
			LAB_KERNEL="$file" LAB_MODULES="$PWD/kernel" "$nothing"
	done
	refused run "lab: LAB_KERNEL wants a flavour, a bzImage or a built kernel\
 tree, there is no '$PWD/nosuch'" LAB_KERNEL="$PWD/nosuch" "$nothing"
	refused run "lab: $PWD/kernel is no built kernel tree: it has no\
 arch/x86/boot/bzImage (type 'make' there)" LAB_KERNEL="$PWD/kernel" "$nothing"
	[ ! -e none ]
}

@test "modules of another kernel are refused" {
	module kvm-intel kvm 6.9.9
	refused run "lab: kvm_intel.ko below $PWD/cache/kernel-cloud/lib/modules is\
 for 6.9.9, $PWD/cache/kernel-cloud/boot/vmlinuz-1 is $RELEASE: give the modules of\
 that kernel"
	modules
	module kvm "" "$RELEASE+"
	run_lab 2 run
	[[ $stderr == "lab: kvm.ko below "*" is for $RELEASE+, "* ]] ||
		wrong "$stderr"
	echo "no module" >kernel/lib/modules/kvm.ko
	run_lab 2 run
	[[ $stderr == "lab: kvm.ko below "*" is for no kernel, "* ]] ||
		wrong "$stderr"
	modules
	accepted
}

@test "a kernel without the vendor's module is refused" {
	local below=$PWD/cache/kernel-cloud/lib/modules
	refused run "lab: there is no module kvm_amd below $below: build it, or\
 choose LAB_CPU" LAB_CPU=amd
	rm kernel/lib/modules/kvm-intel.ko
	refused run "lab: there is no module kvm_intel below $below: build it, or\
 choose LAB_CPU"
	echo kernel/arch/x86/kvm/kvm-intel.ko >kernel/lib/modules/modules.builtin
	accepted
}

@test "a kernel without a module that kvm_intel needs is refused" {
	local below=$PWD/cache/kernel-cloud/lib/modules
	rm kernel/lib/modules/kvm.ko
	refused run "lab: kvm_intel.ko needs the module kvm, there is none below\
 $below: give all modules of that kernel"
	modules
	rm kernel/lib/modules/irqbypass.ko
	refused run "lab: kvm.ko needs the module irqbypass, there is none below\
 $below: give all modules of that kernel"
	echo kernel/virt/lib/irqbypass.ko >kernel/lib/modules/modules.builtin
	accepted
}

@test "at the limit it ends with 124 and tells where the logs are" {
	run_lab 124 run LAB_LIMIT=1
	[ -e booted ]
	[ -z "$output" ] || wrong "$output"
	[ "${stderr_lines[*]:1}" = "lab: not done after 1 s (LAB_LIMIT); logs:\
 $PWD/build/lab/intel" ] || wrong "$stderr"
	[ -d build/lab/intel ]
	nothing_left
	[ ! -e cache/lock ]
}

@test "a signal ends it with 130, and everything that it has started" {
	for signal in INT TERM; do
		for program in run profile "boots table"; do
			rm -f booted
			# shellcheck disable=SC2086 # a program and its word
			"${lab[@]}" LAB_KERNELS="$([ "$program" = run ] ||
				echo cloud)" LAB_VENDORS=intel \
				"$repository"/tests/lab/${program% *} \
				${program#"${program% *}"} >out 2>err 3>&- &
			pid=$!
			for _ in $(seq 200); do
				[ ! -s booted ] || break
				sleep 0.1
			done
			kill -$signal $pid
			status=0
			wait $pid || status=$?
			[ "$status" = 130 ] ||
				wrong "$program, $signal: $status" "$(cat out err)"
			[ -s booted ] || wrong "$program has booted nothing"
			nothing_left || wrong "$program, $signal"
		done
	done
}

@test "a machine that ends without a word is told with what is known of it" {
	local logs=$PWD/build/lab/intel
	machine 'echo "first"; echo "cannot open the display" >&2; exit 1'
	run_lab 1 run
	[ "${stderr_lines[*]:1}" = "lab: the machine ended without a word: cannot\
 open the display; logs: $logs" ] || wrong "$stderr"
	machine "echo other >&2; echo 'x: Kernel panic - no init' >'$logs/console'"
	run_lab 1 run
	[ "${stderr_lines[*]:1}" = "lab: the machine ended without a word: Kernel\
 panic - no init; logs: $logs" ] || wrong "$stderr"
	machine 'exit 1'
	run_lab 1 run
	[ "${stderr_lines[*]:1}" = "lab: the machine ended without a word: nobody\
 has said why; logs: $logs" ] || wrong "$stderr"
	nothing_left
}

@test "a command's output and status are tests/lab/run's" {
	machine 'echo "kernel"; echo "@lab ready 6.1"; echo hello; echo "@lab exit 7"'
	run_lab 7 run LAB_COMMAND=true
	[ "$output" = hello ] || wrong "$output"
	nothing_left
}

@test "what is booted is told in 79 columns" {
	machine 'echo "@lab exit 0"'
	image kernel/boot/vmlinuz-1 6.12.95+deb12-cloud-amd64
	for name in "kvm irqbypass" "irqbypass " "kvm-intel kvm"; do
		module "${name% *}" "${name#* }" 6.12.95+deb12-cloud-amd64
	done
	run_lab 0 run LAB_COMMAND=true LAB_MITIGATIONS=on
	[ "$stderr" = "lab: 6.12.95+deb12-cloud-amd64, kvm_intel on\
 corei7_skylake_x, 2 CPUs,
  mitigations on" ] || wrong "$stderr"
}

@test "lab-profile looks at everything before it boots or removes anything" {
	mkdir -p build/lab/profile/0-old
	echo kept >build/lab/profile/0-old/table.txt
	for bad in LAB_KERNELS=linux LAB_KERNELS="cloud linux" \
		LAB_KERNELS="cloud $PWD/kernel" LAB_KERNELS="cloud cloud cloud" \
		LAB_KERNELS=" " LAB_CPU=amd LAB_COMMAND="latvisor run nosuch" \
		LAB_COMMAND="latvisor run ./nosuch.elf" \
		LAB_COMMAND="latvisor run /etc/passwd" \
		LAB_COMMAND="latvisor bench" LAB_SAMPLE=first LAB_LEAST=x; do
		run_lab 2 profile "$bad"
		[[ $stderr == lab-profile:* && ${#stderr_lines[@]} = 1 ]] ||
			wrong "$bad" "$stderr"
		[ ! -e booted ] || wrong "$bad: it has booted"
		[ "$(cat build/lab/profile/*/*)" = kept ] || wrong "$bad"
		nothing_left
	done
	run_lab 124 profile LAB_KERNELS="cloud cloud" LAB_LIMIT=1
	[ ! -e build/lab/profile/0-old ]
	nothing_left
}

# profiled CPUS FILE RUN: how many CPUs the machine has had, a file in it or -, and
# what it was to run.
profiled() {
	grep -q "^cpu: .*count=$1," bochsrc ||
		wrong "wanted $1 CPUs, got $(grep ^cpu: bochsrc)"
	[ "$2" = - ] || grep -aqx "./job/$2" image || wrong "no $2 in the machine"
	grep -aqF "mkdir out; latvisor run $3 --raw out/raw.csv" image ||
		wrong "wanted $3, got:" "$(grep -a mkdir image)"
}

@test "lab-profile takes a payload of the user's, and as many CPUs as --vcpus" {
	machine "cp \"\$3\" '$PWD/bochsrc'
		cp \"\$(sed -n 's/^optramimage1: file=\([^,]*\),.*/\1/p' \"\$3\")\" \
			'$PWD/image'
		echo '@lab exit 9'"
	cp "$BUILD/payloads/exit-cost.elf" mine.elf
	run_lab 9 profile LAB_COMMAND="latvisor run $PWD/mine.elf samples=20"
	profiled 1 own/payload.elf "own/payload.elf samples=20"
	run_lab 9 profile LAB_COMMAND="latvisor run exit-cost samples=3"
	profiled 1 - "exit-cost samples=3"
	run_lab 9 profile LAB_COMMAND="latvisor run exit-cost --vcpus 2 samples=3"
	profiled 2 - "exit-cost --vcpus 2 samples=3"
	run_lab 9 profile LAB_COMMAND="latvisor run hello --vcpus=3"
	profiled 3 - "hello --vcpus=3"
	run_lab 9 profile LAB_COMMAND="latvisor run hello --vcpus 9"
	profiled 4 - "hello --vcpus 9"
	run_lab 9 profile LAB_COMMAND="latvisor run ipi-wake"
	profiled 2 - "ipi-wake"
	run_lab 9 profile LAB_CPUS=3 LAB_COMMAND="latvisor run exit-cost --vcpus 2"
	profiled 3 - "exit-cost --vcpus 2"
	nothing_left
}

# no_packages PROGRAM SENTENCE: from a copy whose packages cannot be had: as one
# test that was skipped.
no_packages() {
	run --separate-stderr "${lab[@]}" "PATH=$PWD/bin:$PATH" \
		LAB_CACHE="$PWD/none" NESTED_CACHE="$PWD/none" "tree/tests/$1"
	[ "$status" = 3 ] || wrong "$1: status $status" "$output" "$stderr"
	[ "$stderr" = "$2" ] || wrong "$1: wanted:" "$2" "got:" "$stderr"
	[ "$output" = "${3-0 passed, 0 failed, 1 skipped}" ] || wrong "$output"
	nothing_left
}

@test "packages that cannot be had are one sentence, and a test that was skipped" {
	local log=$PWD/none/fetch.log
	mkdir -p bin tree/tests
	cp -r "$repository"/tests/{boot,lab,nested,prereqs} tree/tests/
	printf '#!/bin/sh\necho installing: zstd; echo E: a word of apt\n%s\nexit 2\n' \
		'echo "latvisor: apt-get could not install zstd" >&2' \
		>tree/tests/prereqs
	no_packages lab/check "check-lab: skipped, apt-get could not install zstd"
	no_packages nested/run \
		"check-nested: skipped, apt-get could not install zstd"
	[ ! -e none ]
	printf '#!/bin/sh\n' >tree/tests/prereqs
	# What knows its sources, but reaches none.
	cat >bin/apt-get <<-'END'
	#!/bin/sh
	[ "$1" = indextargets ] && echo http://example.org/debian
	END
	chmod +x bin/apt-get
	no_packages lab/check "check-lab: skipped, apt-get cannot reach the packages:\
 no network? ($log)"
	no_packages nested/run "check-nested: skipped, apt-get cannot reach the\
 packages: no network? ($log)"
	no_packages lab/run "lab: skipped, apt-get cannot reach the packages: no\
 network? ($log)" ""
	printf '#!/bin/sh\nexit 1\n' >bin/apt-get
	no_packages lab/check "check-lab: skipped, there is no Debian mirror among\
 apt's sources ($log)"
	# By this .ci/run knows that it was skipped.
	grep -qF "grep -qE \"^\$1: skipped\"" "$repository/.ci/run"
}
