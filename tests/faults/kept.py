# SPDX-License-Identifier: BSD-2-Clause
"""kept.py - all that is known of a case that failed, in a file of its test.

BUILD/tests/logs/faults-TEST.log, made anew by each run of that test.  A failure that
comes once in many runs has to be understood from that."""
import re
from pathlib import Path

from case import BUILD, Case, Outcome, read

LOGS = BUILD / "tests/logs"
SHOWN = 65536  # letters of a file that it wrote
OTHER_TEXT = (".json", ".csv", ".txt")


def wanted(case: Case) -> str:
    files = ", ".join(case.results) or "none"
    parts = [f"a status of {sorted(case.statuses)}", f"files {files}"]
    if case.signals:
        parts.append(f"or an end by signal {sorted(int(s) for s in case.signals)}")
    if case.output is not None:
        parts.append(f"with status 0 this output:\n{case.output}")
    return "; ".join(parts)


def files(folder: Path) -> str:
    """What is there still, and what is in it."""
    text = ""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        text += f"-- {path.name}: {path.stat().st_size} bytes\n"
        if path.suffix in OTHER_TEXT:
            text += read(path)[:SHOWN] + "\n"
    return text


class Kept:
    """The file of a test."""

    def __init__(self, test: str) -> None:
        self.path = LOGS / f"faults-{re.sub('[^A-Za-z0-9]+', '-', test).strip('-')}.log"
        self.path.unlink(missing_ok=True)
        self.last: Outcome | None = None

    def add(self, case: Case | None, problem: str, o: Outcome | None) -> None:
        """A second problem of the same case is a line more."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"\n== {problem}\n")
            if case and (o is None or o is not self.last):
                log.write(f"{case.line()}\nwanted: {wanted(case)}\n")
            if o is not None and o is not self.last:
                log.write(
                    f"got: {'hung' if o.hung else f'status {o.status}'} after "
                    f"{o.took_s:.2f} s, {o.waited_s:.2f} s of it for want of a CPU\n"
                    f"left: {' '.join(o.left) or 'nothing'}"
                    f"{', and a process' if o.alive else ''}\n"
                    f"-- standard output\n{o.out}-- standard error\n{o.err}"
                    f"-- strace\n{o.log}{files(o.folder)}")
        self.last = o
