#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The journal of "latvisor tune": what was killed is undone by it, and by nothing
# that only looks like one.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"
# shellcheck source=tests/cli/tune.bash
source "$BATS_TEST_DIRNAME/tune.bash"

journal=tree/run/latvisor/tune.journal

@test "tune --restore undoes what was killed, and so does the next tune" {
	whole_tree
	keep_tree
	killed_tune --l3 f0
	in_tree proc/sys/kernel/sched_rt_runtime_us -1
	run_all 0 tune --root tree --restore
	grep -qE '^[0-9]+ restored\.$' <<<"$output"
	is_as_before
	run_all 0 tune --root tree --restore
	[ "$output" = "There is nothing to restore." ]
	killed_tune
	run_all 0 tune --cpus 1 --root tree -- cat tree/proc/irq/33/smp_affinity_list
	[ "$output" = 3 ]
	[[ $stderr == "An earlier tune ended without restoring:"* ]]
	is_as_before
}

@test "tune: values of an earlier boot are gone with it" {
	small_tree
	killed_tune
	put proc/sys/kernel/random/boot_id 99999999-2222-3333-4444-555555555555
	put proc/sys/kernel/sched_rt_runtime_us -1
	keep_tree
	run_all 0 tune --root tree --restore
	[[ $output == "An earlier tune's values are gone with the boot"* ]]
	is_as_before
}

@test "tune: two at once on one host, and the second is refused" {
	small_tree
	keep_tree
	start_tune
	run_all 2 tune --cpus 1 --root tree -- touch sign
	says "process $pid tunes this host: wait for its end"
	run_all 2 tune --root tree --restore
	says "process $pid tunes this host"
	[ ! -e sign ]
	in_tree proc/sys/kernel/sched_rt_runtime_us -1
	kill $pid
	wait $pid
	is_as_before
}


# forge TEXT INSTEAD: in the journal, with sums that are right.
forge() {
	/usr/bin/env python3 - "$journal" "$1" "$2" <<-'EOF'
		import sys
		name, text, instead = sys.argv[1:]
		records = [l.split(" ", 1)[1] for l in open(name).read().splitlines()]
		assert any(text in r for r in records), f"no '{text}'"
		total, out = 0, ""
		for record in records:
		    record = record.replace(text, instead)
		    total ^= 0xcbf29ce484222325
		    for byte in record.encode():
		        total = ((total ^ byte) * 0x100000001b3) % 2**64
		    out += f"{total:016x} {record}\n"
		open(name, "w").write(out)
	EOF
}

# That of a tune that was killed, in "journal"; the tree may not change any more.
keep_journal() {
	small_tree
	killed_tune
	cp $journal journal
	rm -r tree/run
	put etc/passwd root
	keep_tree
	mkdir -p tree/run/latvisor
	chmod 700 tree/run/latvisor
}

same_journal() {
	rm -f $journal
	install -m 600 journal $journal
}

# Nobody acts upon the journal, and nothing is changed.
refuses_journal() {
	run_all 2 tune --root tree --restore || return
	says "$1" || return
	run_all 2 tune --cpus 1 --root tree -- touch sign || return
	says "$1" || return
	[ ! -e sign ] || wrong "the command ran" || return
	diff -r --exclude=run before tree
}

# broken WORD COMMAND...: what it does to the journal is found.
broken() {
	local word=$1
	shift
	same_journal || return
	"$@" || return
	refuses_journal "$word" || wrong "of: $*"
}

@test "tune: a journal that is mutilated is refused, nothing is written" {
	keep_journal
	broken "is mutilated" sed -i 's/950000/950001/' $journal
	broken "is mutilated" sed -i 3d $journal
	broken "is mutilated" sed -i '4,5{h;d};6G' $journal
	broken "is mutilated" sed -i 1d $journal
	broken "tune.journal is" dd if=/dev/urandom of=$journal bs=3000 count=1 status=none
	broken "is no journal" cp "$BATS_TEST_FILENAME" $journal
	broken "is too long" truncate -s 33M $journal
	broken "is no text" truncate -s 30M $journal
}

@test "tune: a journal with other things in it is refused, nothing is written" {
	keep_journal
	broken "is no journal of this version" forge 'latvisor-tune 1' 'latvisor-tune 7'
	other="names a file that its knob does not change"
	broken "$other" forge ' proc/sys/kernel/sched_rt_runtime_us' ' etc/passwd'
	broken "$other" forge 'cpu2/' 'cpu2/../../../../../etc/'
	broken "$other" forge 'cpu2/' 'cpu22222/'
	broken "$other" forge 'cpu2/' 'cpu/'
	broken "$other" forge 'set rt-throttling' 'make rt-throttling'
	broken "$other" forge 'set rt-throttling' 'put governor'
	broken "has a knob that" forge 'set rt-throttling' 'set no-such-knob'
	broken "has a knob that" forge ' rt-throttling' ''
	broken "ends a change" forge 'did -1' 'did -1 -1'
	broken "ends a change" forge 'did 3' 'not 3'
	broken "within another" forge 'did 3' 'set new-interrupts proc/irq/default_smp_affinity f 3'
	broken "undoes a change" forge 'did performance' 'undo 77'
	broken "undoes a change" forge 'did performance' 'undo x'
	broken "goes on after" forge 'did 3' 'undo 0'
	broken "has a word that is none" forge 950000 '%0'
	broken "has a word that is none" forge 950000 '%00'
	broken "has a word that is none" forge 950000 "$(printf '5%.0s' {1..3000})"
}

@test "tune: a journal that others could have written is refused" {
	keep_journal
	own="no file of this user's alone"
	broken "$own" chmod 666 $journal
	broken "$own" ln -sf ../../../journal $journal
	same_journal
	rm $journal
	mkfifo $journal
	refuses_journal "$own"
	rm $journal
	mkdir $journal
	refuses_journal "$own"
	rmdir $journal
	broken "/run/latvisor is no folder of this user's alone" \
		chmod 777 tree/run/latvisor
	chmod 700 tree/run/latvisor
	mv tree/run/latvisor tree/elsewhere
	ln -s ../elsewhere tree/run/latvisor
	run_all 2 tune --root tree --restore
	says "no folder of this user's alone"
}

@test "tune: a journal whose last line was cut short is one without it" {
	keep_journal
	same_journal
	printf '0123456789abcdef set rt-thr' >>$journal
	run_all 0 tune --root tree --restore
	grep -qxE '[0-9]+ restored\.' <<<"$output"
	[ ! -e $journal ]
	in_tree proc/sys/kernel/sched_rt_runtime_us 950000
	# As short as can be: it never changed anything.
	: >$journal
	run_all 0 tune --root tree --restore
	[ "$output" = "There is nothing to restore." ]
	[ ! -e $journal ]
}

@test "tune: what cannot be written down is not changed" {
	small_tree
	keep_tree
	command -v prlimit >/dev/null || skip "no prlimit(1)"
	# Of each record a part, or none; a pipe has what it says.
	for most in {150..700..25}; do
		run prlimit --fsize="$most" "$latvisor" \
			tune --cpus 2-3 --root tree -- touch sign
		[ "$status" = 2 ] || wrong "$most: status $status: $output"
		grep -q 'cannot write the journal: ' <<<"$output" ||
			wrong "$most: $output"
		[ ! -e sign ]
		is_as_before || wrong "$most: $output"
	done
	grep -qxE '[1-9] restored\.' <<<"$output" || wrong "$output"
}
