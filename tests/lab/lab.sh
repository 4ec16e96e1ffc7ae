# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# lab.sh - the laboratory: a Debian kernel, or the user's own, with its unmodified
# kvm_intel or kvm_amd on a CPU that Bochs emulates, whose TSC counts
# instructions.  To be sourced, in the Makefile's folder; $who begins messages.
# shellcheck source=tests/boot/lib.sh
source tests/boot/lib.sh

build=${BUILD:-build}
cache=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/latvisor-nested}
bochs_pid=
show_pid=
work=
logs=

wrong() {
	echo "$who: $1" >&2
	exit 2
}

# shellcheck disable=SC2317 # the trap calls it
lab_cleanup() {
	if [ -n "$bochs_pid" ]; then
		kill -9 "$bochs_pid" 2>/dev/null || true
		wait "$bochs_pid" 2>/dev/null || true # the shell would tell it
	fi
	[ -z "$show_pid" ] || kill "$show_pid" 2>/dev/null || true
	[ -z "$work" ] || rm -rf "$work"
}
trap lab_cleanup EXIT
trap 'exit 130' INT TERM HUP

# lab_settings: the user's words, checked before anything is fetched.
lab_settings() {
	lab_cpu=${LAB_CPU:-intel}
	lab_cpus=${LAB_CPUS:-2}
	lab_limit=${LAB_LIMIT:-900}
	lab_kernel=${LAB_KERNEL:-cloud}
	lab_mitigations=${LAB_MITIGATIONS:-off}
	lab_idle=${LAB_IDLE:-}
	need_number "$who" "LAB_CPUS=$lab_cpus" "LAB_LIMIT=$lab_limit"
	case $lab_cpu in
	intel) lab_model=corei7_skylake_x lab_module=kvm_intel ;;
	amd) lab_model=zambezi lab_module=kvm_amd ;;
	*) wrong "LAB_CPU wants intel or amd, got '$lab_cpu'" ;;
	esac
	case $lab_mitigations in
	on | off) ;;
	*) wrong "LAB_MITIGATIONS wants on or off, got '$lab_mitigations'" ;;
	esac
	# Bochs loses stores that should end another CPU's MWAIT (docs/lab.md).
	# Intel's figures are those of a host that idles so; AMD's second CPU
	# hardly comes up with it.
	[ -n "$lab_idle" ] || case $lab_cpu in
	amd) lab_idle=halt ;;
	*) lab_idle=mwait ;;
	esac
	case $lab_idle in
	halt | mwait) ;;
	*) wrong "LAB_IDLE wants halt or mwait, got '$lab_idle'" ;;
	esac
	[ "$lab_cpus" -le 4 ] || wrong "LAB_CPUS wants 1 to 4, got '$lab_cpus'"
	[ -x "$build/latvisor" ] ||
		wrong "$build/latvisor is not built: type 'make build'"
}

# lab_fetch THING...: what comes from Debian; status 3 where it cannot be had.
lab_fetch() {
	tests/boot/fetch "$who" "$cache" busybox bochs "$@" || exit $?
}

# at FILE OFFSET FORMAT: a number in a file, as od(1) names its format.
at() {
	od -An -v "-t$3" -j "$(($2))" -N "${3#u}" "$1" | tr -d ' '
}

# lab_look_at_image: is it a whole bzImage; sets setup, its sectors before the
# kernel proper, and release.  Documentation/arch/x86/boot.rst.
lab_look_at_image() {
	local size wanted
	[ "$(od -An -c -j 514 -N 4 "$image" 2>/dev/null | tr -d ' ')" = HdrS ] ||
		wrong "LAB_KERNEL wants a bzImage of Linux, $image lacks its header\
 'HdrS': give an arch/x86/boot/bzImage or a vmlinuz-VERSION"
	setup=$(at "$image" 0x1f1 u1)
	[ "$setup" != 0 ] || setup=4
	size=$(stat -L -c %s "$image")
	wanted=$(((setup + 1) * 512 + $(at "$image" 0x1f4 u4) * 16))
	[ "$size" -ge "$wanted" ] || wrong "$image is cut short: its header\
 tells of $wanted bytes, it has $size: copy or build it again"
	release=$(tail -c "+$(($(at "$image" 0x20e u2) + 0x200 + 1))" "$image" |
		head -c 200 | tr '\0' '\n' | head -n 1 | cut -d' ' -f1) || true
	[ -n "$release" ] || wrong "$image does not tell its version"
}

# lab_choose_kernel: sets image (a bzImage), modules (a folder that has the
# modules somewhere below it), setup and release.  A path is looked at before
# anything is fetched.
lab_choose_kernel() {
	case $lab_kernel in
	*/*)
		image=$lab_kernel
		modules=${LAB_MODULES:-}
		if [ -d "$image" ]; then # a kernel tree that was built
			modules=${modules:-$image}
			image=$image/arch/x86/boot/bzImage
			[ -f "$image" ] || wrong "$lab_kernel is no built kernel\
 tree: it has no arch/x86/boot/bzImage (type 'make' there)"
		fi
		[ -f "$image" ] || wrong "LAB_KERNEL wants a flavour, a bzImage or\
 a built kernel tree, there is no '$image'"
		[ -n "$modules" ] || wrong "LAB_KERNEL is a bzImage: set\
 LAB_MODULES to the folder of its modules (lib/modules/VERSION)"
		[ -d "$modules" ] ||
			wrong "LAB_MODULES wants a folder, there is no '$modules'"
		lab_look_at_image
		lab_fetch
		;;
	*)
		lab_fetch "kernel:$lab_kernel"
		image=$(echo "$cache/kernel-$lab_kernel"/boot/vmlinuz-*)
		modules=$cache/kernel-$lab_kernel/lib/modules
		lab_look_at_image
		;;
	esac
}

# unsign MODULE: takes the signature off, whose check is half of a boot here.  The
# code stays what it was.  Documentation/admin-guide/module-signing.rst; struct
# module_signature, 12 bytes, ends with the signature's length, big-endian.
unsign() {
	local size length
	[ "$(tail -c 28 "$1" | tr -d '\0')" = '~Module signature appended~' ] ||
		return 0
	size=$(stat -c %s "$1")
	length=$(od -An -tu4 --endian=big -j $((size - 32)) -N 4 "$1")
	truncate -s $((size - 28 - 12 - length)) "$1"
}

# built_in MODULE: is it part of the kernel.
built_in() {
	find "$modules" -name modules.builtin -exec cat {} + 2>/dev/null |
		grep "/${1//[-_]/[-_]}\.ko" >/dev/null
}

# lab_add_modules ROOT: kvm's, which must be this kernel's or built into it, and
# so must be what they need.
lab_add_modules() {
	local name ko magic need
	for name in "$lab_module" msr; do
		add_module "$1" "$modules" "$name"
	done
	[ -e "$1/modules/$lab_module.ko" ] || built_in "$lab_module" ||
		wrong "there is no module $lab_module below $modules:\
 build it, or choose LAB_CPU"
	for ko in "$1"/modules/*.ko; do
		[ -e "$ko" ] || continue
		magic=$(tr '\0' '\n' <"$ko" | sed -n 's/^vermagic=\([^ ]*\).*/\1/p')
		[ "$magic" = "$release" ] || wrong "$(basename "$ko") below\
 $modules is for ${magic:-no kernel}, $image is $release: give the modules of that kernel"
		for need in $(needs_of "$ko"); do
			[ -e "$1/modules/$need.ko" ] || built_in "$need" ||
				wrong "$(basename "$ko") needs the module $need, there\
 is none below $modules: give all modules of that kernel"
		done
		unsign "$ko"
	done
}

# lab_make_root ROOT: the files of a machine but for its command.
lab_make_root() {
	make_root "$1" "$cache/busybox" "$build"
	lab_add_modules "$1"
}

# The layout of RAM, in bytes: tests/lab/boot.S.
PAD=$((0x800000)) KERNEL_AT=$((0x1000000)) SPARE=$((0x30000000))
MARK=0x4c415456 BLOCK=$((0x20000)) ROM_AT=0xd0000 ROM_LEN=$((0x2000))

# lab_make_image INITRD: what Bochs puts into RAM, and the ROM that starts it.
lab_make_image() {
	local initrd_at initrd_len sum args
	# Behind what the kernel unpacks itself into, and the next 16 MiB.
	initrd_at=$((((KERNEL_AT + $(at "$image" 0x260 u4)) / 0x1000000 + 2) * 0x1000000))
	initrd_len=$(stat -c %s "$1")
	[ $((initrd_at + initrd_len)) -lt "$SPARE" ] ||
		wrong "$image and its modules are too large for the laboratory:\
 $((initrd_at + initrd_len)) bytes, at most $SPARE"
	args="console=ttyS0,115200 loglevel=5 panic=-1 oops=panic nokaslr \
tsc=reliable tsc_early_khz=200000 cryptomgr.notests hugepages=16 \
mitigations=$([ "$lab_mitigations" = on ] && echo auto || echo off) \
rdinit=/init$([ "$lab_idle" = mwait ] || [ "$lab_cpus" = 1 ] ||
		echo ' idle=halt') ${LAB_APPEND:-}"
	printf 'VTAL' | dd of="$work/image" bs=1 status=none \
		seek=$((KERNEL_AT - BLOCK - PAD))
	dd if="$image" of="$work/image" bs=512 status=none \
		skip=$((setup + 1)) seek=$(((KERNEL_AT - PAD) / 512))
	dd if="$1" of="$work/image" bs=1M status=none \
		seek=$(((initrd_at - PAD) / 1048576))
	${CC:-cc} -c -o "$work/boot.o" -DKERNEL="\"$image\"" -DCMDLINE="\"$args\"" \
		"-DPAD=$PAD" "-DKERNEL_AT=$KERNEL_AT" "-DSPARE=$SPARE" \
		"-DMARK=$MARK" "-DINITRD_AT=$initrd_at" \
		"-DINITRD_LEN=$initrd_len" "-DROM_AT=$ROM_AT" \
		"-DROM_LEN=$ROM_LEN" -DPARAMS_AT=0x90000 tests/lab/boot.S
	ld -Ttext $ROM_AT --oformat binary -e start -o "$work/boot.rom" \
		"$work/boot.o"
	sum=$(od -An -v -tu1 "$work/boot.rom" | awk '
		{ for (i = 1; i <= NF; i++) s += $i }
		END { printf "%x", (256 - s % 256) % 256 }')
	printf '%b' "\\x$sum" | dd of="$work/boot.rom" bs=1 conv=notrunc \
		status=none seek=$((ROM_LEN - 1))
}

# lab_configure: Bochs' own file.  A screen that is none: no port, no terminal.
lab_configure() {
	local share=$cache/bochs/usr/share
	cat >"$work/bochsrc" <<EOF
memory: guest=1024, host=1024
plugin_ctrl: unmapped=1, biosdev=1, serial=1, speaker=0, extfpuirq=0, parallel=0, iodebug=0, gameport=0
romimage: file=$share/bochs/BIOS-bochs-latest, options=fastboot
vgaromimage: file=$share/bochs/VGABIOS-lgpl-latest
optromimage1: file=$work/boot.rom, address=$ROM_AT
optramimage1: file=$work/image, address=$(printf '%#x' "$PAD")
ata0: enabled=0
com1: enabled=1, mode=file, dev=$logs/console
com3: enabled=1, mode=null
port_e9_hack: enabled=1
cpu: model=$lab_model, count=$lab_cpus, quantum=5, ips=200000000, reset_on_triple_fault=0
clock: sync=none, time0=$((1700000000 + ${lab_seed:-0} * 7919))
magic_break: enabled=${lab_magic:-0}
vga: extension=none, update_freq=1, realtime=0
display_library: sdl2
sound: waveoutdrv=dummy
log: $logs/bochs
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
EOF
}

# lab_tell: what is booted, in lines of 79 columns.
lab_tell() {
	echo "$who: $release, $lab_module on $lab_model, $lab_cpus CPU$([ \
		"$lab_cpus" = 1 ] || echo s)$([ "$lab_mitigations" = off ] ||
		echo ', mitigations on')" |
		fold -s -w 79 | sed 's/ $//; 2,$s/^/  /' >&2
}

# lab_show: what the command prints, as it comes; the rest of the machine's
# words are the laboratory's.
lab_show() {
	[ -z "${lab_quiet:-}" ] || return 0
	tail -c +1 -f --pid="$bochs_pid" -s 0.2 "$logs/output" 2>/dev/null |
		awk '/@lab ready/ { on = 1; next }
			/@lab (out|exit)/ { exit }
			/^\([0-9]\)\.\[[0-9]*\] / { next } # the debugger
			on { print; fflush() }' &
	show_pid=$!
}

# lab_wait: until the machine has told its status, ended or reached the limit;
# sets status (124: the limit; empty: it ended without a word).
lab_wait() {
	local began=$SECONDS ready="" gone
	status=
	while :; do
		if [ -z "$ready" ] && grep -aqm1 '@lab ready' "$logs/output"; then
			ready=1
			[ ! -t 2 ] || printf '\r\033[K' >&2
		fi
		# In this order: it may tell its status and end in between.
		gone=
		kill -0 "$bochs_pid" 2>/dev/null || gone=1
		status=$(sed -n 's/.*@lab exit \([0-9]*\)$/\1/p' "$logs/output" |
			tail -n 1)
		[ -z "$status$gone" ] || break
		if [ $((SECONDS - began)) -ge "$lab_limit" ]; then
			status=124
			break
		fi
		if [ -z "$ready" ] && [ -t 2 ]; then
			printf '\r\033[K%s: booting, %d s' "$who" \
				$((SECONDS - began)) >&2
		fi
		sleep 0.3
	done
}

# lab_boot ROOT COMMAND [FOLDER]: boots, runs the command in /job, prints what it
# prints; what it left in /job/out comes to FOLDER.  Needs $logs, an empty folder;
# sets status as lab_wait does.  lab_debugger: a file with commands for Bochs'
# debugger, in place of "go on"; lab_quiet: nothing is printed.
lab_boot() {
	local lib=$cache/bochs/usr/lib/x86_64-linux-gnu
	work=$(mktemp -d)
	${CC:-cc} -O2 -static -s -o "$1/bin/hand-out" tests/lab/hand-out.c
	${CC:-cc} -O2 -shared -fPIC -o "$work/steady.so" tests/lab/steady.c
	printf '%s\n' "$2" >"$1/job/command"
	pack "$1" >"$work/initrd"
	lab_make_image "$work/initrd"
	lab_configure
	: >"$logs/console"
	: >"$logs/output"
	echo c >"$work/go-on"
	lab_tell
	# Its debugger reads nothing behind its file: two boots with a pipe there
	# were seen to differ.  It dies with this script.
	LD_LIBRARY_PATH=$lib:$lib/pulseaudio:$cache/bochs/lib/x86_64-linux-gnu \
		LTDL_LIBRARY_PATH=$lib/bochs/plugins \
		BXSHARE=$cache/bochs/usr/share/bochs \
		SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy \
		LD_PRELOAD=$work/steady.so \
		setpriv --pdeathsig KILL \
		"$cache/bochs/usr/bin/bochs-bin" -q -f "$work/bochsrc" \
		-rc "${lab_debugger:-$work/go-on}" </dev/zero \
		>"$logs/output" 2>"$logs/errors" &
	bochs_pid=$!
	lab_show
	lab_wait
	kill -9 "$bochs_pid" 2>/dev/null || true
	wait "$bochs_pid" 2>/dev/null || true
	bochs_pid=
	[ -z "$show_pid" ] || wait "$show_pid" 2>/dev/null || true
	show_pid=
	if [ -n "${3:-}" ]; then
		mkdir -p "$3"
		sed '1,/@lab out$/d' "$logs/output" |
			tar -x -C "$3" --strip-components=1 2>/dev/null || true
	fi
	rm -rf "$work"
	work=
}

# lab_reason: why the machine ended: the kernel's or Bochs' last words, or the last
# line of what Bochs or its loader said.
lab_reason() {
	{
		grep -ahoE 'Kernel panic.*|BUG:.*|>>PANIC<<.*' \
			"$logs/console" "$logs/bochs" 2>/dev/null || true
		grep -a . "$logs/errors" | tail -n 1 || true
		echo "nobody has said why"
	} | head -n 1
}

# lab_ended: a sentence when the machine did not come to its end; status is set.
lab_ended() {
	if [ "$status" = 124 ]; then
		echo "$who: not done after $lab_limit s (LAB_LIMIT); logs: $logs" >&2
	elif [ -z "$status" ]; then
		echo "$who: the machine ended without a word:" \
			"$(lab_reason); logs: $logs" >&2
		status=1
	fi
}
