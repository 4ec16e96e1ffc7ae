# SPDX-License-Identifier: BSD-2-Clause
"""case.py - one run of latvisor in a folder of its own, and all that is left of it.

A case says which options, under what, and what is allowed to come of it; run() makes
it, oracle.py judges it."""
import ctypes
import os
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from waits import Waits

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("BUILD", "build"))
BUILD = BUILD if BUILD.is_absolute() else ROOT / BUILD
LATVISOR = str(BUILD / "latvisor")

OLD = "of an earlier run\n"
# Limits are for a PC: an emulator takes longer.
SLOWER = int(os.environ.get("LATVISOR_TEST_SLOW", "1"))
LIMIT_S = 20 * SLOWER
# Nothing of all this takes so long, unless something waits in vain.  Without what it
# waited for CPUs (waits.py); for a disk that others write to it waits never (SHM).
SLOW_S = 4 * SLOWER
SHM = "/dev/shm"
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


STATUSES = frozenset({0, 2, 3, 77, 99})


def adopt_orphans() -> None:
    """What a case leaves running becomes a child of this process."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@dataclass
class Case:
    """args: of latvisor; before: what its command line begins with."""
    args: list[str]
    before: list[str] = field(default_factory=list)
    limits: dict[int, tuple[int, int]] = field(default_factory=dict)
    results: tuple[str, ...] = ("r.json",)  # files that it writes
    signals: frozenset[int] = frozenset()  # that may end it
    statuses: frozenset[int] = STATUSES
    good: int = 0  # the status if nothing fails
    old: bool = True  # there is an older result of each name
    output: str | None = None  # what it shows if it passes
    several: bool = False  # results with names of its own
    keeps_temporary: bool = False  # SIGKILL may come where there is one
    keeps_instance: bool = False  # of a trace: it is in use, or not removed
    disk: int | None = None  # pages of the disk that it writes to
    note: str = ""  # what else a person has to do to repeat it

    def line(self) -> str:
        limits = [f"{resource_name(r)}={soft}:{hard}"
                  for r, (soft, hard) in self.limits.items()]
        if self.disk is not None:
            limits.append(f"on a tmpfs of {self.disk} pages:")
        return " ".join([*limits, shlex.join([*self.before, "latvisor", *self.args]),
                         *([f"# {self.note}"] if self.note else [])])


@dataclass
class Outcome:
    """What came of it."""
    status: int  # negative: ended by that signal
    out: str
    err: str
    hung: bool
    took_s: float
    waited_s: float  # of it, for CPUs that others had
    left: list[str]  # files that nobody asked for
    alive: bool  # something still ran
    log: str  # of strace
    folder: Path


class Odd(RuntimeError):
    """A case that should have been an ordinary run, and was none."""

    def __init__(self, case: Case, outcome: Outcome) -> None:
        super().__init__(f"status {outcome.status} of {case.line()}: {outcome.err}")
        self.case = case
        self.outcome = outcome


def resource_name(number: int) -> str:
    return next(name for name in dir(resource)
                if name.startswith("RLIMIT_") and getattr(resource, name) == number)


def orphans() -> bool:
    """Is anything left of it?  Ends and reaps it."""
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)
        except ChildProcessError:
            return False
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
    return True


def limit_child(case: Case) -> None:
    for number, limits in case.limits.items():
        resource.setrlimit(number, limits)
    # The ones that Python, or a shell in the background, has ignored.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def expected(case: Case, name: str) -> bool:
    return (name in case.results or case.several and name.endswith(".json") or
            case.keeps_temporary and name.endswith(".tmp"))


class Folder:
    """Where cases run, each in a folder that is empty but for older results."""

    def __init__(self) -> None:
        # An fsync() on a disk that is busy takes seconds, which is not latvisor's.
        usual = SHM if os.access(SHM, os.W_OK) else None
        self.path = Path(tempfile.mkdtemp(prefix="latvisor-faults.",
                                          dir=os.environ.get("TMPDIR") or usual))
        self.nr = 0

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def make(self, case: Case) -> Path:
        self.nr += 1
        own = self.path / str(self.nr)
        own.mkdir()
        if case.disk is not None:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"nr_blocks={case.disk}",
                            "faults", str(own)], check=True)
        for name in case.results if case.old else ():
            (own / name).write_text(OLD)
        return own

    def start(self, case: Case, own: Path) -> subprocess.Popen[bytes]:
        """LOG in what is before latvisor is the file of strace's log."""
        before = [word.replace("LOG", f"{own}.log") for word in case.before]
        return subprocess.Popen(
            [*before, LATVISOR, *case.args], cwd=own, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env=dict(os.environ, TMPDIR=str(own)), preexec_fn=lambda: limit_child(case))

    def finish(self, case: Case, own: Path, process: subprocess.Popen[bytes],
               beside: Iterable[subprocess.Popen[bytes]] = ()) -> Outcome:
        """beside: what ends when it does."""
        hung = False
        began = time.monotonic()
        waits = Waits(process.pid)
        try:
            out, err = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            hung = True
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
        for other in beside:
            other.wait()
        took_s = time.monotonic() - began
        waited_s = waits.end()
        alive = orphans() and not hung
        log = Path(f"{own}.log")
        left = sorted(p.name for p in own.iterdir() if not expected(case, p.name))
        return Outcome(process.returncode, text(out), text(err), hung, took_s, waited_s,
                       left, alive, read(log) if log.exists() else "", own)

    def run(self, case: Case) -> Outcome:
        own = self.make(case)
        return self.finish(case, own, self.start(case, own))

    def forget(self, own: Path) -> None:
        if os.path.ismount(own):
            subprocess.run(["umount", "-l", str(own)], check=True)
        shutil.rmtree(own, ignore_errors=True)
        Path(f"{own}.log").unlink(missing_ok=True)


def text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def read(path: str | Path) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace")


MADE = ROOT / "tests/fuzz/results/hello.json"


def base(payload: str, *args: str) -> Case:
    """A run that leaves a result; what the guest prints is not in report's output.
    A call of a vCPU's that strace lets fail has no number any more, which no sandbox
    lets through; of the main thread's see inject()."""
    return confined(payload, *args, "--no-sandbox")


def confined(payload: str, *args: str) -> Case:
    return Case(["run", payload, *args, "--quiet", "--limit", str(5 * SLOWER),
                 "--json", "r.json"])


def sweep(payload: str, *args: str) -> Case:
    return Case(["sweep", payload, *args, "--no-sandbox", "--quiet", "--limit",
                 str(5 * SLOWER), "--json", "s.json"], results=("s.json",))


def bench() -> Case:
    """Each run of it ends at its limit, or it would take longer than all else."""
    return Case(["bench", "--quick", "--no-sandbox", "--quiet", "--irqchip", "none",
                 "--limit", "0.02", "--out", "."], results=(), several=True, good=124,
                statuses=STATUSES | {124})
