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

# add_faults ROOT: the fault suite, strace, and a python3 with the modules that it
# imports, compiled: an emulator takes seconds for each.  Sets python_home.  Fails where
# there is no such thing on this machine.
# shellcheck disable=SC2034 # python_home is for who sources this
add_faults() {
	local root=$1 python='' file each
	for each in $(python3 -c 'import sys; print(sys.executable)' || true) \
		/usr/bin/python3; do
		"$each" -c 'import jsonschema' 2>/dev/null || continue
		python=$(readlink -f "$each")
		break
	done
	[ -n "$python" ] && command -v strace >/dev/null || return 1
	python_home=$("$python" -c 'import sys; print(sys.base_prefix)')
	add_program "$root" "$(command -v strace)" bin/
	add_program "$root" "$python" bin/python3
	mkdir -p "$root/job/tests/fuzz/results"
	cp -r tests/faults tests/schema "$root/job/tests/"
	cp tests/fuzz/results/hello.json "$root/job/tests/fuzz/results/"
	# Of a package that is not Python's own all: it may have data.
	"$python" -B -c 'if True:
		import importlib, os, sys
		sys.path.insert(0, "tests/faults")
		for name in "calls disk host limits signals jsonschema".split():
			importlib.import_module(name)
		lib = os.path.dirname(os.__file__) + "/"
		site = lib + "site-packages/"
		for name, module in list(sys.modules.items()):
			file = getattr(module, "__file__", None) or ""
			own = file.startswith(lib) and not file.startswith(site)
			if not file or "tests/faults" in file:
				continue
			if own or "." not in name:
				print(file if own or "__init__" not in file
				      else os.path.dirname(file))
		print(lib + "encodings")' | sort -u |
		while read -r file; do
			mkdir -p "$root$(dirname "$file")"
			cp -rL "$file" "$root$(dirname "$file")/"
			find "$file" -name '*.so' | while read -r each; do
				add_program "$root" "$each" "${each#/}"
			done
		done
	find "$root" -name __pycache__ -prune -exec rm -rf {} +
	"$python" -m compileall -q --invalidation-mode unchecked-hash \
		-s "$root" -p / "$root" >/dev/null || true
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
