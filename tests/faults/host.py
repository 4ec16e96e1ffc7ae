# SPDX-License-Identifier: BSD-2-Clause
"""host.py - the host changes during a run: a CPU goes away, another clock source.

Both are of the whole machine, so they want FAULTS_HOST=1, and are put back."""
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from case import Case, Folder, base
from suite import Skip, Test, Trial

CPUS = Path("/sys/devices/system/cpu")
CLOCK = Path("/sys/devices/system/clocksource/clocksource0")


def write(path: Path, text: str) -> None:
    path.write_text(text)


def may_change(path: Path) -> None:
    if os.environ.get("FAULTS_HOST") != "1":
        raise Skip("it changes the whole host for a moment: FAULTS_HOST=1")
    if not os.access(path, os.W_OK):
        raise Skip(f"{path} cannot be written to")


def during(trial: Trial, case: Case, change: Callable[[], None],
           back: Callable[[], None]) -> None:
    own = trial.folder.make(case)
    process = trial.folder.start(case, own)
    try:
        time.sleep(0.3)
        change()
        time.sleep(0.3)
    finally:
        back()
    trial.judge(case, trial.folder.finish(case, own, process))


def cpu_goes(trial: Trial) -> None:
    """A vCPU's, and one that none has; the run ends with a whole result."""
    last = max(int(p.name[3:]) for p in CPUS.glob("cpu[0-9]*"))
    online = CPUS / f"cpu{last}/online"
    may_change(online)
    for cpus in (str(last), "0"):
        case = replace(base("timer-jitter", "samples=1000", "--cpus", cpus),
                       note=f"and CPU {last} goes offline and comes back")
        during(trial, case, lambda: write(online, "0"), lambda: write(online, "1"))


def clock_changes(trial: Trial) -> None:
    """Times of the host's come from another clock from then on."""
    current = CLOCK / "current_clocksource"
    may_change(current)
    was = current.read_text().strip()
    others = [c for c in (CLOCK / "available_clocksource").read_text().split() if c != was]
    if not others:
        raise Skip(f"there is no clock source but {was}")
    case = replace(base("timer-jitter", "samples=1000"),
                   note=f"and {current} becomes {others[0]}")
    during(trial, case, lambda: write(current, others[0]), lambda: write(current, was))


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield from ()


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("host: a CPU goes offline and comes back", cpu_goes)
    yield Test("host: another clock source", clock_changes)
