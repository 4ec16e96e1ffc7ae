# SPDX-License-Identifier: BSD-2-Clause
"""suite.py - tests of many cases each, and their TAP."""
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from case import ROOT, Case, Folder, Odd, Outcome
from kept import Kept
from oracle import is_result, judge, valid, written

SHOWN = 5  # failing cases of a test


class Skip(Exception):
    """Why a test cannot be made here."""


# Of the whole machine: a trace of its own, a set of CPUs.
PLACES = ("/sys/kernel/tracing/instances", "/sys/kernel/debug/tracing/instances",
          "/sys/fs/cgroup/cpuset", "/sys/fs/cgroup")


def machine() -> set[str]:
    """What is there now that a run might have made."""
    return {entry.path for place in PLACES if os.path.isdir(place)
            for entry in os.scandir(place)
            if entry.is_dir() and entry.name.startswith("latvisor")}


class Trial:
    """The cases of one test: what is wrong, each with the line that repeats it."""

    def __init__(self, folder: Folder, kept: Kept) -> None:
        self.folder = folder
        self.kept = kept
        self.nr = 0
        self.wrong: list[str] = []
        self.files: dict[str, Case] = {}
        self.places = machine()

    def run(self, case: Case) -> Outcome:
        outcome = self.folder.run(case)
        self.judge(case, outcome)
        return outcome

    def judge(self, case: Case, outcome: Outcome) -> None:
        self.nr += 1
        for problem in judge(case, outcome):
            self.fail(case, problem, outcome)
        for path in machine() - self.places:
            if not case.keeps_instance:
                self.fail(case, f"left behind: {path}", outcome)
            os.rmdir(path)
        whole = [p for p in outcome.folder.glob("*.json") if written(p) and is_result(p)]
        self.files.update((str(path), case) for path in whole)
        if not whole:
            self.folder.forget(outcome.folder)

    def fail(self, case: Case, problem: str, outcome: Outcome | None = None) -> None:
        said = f" (stderr: {outcome.err.strip()})" if outcome and outcome.err else ""
        self.wrong.append(f"{problem}{said}\n  {case.line()}")
        self.kept.add(case, problem, outcome)

    def end(self) -> list[str]:
        for path, problem in valid([Path(p) for p in self.files]).items():
            self.fail(self.files[path], f"{Path(path).name}: {problem}")
        for path in self.files:
            self.folder.forget(Path(path).parent)
        return self.wrong


class Test(NamedTuple):
    name: str
    make: Callable[[Trial], None]


def run_one(nr: int, test: Test, folder: Folder) -> str:
    """Prints it as TAP; "ok", "failed" or "skipped"."""
    kept = Kept(test.name)
    trial = Trial(folder, kept)
    began = time.monotonic()
    try:
        test.make(trial)
        wrong = trial.end()
    except Skip as why:
        print(f"ok {nr} - {test.name} # SKIP {why}", flush=True)
        return "skipped"
    except (RuntimeError, subprocess.SubprocessError) as e:
        # What was found before stays.
        wrong = [*trial.wrong, str(e)]
        kept.add(*(e.case, str(e), e.outcome) if isinstance(e, Odd) else
                 (None, str(e), None))
    took = time.monotonic() - began
    print(f"{'not ok' if wrong else 'ok'} {nr} - {test.name}", flush=True)
    print(f"# {trial.nr} cases in {took:.1f} s")
    for problem in wrong[:SHOWN]:
        print("# " + problem.replace("\n", "\n# "))
    if len(wrong) > SHOWN:
        print(f"# ... and {len(wrong) - SHOWN} more")
    if wrong:
        print(f"# all of it: {os.path.relpath(kept.path, ROOT)}")
    sys.stdout.flush()
    return "failed" if wrong else "ok"


def is_meant(name: str, words: list[str]) -> bool:
    """By one of the words; a group of tests by what is before a word's colon."""
    return not words or any(w in name or ":" not in name and w.split(":")[0] in name
                            for w in words)


def run_all(tests: Iterator[Test], folder: Folder, words: list[str]) -> dict[str, int]:
    count = {"ok": 0, "failed": 0, "skipped": 0}
    for test in tests:
        if is_meant(test.name, words):
            count[run_one(sum(count.values()) + 1, test, folder)] += 1
    print(f"1..{sum(count.values())}")
    return count
