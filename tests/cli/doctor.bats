#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# "latvisor doctor": what it says of a machine's /proc and /sys in a folder, and
# of this one.  None of it needs /dev/kvm.
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

doctor_schema=$repository/tests/schema/latvisor-doctor-1.json

# put FILE TEXT: in the tree.
put() {
	mkdir -p "tree/$(dirname "$1")"
	echo "$2" >"tree/$1"
}

# A machine of four CPUs, of which nothing fails and all is known that decides.
fit_tree() {
	put sys/devices/system/cpu/online 0-3
	put sys/devices/system/cpu/isolated 2-3
	put sys/devices/system/cpu/nohz_full 2-3
	put sys/devices/system/clocksource/clocksource0/current_clocksource tsc
	put sys/module/kvm_intel/parameters/ept Y
	put proc/sys/kernel/osrelease 6.18.0
	put proc/sys/kernel/sched_rt_runtime_us -1
	put proc/version "Linux version 6.18.0 #1 SMP PREEMPT_RT today"
	put proc/cmdline "quiet isolcpus=2-3 nohz_full=2-3"
	put proc/cpuinfo $'processor\t: 0\nflags\t\t: vmx constant_tsc nonstop_tsc'
}

# Every line fits, and the last one is as wanted.
last_is() {
	awk 'length > 79 { print "too wide: " $0; bad = 1 } END { exit bad }' \
		<<<"$output" || return
	# shellcheck disable=SC2053 # a pattern
	[[ ${lines[-1]} == $1 ]] ||
		wrong "wanted the last line '$1', got '${lines[-1]}'"
}

is_valid() {
	local python
	for python in /usr/bin/python3 python3; do
		if "$python" -c 'import jsonschema' 2>/dev/null; then
			"$python" -c 'import json, jsonschema, sys
jsonschema.Draft7Validator(json.load(open(sys.argv[1]))).validate(
    json.load(open(sys.argv[2])))' "$doctor_schema" "$1"
			return
		fi
	done
	wrong "no python3 with jsonschema: apt install python3-jsonschema"
}

@test "doctor: a host that is fit is one, with status 0" {
	fit_tree
	run_all 0 doctor --root tree
	[ -z "$stderr" ]
	last_is "Fit for real-time guests: yes, none of * fails, * warn, * are not known."
	[[ ${lines[0]} == "Linux 6.18.0: vCPUs on CPUs 2-3, the system on CPUs 0-1." ]]
}

@test "doctor: a host that is not fit says what fails, by weight, and what mends it" {
	fit_tree
	put proc/sys/kernel/sched_rt_runtime_us 950000
	put sys/devices/system/cpu/nohz_full ""
	run_all 1 doctor --root tree
	last_is "Fit for real-time guests: no, 2 of * fail: rt-throttling, nohz-full."
	[[ $output == *"FAIL    rt-throttling: 950000; good: -1"*"FAIL    nohz-full: none, not CPU 2;"* ]]
	grep -qxF "        now: echo -1 > /proc/sys/kernel/sched_rt_runtime_us" \
		<<<"$output"
	grep -qxF "        boot: nohz_full=2-3" <<<"$output"
	lacks WARN <<<"$(tail -n +3 <<<"$output")"
}

@test "doctor: what decides and cannot be read makes no host fit" {
	fit_tree
	rm tree/proc/sys/kernel/sched_rt_runtime_us
	run_all 1 doctor --root tree
	last_is "Fit for real-time guests: not known without 1 of *: rt-throttling."
}

@test "doctor: of a folder with the CPUs alone nothing passes but them" {
	put sys/devices/system/cpu/online 0
	run_all 1 doctor --root tree --all
	last_is "Fit for real-time guests: no, *"
	lacks '^PASS' <<<"$output"
	lacks 'UNKNOWN *[a-zA-Z0-9-]*: *$' <<<"$output"
	[ "$(grep -c 'not measured: --root' <<<"$output")" = 8 ]
}

@test "doctor: all failures fit one screen, the rest are named" {
	put sys/devices/system/cpu/online 0
	put sys/module/x/x x
	put proc/cpuinfo $'processor\t: 0\nflags\t\t: hypervisor'
	put proc/sys/kernel/sched_rt_runtime_us 950000
	put proc/version "Linux version 6.18.0"
	put sys/devices/system/cpu/isolated ""
	run_all 1 doctor --root tree
	[ "${#lines[@]}" -le 24 ] || wrong "${#lines[@]} lines"
	grep -qE '^[0-9]+ more: ' <<<"$output"
	last_is "Fit for real-time guests: no, * fail: * ..."
}

@test "doctor --json keeps to its schema, and says what the table says" {
	fit_tree
	put proc/sys/kernel/sched_rt_runtime_us $'\e[31mred'
	run_all 1 doctor --root tree --json found.json
	is_valid found.json
	[ "$(json found.json 'r["fit"]')" = "not known" ]
	[ "$(json found.json 'r["vcpu_cpus"], r["other_cpus"]')" = "([2, 3], [0, 1])" ]
	[ "$(json found.json 'len(r["checks"]) == sum(r["count"].values())')" = True ]
	[ "$(json found.json '[c for c in r["checks"]
		if c["name"] == "rt-throttling"][0]["not_known"]')" = \
		"no number: '?[31mred'" ]
	ln -s tree $'tree\xff'
	run_all 1 doctor --root $'tree\xff' --json odd.json
	is_valid odd.json
	[ "$(json odd.json 'r["root"]')" = "tree?" ]
	run_all 1 doctor --root tree --json -
	is_valid <(echo "$output")
	[[ $stderr == *"Fit for real-time guests: not known"* ]]
}

@test "doctor: a hostile tree is neither waited for nor left" {
	fit_tree
	rm tree/proc/cpuinfo tree/proc/version tree/proc/cmdline
	mkfifo tree/proc/cpuinfo
	ln -s /proc/version tree/proc/version
	head -c 100000 /dev/urandom >tree/proc/cmdline
	head -c 100000 /dev/zero >tree/proc/sys/kernel/sched_rt_runtime_us
	mkdir -p tree/proc/irq/7/effective_affinity_list
	run timeout 20 "$latvisor" doctor --root tree --all
	[ "$status" = 1 ]
	last_is "Fit for real-time guests: *"
	[[ $output == *"cpuinfo: is no regular file"* ]]
	grep -q '^UNKNOWN preempt-rt' <<<"$output"
}

@test "doctor looks at this machine, and measures" {
	run --separate-stderr "$latvisor" doctor --all
	[ "$status" -le 1 ] || wrong "status $status: $stderr"
	last_is "Fit for real-time guests: *"
	lacks 'not measured' <<<"$output"
	grep -qE '^(PASS|FAIL) +longest-gap: [0-9]+ us' <<<"$output"
}

@test "doctor refuses what it cannot look at" {
	refused "CPU 4000 is not online" doctor --cpus 4000
	refused "--cpus wants a list of CPUs" doctor --cpus x
	refused "--root wants a folder" doctor --root none
	refused "--root wants a copy of /proc and /sys" doctor --root .
	refused "it wants options only" doctor this
}

@test "doctor: a file that cannot be written is said" {
	fit_tree
	run_all 2 doctor --root tree --json none/found.json
	says "cannot write none/found.json: No such file"
}

# A tree in which something of each kind fails.
unfit_tree() {
	fit_tree
	put proc/sys/kernel/sched_rt_runtime_us 950000
	put proc/cmdline quiet
	rm tree/sys/devices/system/cpu/nohz_full
	for cpu in 2 3; do
		put "sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_governor" powersave
	done
	put proc/9/stat "9 (rcuc/2) S 0 0 0 0 0 2097152 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 0 0 0 0"
	put proc/9/status $'Name:\trcuc/2\nCpus_allowed_list:\t2'
}

@test "doctor --format: each boot parameter once, for those CPUs" {
	unfit_tree
	run_all 0 doctor --root tree --cpus 2-3 --format cmdline
	[ "${#lines[@]}" = 1 ] || wrong "$output"
	for word in nohz_full=2-3 rcu_nocbs=2-3 isolcpus=managed_irq,domain,2-3; do
		[ "$(tr ' ' '\n' <<<"$output" | grep -cxF "$word")" = 1 ] ||
			wrong "$word: $output"
	done
	[ -z "$(tr ' ' '\n' <<<"$output" | cut -d= -f1 | sort | uniq -d)" ] ||
		wrong "$output"
	line=$output
	run_all 0 doctor --root tree --cpus 2-3 --format grub
	[ "${lines[1]}" = "GRUB_CMDLINE_LINUX=\"\$GRUB_CMDLINE_LINUX $line\"" ] ||
		wrong "$output"
	# It is shell, and what it means is that.
	[ "$(GRUB_CMDLINE_LINUX=x bash -c "$output
		echo \"\$GRUB_CMDLINE_LINUX\"")" = "x $line" ]
}

@test "doctor --format tuned: a profile of what is to be set" {
	unfit_tree
	run_all 0 doctor --root tree --cpus 2-3 --format tuned
	cat >check.py <<-'EOF'
		import configparser, sys
		p = configparser.RawConfigParser(delimiters="=")
		p.optionxform = str
		p.read_string(sys.stdin.read())
		assert p["sysctl"]["kernel.sched_rt_runtime_us"] == "-1"
		for cpu in 2, 3:
		    assert p["sysfs"][f"/sys/devices/system/cpu/cpu{cpu}"
		                      "/cpufreq/scaling_governor"] == "performance"
		assert "nohz_full=2-3" in p["bootloader"]["cmdline_latvisor"].split()
		assert "2-3" in p["main"]["summary"]
	EOF
	python3 check.py <<<"$output" || wrong "$output"
	# A thread's number means nothing to the next boot.
	[[ $output == *'# rcuc-priority: for each thread, as latvisor doctor says'* ]] ||
		wrong "$output"
	lacks 'chrt|taskset' - <<<"$output"
}

@test "doctor --format ansible: a playbook with those commands" {
	unfit_tree
	python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml"
	run_all 0 doctor --root tree --cpus 2-3 --format ansible
	cat >check.py <<-'EOF'
		import sys, yaml
		(play,) = yaml.safe_load(sys.stdin)
		tasks = {t["name"]: t for t in play["tasks"]}
		assert tasks["rt-throttling"]["ansible.builtin.shell"] == \
		    "echo -1 > /proc/sys/kernel/sched_rt_runtime_us"
		assert "rcuc-priority" not in tasks
		(grub,) = [t["ansible.builtin.copy"] for t in play["tasks"]
		           if "ansible.builtin.copy" in t]
		assert " nohz_full=2-3" in grub["content"], grub
	EOF
	python3 check.py <<<"$output" || wrong "$output"
}

@test "doctor --format libvirt: a domain with those CPUs" {
	unfit_tree
	put proc/9/stat "9 (rcuc/2) S 0 0 0 0 0 2097152 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 1 0 0 0 0"
	run_all 0 doctor --root tree --cpus 2-3 --format libvirt
	cat >check.py <<-'EOF'
		import sys
		import xml.etree.ElementTree as ET
		d = ET.fromstring(sys.stdin.read())
		assert d.findtext("vcpu") == "2"
		assert [(p.get("vcpu"), p.get("cpuset"))
		        for p in d.iter("vcpupin")] == [("0", "2"), ("1", "3")]
		assert d.find("cputune/emulatorpin").get("cpuset") == "0-1"
		# Below rcuc, which is at 5.
		s = d.find("cputune/vcpusched")
		assert (s.get("vcpus"), s.get("priority")) == ("0-1", "4")
	EOF
	python3 check.py <<<"$output" || wrong "$output"
	echo "$output" >d.xml
	! command -v virt-xml-validate >/dev/null ||
		virt-xml-validate d.xml domain || wrong "$output"
}

@test "doctor --format: another tool is refused, and no name becomes a command" {
	refused 'one of tuned libvirt' doctor --root /nowhere --format puppet
	fit_tree
	# shellcheck disable=SC2016 # a name
	put 'sys/devices/virtual/workqueue/x$(touch sign)/cpumask' f
	run_all 0 doctor --root tree --cpus 2-3 --format ansible
	lacks 'touch sign' - <<<"$output"
	run_all 0 doctor --root tree --cpus 2-3 --all
	[[ $output == *WARN*workqueues:* ]] || wrong "$output"
	lacks 'now:.*touch sign' - <<<"$output"
}
