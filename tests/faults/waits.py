# SPDX-License-Identifier: BSD-2-Clause
"""waits.py - how long a case waited for CPUs that others had.

What others compile meanwhile says nothing about latvisor, so how long a case took is
judged without it.  It is the kernel's own sum, "time spent waiting on a runqueue" of
/proc/PID/schedstat: a sleep, or waiting for what never comes, is not in it."""
import threading
from collections.abc import Iterator
from pathlib import Path

LOOK_S = 0.05


def threads(pid: int) -> Iterator[Path]:
    """Of that process and of all below it: strace's child is one."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield task
        for child in (task / "children").read_text().split():
            yield from threads(int(child))


class Waits:
    """Looks at a process until end()."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ns: dict[str, int] = {}  # by thread
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while True:
            self.look()
            if self.over.wait(LOOK_S):
                return

    def look(self) -> None:
        try:
            for task in threads(self.pid):
                self.ns[task.name] = int((task / "schedstat").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            pass  # it ends, or this kernel does not count: then nothing was waited

    def end(self) -> float:
        """In seconds, of all threads together: at least what the run waited."""
        self.over.set()
        self.thread.join()
        return sum(self.ns.values()) / 1e9
