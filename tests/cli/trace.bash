# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# trace.bash - for tests that have the host's events recorded.
# shellcheck disable=SC2154 # "run" of Bats sets status, output, stderr ...
# shellcheck source=tests/cli/common.bash
source "$BATS_TEST_DIRNAME/common.bash"

setup() {
	own_folder
	needs_kvm
	needs_root
}

# in_tracefs COMMAND...: with tracefs mounted, for it alone; 77: there is none.
in_tracefs() {
	run --separate-stderr unshare --mount sh -c '
		umount -l /sys/kernel/tracing 2>/dev/null # it may be there
		mount -t tracefs none /sys/kernel/tracing 2>/dev/null || exit 77
		exec "$@"' sh "$@"
	[ "$status" != 77 ] || skip "this kernel has no tracefs"
}

# The instances of latvisor that there are.
instances() {
	in_tracefs sh -c \
		'cd /sys/kernel/tracing/instances && echo latvisor.[0-9]*'
	[ "$status" = 0 ] || wrong "$stderr"
	[ "$output" != "latvisor.[0-9]*" ] || output=
}

no_instance() {
	instances
	[ -z "$output" ] || wrong "left behind: $output"
}

# The kernel can do what --explain wants of it; else the test is skipped.
needs_trace() {
	needs_root
	in_tracefs grep -q x86-tsc /sys/kernel/tracing/trace_clock
	[ "$status" = 0 ] || skip "this kernel's traces have no clock x86-tsc"
}
