#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# "latvisor tune" is killed by SIGKILL at each of its steps: at the first, the
# second ... call of each kind that changes a file.  What it left is restored to
# the byte.  So is what a killed restore left.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"
# shellcheck source=tests/cli/tune.bash
source "$BATS_TEST_DIRNAME/tune.bash"

setup() {
	own_folder
	command -v strace >/dev/null || skip "no strace(1)"
	strace -o /dev/null true 2>/dev/null || skip "nothing can be traced here"
	small_tree
	keep_tree
}

fresh_tree() {
	rm -rf tree
	cp -a before tree
}

# killed CALL N ARGUMENT...: latvisor, killed when it makes that call for the Nth
# time; false: it did not, and came to its end.
killed() {
	local call=$1 nr=$2 status=0
	shift 2
	(
		strace -o /dev/null -e trace="$call" \
			-e inject="$call:signal=KILL:when=$nr" \
			"$latvisor" "$@" >out 2>err
		exit $?
	) 2>/dev/null || status=$?
	[ "$status" = 137 ] || [ "$status" = 0 ] ||
		wrong "$call $nr: status $status: $(cat err)" || exit 1
	[ "$status" = 137 ]
}

restored() {
	"$latvisor" tune --root tree --restore >out 2>err ||
		wrong "$1: not restored: $(cat err)" || return
	is_as_before || wrong "$1: $(cat out)"
}

# each CALL LEAST: there are so many steps at least.
each() {
	local nr=1
	while fresh_tree && killed "$1" $nr tune --cpus 2-3 --root tree -- true; do
		restored "$1 $nr" || return
		nr=$((nr + 1))
	done
	is_as_before || return
	[ $nr -gt "$2" ] || wrong "$1: only $nr"
}

@test "tune: killed before or after a record of its journal, it is restored" {
	each fsync 20
	each write 20
}

@test "tune: killed when it writes to a file, it is restored" {
	each openat2 40
	each pwrite64 10
	each ftruncate 5
}

@test "tune: killed when it makes or removes something, it is restored" {
	each mkdirat 2
	each unlinkat 3
}

@test "tune: a restore that is killed is done again" {
	for call in openat2 pwrite64 ftruncate unlinkat; do
		nr=1
		while
			fresh_tree
			killed fsync 19 tune --cpus 2-3 --root tree -- true ||
				wrong "there is no 19th record"
			killed $call $nr tune --root tree --restore
		do
			# And that one again, at the same place.
			! killed $call $nr tune --root tree --restore || :
			restored "$call $nr"
			nr=$((nr + 1))
		done
		is_as_before
		[ $nr -gt 2 ] || wrong "$call: only $nr"
	done
}

@test "tune: what is begun and not ended is restored only where it was begun" {
	# At the third record, its first change is begun; nothing else is touched.
	killed fsync 3 tune --cpus 2-3 --root tree -- true
	diff -r --exclude=run before tree >difference && wrong "nothing was changed"
	[ "$(grep -c '^diff ' difference)" = 1 ] || wrong "$(cat difference)"
	restored "third record"
}
