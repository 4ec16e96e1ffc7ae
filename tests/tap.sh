# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# tap.sh - what the tests/check-* scripts share: TAP from shell functions.
# To be sourced; leaves the shell in the folder of the Makefile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
BUILD=${BUILD:-build}
export LC_ALL=C

tap_nr=0
tap_failed=0

# tap NAME COMMAND...: passes when the command ends well and prints nothing;
# what it prints is what is wrong.
tap() {
	local name=$1 wrong status=0
	shift
	# With "|| status=$?" bash would switch -e off inside, too.
	set +e
	wrong=$(
		set -e
		"$@" 2>&1
	)
	status=$?
	set -e
	tap_nr=$((tap_nr + 1))
	if [ -z "$wrong" ] && [ "$status" = 0 ]; then
		echo "ok $tap_nr - $name"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_nr - $name"
	printf '%s\n' "${wrong:-ended with status $status}" | sed 's/^/# /'
}

# tap_skip NAME REASON
tap_skip() {
	tap_nr=$((tap_nr + 1))
	echo "ok $tap_nr - $1 # SKIP $2"
}

# To be called last: the plan, and the exit status.
tap_end() {
	echo "1..$tap_nr"
	exit $((tap_failed > 0))
}

# Every file of the tree that is the project's, matching the git patterns.
tree() {
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

# Why /dev/kvm cannot be used; nothing when it can.
kvm_missing() {
	if [ ! -e /dev/kvm ]; then
		echo "no /dev/kvm here"
	elif ! (exec 3<>/dev/kvm) 2>/dev/null; then
		echo "/dev/kvm cannot be opened"
	fi
}
