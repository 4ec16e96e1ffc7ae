#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""main-thread.py TRACE PID CPU: what did the main thread PID do while a vCPU had CPU?
TRACE is tracefs' text of sched_switch and sched_waking.  Of the time in which another
thread of its program ran on that CPU, without the first tenth, in which threads are
started, and the last, in which one that ends gives its stack back and may wait for the
memory map that PID holds, it prints how often PID ran on other CPUs, how often on that
one, and how many threads it woke there, without those that an interrupt woke which came
while it ran, and the CPU's migration thread, which the scheduler wakes to balance its
load in whichever thread is about to sleep (newidle_balance()).  Who ran is told by whom
was switched from: some hosts record no switch by a CPU's idle task (docs/testing.md).
"""
import re
import sys

# The third of the flags: in an interrupt (Documentation/trace/ftrace.rst).
LINE = re.compile(r"^\s*.*-(\d+)\s+\[(\d+)\] ..(.)\S* .*: (sched_\w+): (.*)$")


def main():
    """The three numbers."""
    path, pid, cpu = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8", errors="replace") as lines:
        events = [m.groups() for m in map(LINE.match, lines) if m]
    vcpu = [i for i, (_, on, _, what, text) in enumerate(events)
            if what == "sched_switch" and int(on) == cpu
            and "prev_comm=latvisor" in text and f"prev_pid={pid} " not in text]
    if not vcpu:
        sys.exit("no vCPU ran on that CPU")
    elsewhere = here = woken = 0
    first, last = vcpu[len(vcpu) // 10], vcpu[-1 - len(vcpu) // 10]
    for at, (by, on, context, what, text) in enumerate(events[:last + 1]):
        if at < first:
            continue
        if what == "sched_switch" and f"prev_pid={pid} " in text:
            here += int(on) == cpu
            elsewhere += int(on) != cpu
        elif (what == "sched_waking" and by == pid and context == "."
              and f"target_cpu={cpu:03d}" in text
              and "comm=migration/" not in text):
            woken += 1
            print(f"{at - first} events behind the first of {last - first}: {text}",
                  file=sys.stderr)
    print(elsewhere, here, woken)


if __name__ == "__main__":
    main()
