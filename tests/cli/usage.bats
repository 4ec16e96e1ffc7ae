#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: one line that names the thing, status 2, before anything ran, and
# no file left behind.  None of it needs /dev/kvm.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

@test "--help names every command and every exit status" {
	run_all 0 --help
	[ -z "$stderr" ]
	for word in run sweep bench list --version 77 99 124 130; do
		[[ $output == *$word* ]] || wrong "no $word in: $output"
	done
}

@test "help and -h are --help" {
	run_all 0 --help
	local wanted=$output
	run_all 0 -h
	[ "$output" = "$wanted" ]
	run_all 0 help
	[ "$output" = "$wanted" ]
}

@test "each command has its --help" {
	for command in run sweep bench list; do
		run_all 0 "$command" --help
		[ -z "$stderr" ]
		[[ $output == *"Usage: latvisor $command"* ]] ||
			wrong "no usage of $command: $output"
	done
}

@test "--version is one line with the version and the schema" {
	run_all 0 --version
	[ -z "$stderr" ]
	[[ $output =~ ^latvisor\ [0-9.]+(-[0-9a-z-]+)?\ \(latvisor-result/3\)$ ]] ||
		wrong "$output"
}

@test "list -h, run -h and bench -h do not die of a signal" {
	for command in run sweep bench list; do
		run "$latvisor" "$command" '-?'
		[ "$status" -lt 126 ] || wrong "$command: status $status"
	done
}

@test "no command" {
	refused "''"
}

@test "an unknown command" {
	refused 'fly' fly
	refused '--fly' --fly
}

@test "an unknown option" {
	refused '--fly' run hello --fly
	refused '--fly' bench --fly
	refused '--fly' list --fly
}

@test "an option of another command" {
	refused '--out' run hello --out x
	refused '--json' bench --json x.json
	refused '--cpus' list --cpus 0
}

@test "an option without its value" {
	for option in cpus vcpus prio irqchip mem page-size limit json \
		dump-dtb break-at raw; do
		refused "--$option" run hello "--$option"
	done
	refused '--out' bench --out
}

@test "run without a payload" {
	refused 'payload' run
}

@test "list with two payloads" {
	refused '2' list hello exit-cost
}

@test "a parameter without its unit" {
	refused 'the unit is missing, say gap_us=' run ipi-wake gap=50
	refused 'the unit is missing, say interval_us=' run timer-jitter \
		interval=50
}

@test "a time and a number of samples" {
	refused 'duration_s=1 and samples=100 contradict each other' \
		run timer-jitter duration_s=1 samples=100
	refused 'contradict each other' \
		run timer-jitter --duration 1s samples=100
}

@test "a size as it was given" {
	refused '--mem 10 bytes: hello with 1 vCPU wants' run hello --mem 10
	refused '--mem 4 KiB: hello with 2 vCPUs wants' \
		run hello --mem 4K --vcpus 2 --allow-overcommit
}

@test "a parameter that an option contradicts" {
	refused 'contradict each other' run ipi-wake idle=hlt --halt-poll 500
	refused 'contradict each other' run ipi-wake delivery=x2apic --xapic
	refused 'contradict each other' run ipi-wake idle=hlt \
		--disable-exits hlt
}

@test "a sweep of nothing, of the unknown, or of too much" {
	refused 'wants a payload' sweep
	needs_kvm
	refused "wanted one of" sweep ipi-wake idle=hlt,fly
	refused 'unit is missing' sweep ipi-wake gap=10,20
	refused 'from 10 to 10000000' sweep ipi-wake gap_us=1,20
	refused 'given twice' sweep ipi-wake gap_us=10 gap_us=20
	refused "got '10' twice" sweep ipi-wake gap_us=10,20,10
	refused '--rounds' sweep ipi-wake --rounds 0
	refused 'more than 256' sweep timer-jitter \
		"samples=$(seq -s, 1 32)" "warmup=$(seq -s, 1 32)"
}

@test "two results are two files" {
	refused 'two files' run hello --json x --raw ./x
	refused 'two files' run hello --json x --dump-dtb x
	refused 'two files' run hello --raw "$PWD/x" --dump-dtb x
	mkdir folder
	ln -s ../x folder/link
	run_all 2 run hello --raw folder/link --json x
	says 'two files'
	left_behind folder folder/link
}

@test "bench chooses its modes by itself" {
	refused 'runs through the modes' bench --xapic
	refused 'runs through the modes' bench --halt-poll 0
	refused '--mem is for run' bench --mem 16M
	refused 'contradict' bench --quick --long 60
	refused '--long' bench --long 59
}

@test "bench with an argument" {
	refused 'hello' bench hello
}

@test "an unknown payload: says which there are" {
	refused "'xyzzy'" run xyzzy
	[[ $stderr == *timer-jitter* ]]
	refused "'helo' in" run helo
	[[ $stderr == *'did you mean hello?'* ]]
	refused "'helo'" list helo
}

@test "an unknown parameter: says which there are" {
	refused "'speed'" run timer-jitter speed=1
	[[ $stderr == *interval_us* ]]
	refused "'speed'" run hello speed=1
}

@test "a parameter without =" {
	refused "'samples'" run timer-jitter samples
}

@test "a parameter whose name only begins the same" {
	refused "'sample'" run timer-jitter sample=1
	refused "'samples2'" run timer-jitter samples2=1
}

@test "a number that is none, or out of range" {
	for value in '' 0 -1 +1 1.5 0x10 1e30 ' 1' '1 ' ten 1..2 \
		99999999999999999999 18446744073709551617; do
		refused "'$value'" run timer-jitter "samples=$value"
		[[ $stderr == *samples* ]] || wrong "$stderr"
	done
}

@test "a word that is no choice: says which there are" {
	for value in '' Deadline dead 'deadline|oneshot' 0; do
		refused "'$value'" run timer-jitter "mode=$value"
		[[ $stderr == *'deadline|oneshot|periodic'* ]] ||
			wrong "$stderr"
	done
}

@test "a range that is none" {
	for value in '' .. 1.. ..1 20..10 a..b 1...2 1..2..3; do
		refused "'$value'" run ipi-wake "gap_us=$value"
		[[ $stderr == *gap_us* ]] || wrong "$stderr"
	done
}

# bad OPTION VALUE...
bad() {
	local option=$1 value
	shift
	for value; do
		refused "'$value'" run hello "--$option=$value" || return
		[[ $stderr == *"--$option"* ]] ||
			wrong "does not name --$option: $stderr" || return
	done
}

@test "--cpus: bad lists" {
	bad cpus '' x 1- -1 , 0,,1 0, 1-0 0-9999 99999 ' 0' 0x1 0-1-2 \
		18446744073709551616
}

@test "--vcpus: bad numbers" {
	bad vcpus '' 0 -1 x 1x 1.5 65 ' 1' 18446744073709551617
}

@test "--prio: bad numbers" {
	bad prio '' -1 99 100 x 8O 18446744073709551617
}

@test "--irqchip: bad words" {
	bad irqchip '' pic Split 'split ' splitkernel
}

@test "--mem: bad sizes" {
	bad mem '' 0 -1 x 1T 1.5M 16MM 16MB ' 16M' K 18446744073709551617 \
		99999999999999999999G
}

@test "--page-size: bad sizes" {
	bad page-size '' 0 8K 4M x -4K 4k4 512M 2G
}

@test "--limit: bad times" {
	bad limit '' 0 -1 x nan inf -inf 1d 1S 1e99 0.0001 9000h
}

@test "--break-at: bad times" {
	bad break-at '' us 0us -1us +1us 1.5ns ' 1us' '1 us' 1h 1US \
		1001s 1usx 18446744073709551617ns
}

@test "--mem too small for the payload, and too large for the map" {
	needs_kvm
	refused '--mem' run hello --mem 4K
	refused '--mem' run hello --mem 1G
}

@test "a payload gets neither fewer nor more vCPUs than it can use" {
	refused 'ipi-wake' run ipi-wake --vcpus 1
	refused 'ipi-wake' run ipi-wake --vcpus 3 --allow-overcommit
}

@test "an ELF file that is not there" {
	refused './nothing.elf' run ./nothing.elf
	[[ $stderr == *'No such file'* ]]
}

@test "a folder as a payload" {
	run_all 2 run ./
	says './'
}

@test "an empty file, a text and a program are no payloads" {
	: >empty.elf
	echo 'no ELF file' >text.elf
	run_all 2 run ./empty.elf
	says ./empty.elf
	run_all 2 run ./text.elf
	says ./text.elf
	run_all 2 run /bin/true
	says /bin/true
	left_behind empty.elf text.elf
}

@test "a payload that is cut off" {
	head -c 3000 "$BUILD/payloads/hello.elf" >cut.elf
	run_all 2 run ./cut.elf
	says ./cut.elf
	head -c 64 "$BUILD/payloads/hello.elf" >cut.elf
	run_all 2 run ./cut.elf
	says ./cut.elf
}

@test "a payload that nobody may read" {
	needs_root
	# As root everything can be read, so give that right away.
	cp "$BUILD/payloads/hello.elf" secret.elf
	chmod 0 secret.elf
	run --separate-stderr setpriv --bounding-set=-all --inh-caps=-all \
		"$latvisor" run ./secret.elf
	[ "$status" = 2 ]
	says 'secret.elf'
	[[ $stderr == *'Permission denied'* ]]
}

@test "a pipe as a payload is refused, not waited for" {
	mkfifo pipe.elf
	run --separate-stderr timeout 5 "$latvisor" run ./pipe.elf
	[ "$status" = 2 ] || wrong "status $status: $stderr"
	says pipe.elf
}

@test "LATVISOR_PAYLOADS that is no folder" {
	LATVISOR_PAYLOADS=$PWD/nowhere run_all 2 list
	says nowhere
	LATVISOR_PAYLOADS=$PWD/nowhere run_all 2 run hello
	says nowhere
}

@test "LATVISOR_PAYLOADS is where payloads are looked for" {
	mkdir other
	cp "$BUILD/payloads/hello.elf" other/
	LATVISOR_PAYLOADS=$PWD/other run_all 0 list
	[ "${#lines[@]}" = 1 ]
	[[ $output == hello\ * ]]
}

@test "two vCPUs on one CPU" {
	refused 'CPU 0' run hello --vcpus 2 --cpus 0,0
	[[ $stderr == *--allow-overcommit* ]]
}

@test "fewer CPUs than vCPUs" {
	refused 'CPU' run hello --vcpus 2 --cpus 0
	[[ $stderr == *--allow-overcommit* ]]
}

@test "more vCPUs than this machine has CPUs" {
	[ "$(nproc --all)" -lt 64 ] || skip "this machine has 64 CPUs"
	refused '64 vCPUs' run hello --vcpus 64
}

@test "a CPU that is offline or not there" {
	[ ! -e /sys/devices/system/cpu/cpu1000 ] || skip "there is a CPU 1000"
	for cpu in 1000 1023 1024 4095; do
		refused "CPU $cpu" run hello --cpus "$cpu"
		[[ $stderr == *--cpus* ]] || wrong "$stderr"
	done
}

@test "--json and --dump-dtb into a folder that is not there" {
	refused 'nowhere/r.json' run hello --json nowhere/r.json
	refused 'nowhere/m.dtb' run hello --dump-dtb nowhere/m.dtb
}

@test "--dump-dtb that is no file" {
	for name in - /dev/stdout; do
		refused "--dump-dtb wants the name of a file, got $name: device trees are not written to standard output" \
			run hello --dump-dtb "$name"
	done
	[ ! -e ./- ]
}

@test "--raw that is no file of its own" {
	refused 'nowhere/r.raw' run hello --raw nowhere/r.raw
	refused '--raw' run hello --raw -
	refused 'r.json' run hello --raw r.json --json r.json
	refused '--raw' run hello --raw ''
	refused 'folder/' run hello --raw folder/
}

@test "--json without a name" {
	run_all 2 run hello --json ''
	says json
	[ -z "$output" ] || wrong "it ran: $output"
}

@test "--json that is a folder" {
	mkdir folder
	run_all 2 run hello --json folder
	says folder
	left_behind folder
}

@test "--out that is a file" {
	: >file
	run_all 2 bench --quick --out file
	says file
	left_behind file
}
