# SPDX-License-Identifier: BSD-2-Clause
"""limits.py - RLIMITs, each from too little to enough: setrlimit(2)."""
import contextlib
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from calls import CONFINED, SANDBOX, SCENARIOS
from case import LATVISOR, Case, Folder, base
from suite import Skip, Test, Trial

HELLO, RUN = SCENARIOS["run hello"], SCENARIOS["run timer-jitter"]
KIB, MIB = 1 << 10, 1 << 20
KILLED = frozenset({signal.SIGKILL})


def starts_with(number: int, value: int) -> bool:
    """Can the kernel start the program at all?"""
    def limit() -> None:
        resource.setrlimit(number, (value, value))
    try:
        return subprocess.run([LATVISOR, "--version"], preexec_fn=limit, check=False,
                              capture_output=True).returncode == 0
    except OSError:
        return False


def each(case: Case, number: int, values: list[int], enough: int) -> Callable[[Trial], None]:
    """Under each of them; with the last one, and that many, it has to pass."""
    def make(trial: Trial) -> None:
        for value in [*filter(lambda v: starts_with(number, v), values), enough]:
            # /dev/kvm that cannot be opened is a SKIP, whatever the reason.
            statuses = frozenset({0, 1} if value == enough else {0, 1, 2, 77})
            trial.run(replace(case, limits={number: (value, value)}, statuses=statuses))
    return make


def without_rights(case: Case) -> Case:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise Skip("only root can give its rights away")
    return replace(case, before=["setpriv", "--bounding-set=-all", "--inh-caps=-all"])


def memlock(trial: Trial) -> None:
    most = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    for value in (0, 64 * KIB, MIB, 8 * MIB, 64 * MIB, most):
        if value > most >= 0:
            continue
        trial.run(without_rights(replace(
            RUN, limits={resource.RLIMIT_MEMLOCK: (value, value),
                         resource.RLIMIT_RTPRIO: (0, 0)},
            # Without real time a busy host misses periods, which is a FAIL.
            statuses=frozenset({0, 1}))))


def cpu_time(trial: Trial) -> None:
    """A soft limit of 100 ms and more leaves the time for the result; a hard one
    that is too near may end it, and leaves nothing."""
    endless = base("exit-cost", "samples=100000000")
    for soft, hard in ((100000, 60000000), (300000, 60000000), (400000, 400000),
                       (20000, 20000), (1000, 1000)):
        roomy = hard - soft > 100000 or hard >= 400000
        trial.run(replace(endless, limits={resource.RLIMIT_RTTIME: (soft, hard)},
                          statuses=frozenset({130}),
                          signals=frozenset() if roomy else KILLED))
    trial.run(replace(endless, limits={resource.RLIMIT_CPU: (1, 2)},
                      statuses=frozenset({130})))


PIDS = Path("/sys/fs/cgroup/pids")  # cgroup v1
MOST = 6  # tasks that are enough


def cgroup2() -> list[Path]:
    """Where a cgroup of ours can be: below the own one, or beside it; cgroups(7)."""
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    roots = [Path(m[4]) for m in mounts if m[m.index("-") + 1] == "cgroup2"]
    own = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines()
           if line.startswith("0::")]
    if not roots or not own:
        return []
    below = roots[0] / own[0].lstrip("/")
    return [below] + ([below.parent] if below != roots[0] else [])


def enable(parent: Path) -> bool:
    """The controller in its children.  True: it was not there, and is now."""
    control = parent / "cgroup.subtree_control"
    if not control.exists() or "pids" in control.read_text().split():
        return False
    try:
        control.write_text("+pids")
    except OSError:
        return False  # then there is no pids.max
    return True


def joins(own: Path) -> bool:
    """May a process go there?  In a cgroup that has processes itself, children that
    count tasks only are threaded ones."""
    kind = own / "cgroup.type"
    try:
        if kind.exists() and "invalid" in kind.read_text():
            kind.write_text("threaded")
    except OSError:
        return False
    return (own / "pids.max").exists() and subprocess.run(
        ["sh", "-c", f"echo $$ >{own}/cgroup.procs"], check=False,
        stderr=subprocess.DEVNULL).returncode == 0


@contextlib.contextmanager
def counted() -> Iterator[Path]:
    """A cgroup whose tasks are limited; nothing of it stays."""
    why = "there is neither"
    for parent in ([PIDS] if PIDS.is_dir() else []) + cgroup2():
        own = parent / f"faults-{os.getpid()}"
        with contextlib.ExitStack() as behind:
            if enable(parent):
                behind.callback((parent / "cgroup.subtree_control").write_text, "-pids")
            try:
                own.mkdir()
            except OSError as e:
                why = f"{parent}: {e.strerror}"
                continue
            behind.callback(own.rmdir)
            if joins(own):
                yield own
                return
            why = f"no process may go below {parent}, or it counts no tasks"
    raise Skip(f"no cgroup of its own, neither v1 nor v2: {why}")


def processes(trial: Trial) -> None:
    """Of a container: as many tasks as it may have, from one on."""
    with counted() as own:
        for most in range(1, MOST + 1):
            (own / "pids.max").write_text(str(most))
            inside = ["sh", "-c", f'echo $$ >{own}/cgroup.procs; exec "$@"', "-"]
            trial.run(replace(base("ipi-wake", "samples=20"), before=inside,
                              statuses=frozenset({0, 1} if most == MOST else {0, 1, 2, 3})))


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("limits: too few open files", each(HELLO, resource.RLIMIT_NOFILE, [3, 7, 12], 64))
    yield Test("limits: files too large", each(
        RUN, resource.RLIMIT_FSIZE, [0, 1000, 5000], 1 << 30))


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("limits: open files", each(
        HELLO, resource.RLIMIT_NOFILE, list(range(3, 40)), 64))
    yield Test("limits: open files, in the sandbox", each(
        SANDBOX, resource.RLIMIT_NOFILE, list(range(3, 40)), 64))
    yield Test("limits: size of files, in the sandbox", each(
        CONFINED, resource.RLIMIT_FSIZE, [0, 1, 100, *(n * KIB for n in range(1, 12))],
        1 << 30))
    yield Test("limits: address space", each(
        HELLO, resource.RLIMIT_AS, [n * MIB for n in range(2, 100, 2)], 1 << 30))
    yield Test("limits: size of files", each(
        RUN, resource.RLIMIT_FSIZE, [0, 1, 100, *(n * KIB for n in range(1, 40)),
                                *(n * MIB for n in range(1, 12))], 1 << 30))
    yield Test("limits: locked memory", memlock)
    yield Test("limits: CPU time", cpu_time)
    yield Test("limits: processes", processes)
