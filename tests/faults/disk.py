# SPDX-License-Identifier: BSD-2-Clause
"""disk.py - disks that are full, and one that is full for a moment only.

Each is a tmpfs in a mount namespace of this program's own: nothing of it stays."""
import ctypes
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import strace
from calls import CONFINED, SCENARIOS
from case import Case, Folder, base
from suite import Skip, Test, Trial

CLONE_NEWNS = 0x20000  # unshare(2)
RUN = SCENARIOS["run timer-jitter"]
ENOUGH = 64  # pages
HOLD_US = 500000


def own_mounts() -> None:
    """From here on mounts are this process's own."""
    if os.geteuid() != 0:
        raise Skip("only root can mount a small disk")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise Skip(f"no mounts of its own: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


def full(trial: Trial, sizes: list[int], run: Case = RUN) -> None:
    own_mounts()
    for pages in [*sizes, ENOUGH]:
        trial.run(replace(run, disk=pages,
                          statuses=frozenset({0, 1} if pages == ENOUGH else {0, 1, 2})))


def spool_write(folder: Folder) -> int:
    """Which write() is that of the samples, before they become a file."""
    written = [c for c in strace.record(folder, RUN) if c.name == "write"]
    return next(c.nr for c in written if ".spool" in c.text or "(deleted)" in c.text)


def for_a_moment(trial: Trial) -> None:
    """A write() of which only the beginning has room; then there is room again."""
    own_mounts()
    nr = spool_write(trial.folder)
    case = strace.injected(replace(RUN, disk=ENOUGH, statuses=frozenset({0, 1})), "write",
                           f"delay_enter={HOLD_US}", str(nr + 1))
    case = replace(case, note="with one page left, and many during write() "
                   f"{nr + 1}")
    own = trial.folder.make(case)
    filler = own / "filler"
    space = os.statvfs(own)
    # The device tree, which is written before, takes one page; one is left.
    filler.write_bytes(b"x" * (space.f_bavail - 1) * space.f_bsize)
    process = trial.folder.start(case, own)
    until = time.monotonic() + 10
    while os.statvfs(own).f_bavail and time.monotonic() < until:
        time.sleep(0.005)
    filler.unlink()
    outcome = trial.folder.finish(case, own, process)
    trial.judge(case, outcome)
    short = [line for line in outcome.log.splitlines() if line.endswith("= 4096")]
    if not any("(deleted)" in line or ".spool" in line for line in short):
        trial.fail(case, "no write() was short")


def closed(trial: Trial) -> None:
    """No place for the table: it is said, and the file is there."""
    for device in ("/dev/full",):
        trial.run(replace(base("hello"), before=["sh", "-c", f'exec "$@" >{device}', "-"],
                          statuses=frozenset({2})))


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("disk: full", lambda trial: full(trial, [3, 4, 5, 7, 9]))
    yield Test("disk: standard output is full", closed)


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("disk: full", lambda trial: full(trial, list(range(3, 24))))
    yield Test("disk: full, in the sandbox", lambda trial: full(
        trial, list(range(3, 24)), CONFINED))
    yield Test("disk: a short write, and room for the rest", for_a_moment)
    yield Test("disk: standard output is full", closed)
