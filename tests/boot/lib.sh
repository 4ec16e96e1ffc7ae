# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# lib.sh - what the emulated machines of tests/nested and tests/lab share: the
# initramfs, and the sum of a test run.  To be sourced, in the Makefile's folder.

# need_number WHO NAME=VALUE...: each a whole number above 0.
need_number() {
	local who=$1 v
	shift
	for v; do
		[[ ${v#*=} =~ ^[1-9][0-9]{0,5}$ ]] || {
			echo "$who: ${v%%=*} wants a whole number from 1 to" \
				"999999, got '${v#*=}'" >&2
			exit 2
		}
	done
}

# need_packages WHO GROUP: tests/prereqs' of that group; status 3 and one sentence
# where they cannot be had.
need_packages() {
	local said
	said=$(tests/prereqs "$2" 2>&1) && return
	said=${said##*$'\n'}
	echo "$1: skipped, ${said#latvisor: }" >&2
	return 3
}

# needs_of FILE: the modules that a module's own section says it needs.
needs_of() {
	tr '\0' '\n' <"$1" | sed -n 's/^depends=//p' | tr , ' '
}

# add_module ROOT FOLDER NAME: NAME.ko and, before it, what it needs.  Nothing
# where there is no such file: it is built in.
add_module() {
	local root=$1 folder=$2 file need ko=$1/modules/$3.ko
	[ ! -e "$ko" ] || return 0
	file=$(find "$folder/" -name "${3//_/[-_]}.ko*" 2>/dev/null | head -n 1) || true
	[ -n "$file" ] || return 0
	case $file in
	*.xz) xz -dc "$file" >"$ko" ;;
	*.zst) zstd -qdc "$file" >"$ko" ;;
	*.gz) gzip -dc "$file" >"$ko" ;;
	*) cp "$file" "$ko" ;;
	esac
	for need in $(needs_of "$ko"); do
		add_module "$root" "$folder" "$need"
	done
	echo "$3.ko" >>"$root/modules/order"
}

# add_program ROOT FILE TO: with the libraries and the loader that it wants, at
# their places.
add_program() {
	local root=$1 lib
	cp "$2" "$root/$3"
	for lib in $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*' || true); do
		mkdir -p "$root$(dirname "$lib")"
		cp -L "$lib" "$root$lib"
	done
}

# make_root ROOT BUSYBOX BUILD: the folders, the shell, init, latvisor and its
# payloads; modules and a command are still to be added.
make_root() {
	local root=$1 applet
	mkdir -p "$root"/{bin,dev,proc,sys,tmp,modules,job/build}
	cp "$2" "$root/bin/busybox"
	for applet in $("$2" --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	install -m 755 tests/boot/init "$root/init"
	: >"$root/modules/order"
	add_program "$root" "$3/latvisor" job/build/
	cp -r "$3/payloads" "$root/job/build/"
}

# add_tests ROOT BUILD: the functional tests, and what they read.
add_tests() {
	mkdir -p "$1/job/build/tests"
	add_program "$1" "$2/tests/functional" job/build/tests/
	cp -r "$2/tests/hostile" "$1/job/build/tests/"
	cp -r payloads "$1/job/" # the tests compare their names
}

# pack ROOT: the archive on standard output, the same for the same files: a kernel
# takes more instructions to read an inode number with more letters in it.
pack() {
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . | LC_ALL=C sort | bin/busybox cpio -o -H newc \
		--ignore-devno --renumber-inodes 2>/dev/null)
}

# sum_tests OUTPUT STATUS: "N passed, N failed, N skipped"; fails when one did,
# or when fewer ran than were planned.  cmocka's "not ok" of a test that was
# skipped is none.
sum_tests() {
	awk -v status="$2" '
	/^1\.\.[0-9]+/ { planned += substr($1, 4) }
	/^(not )?ok / {
		if (/# *[Ss][Kk][Ii][Pp]/) skip++
		else if (/^ok/) pass++
		else fail++
	}
	END {
		if (pass + fail + skip < planned || planned == 0)
			fail += planned ? planned - pass - fail - skip : 1
		else if (status != 0 && fail == 0)
			fail++
		printf "%d passed, %d failed, %d skipped\n", pass, fail, skip
		exit fail != 0
	}' "$1"
}
