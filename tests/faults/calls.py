# SPDX-License-Identifier: BSD-2-Clause
"""calls.py - each system call of a run fails once."""
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace

import strace
from case import MADE, STATUSES, Case, Folder, Outcome, base, confined
from suite import Test, Trial, is_meant

# A failure that makes no difference: nothing that a result says is less true
# without it, or the result says that it is missing.  Every other one must be told.
MAY_FAIL = [re.compile(pattern) for pattern in (
    # The C library does without: another way to get memory, a buffer of another size.
    r"^(brk|mmap|munmap|mprotect|sysinfo)\(", r"^newfstatat\(\d+<.*, \"\"", r"^getrandom\(",
    r"/dev/urandom", r"/etc/localtime|/usr/share/zoneinfo", r"^prlimit64\(", r"^fcntl\(\d[^,]*, F_GETFD",
    # What was only read.
    r"^close\((?!.*\.tmp>)",
    # Facts about the host; the folder that all of doctor's files are looked up in.
    r"^openat\(.*\"/?(sys|proc)/", r"^openat\(AT_FDCWD<.*\"/\", .*O_PATH\|O_DIRECTORY", r"^read\(\d+</(sys|proc)/", r"^(access|uname)\(",
    r"^getdents64\(", r"^lseek\(", r"^(fsopen|fsconfig|fsmount|faccessat2|perf_event_open)\(",
    # What the C library does about a thread's life.
    r"^futex\(.*FUTEX_WAIT", r"^madvise\(.*MADV_DONTNEED",
    # The result says that there is no Landlock, and a right less is one less; that CPUs
    # may sleep as deep as they like.
    r"^landlock_", r"/dev/cpu_dma_latency",
    # Whether another latvisor is there; a SIGCONT of before the run.
    r"^(socket|bind|listen|connect|accept4|getsockopt|rt_sigtimedwait)\(",
    # It is asked again; nothing is measured any more.
    r"^poll\(", r"^read\(\d+<anon_inode:\[eventfd\]>", r"^sched_setaffinity\(0,",
    # How KVM delivers an interrupt is then unknown; whether a vCPU rests, taken for true.
    r"events/kvm/", r"PERF_EVENT_IOC_", r"^read\(\d+<anon_inode:\[perf_event\]>", r"^pread64\(.*, 8, \d+\) ",
    # KVM's own thread stays where it is; what it disturbs is counted.
    r"^sched_setaffinity\([1-9]",
    # The guest's clock and pages, what a thread waited; the result says what is known.
    r"^ioctl\(.*KVM_[SG]ET_DEVICE_ATTR", r"^pread64\(.*/schedstat>", r"^madvise\(.*MADV_NOHUGEPAGE",
    # What a name leads to is asked several times; the file itself is opened once.
    r"^(getcwd|readlink)\(", r"^newfstatat\(AT_FDCWD",
)]
# Of these it has to go on as if nothing had been; the last is a vCPU's thread's.
MUST_GO_ON = [(re.compile(pattern), error) for pattern, error in (
    (r"^ioctl\(.*KVM_CREATE_VM", "EINTR"), (r"^poll\(", "EINTR"),
    (r"^madvise\(.*MADV_NOHUGEPAGE", "EINVAL"), (r"^ioctl\(.*KVM_RUN", "EINTR"),
)]


def must_go_on(line: str) -> bool:
    return any(p.search(line) and f" {error} " in line for p, error in MUST_GO_ON)


def noticed(trial: Trial, case: Case, o: Outcome, line: str) -> None:
    """A failure that was neither told nor one that makes no difference."""
    if must_go_on(line):
        if o.status != 0:
            trial.fail(case, f"status {o.status}, wanted to go on: {line}", o)
    elif o.status == 0 and not o.err and not any(p.search(line) for p in MAY_FAIL):
        trial.fail(case, f"nobody was told: {line}", o)


# A scenario is tried where it makes calls that those before it do not make.
FILES = ("r.json", "s.csv", "vm.dtb")
SCENARIOS = {
    "report": Case(["report", str(MADE)], results=()),
    "run hello": replace(base("hello", "--raw", "s.csv", "--dump-dtb", "vm.dtb"),
                         results=FILES),
    # Of several write() each.  A busy host may miss half of the periods: FAIL.
    "run timer-jitter": replace(
        base("timer-jitter", "samples=180", "interval_us=400", "warmup=3", "--raw",
             "s.csv"), results=FILES[:2], statuses=STATUSES | {1}),
    "run hello --rounds": base("hello", "--rounds", "2"),
    "run host-wake": base("host-wake", "samples=20", "warmup=3"),
    "run prio-inversion": base("prio-inversion", "samples=4", "warmup=1"),
    "run ipi-wake": base("ipi-wake", "samples=20", "warmup=3"),
    "run mem-touch": base("mem-touch", "pages=1"),
    "run exit-cost": base("exit-cost", "samples=5"),
    "run noise": base("noise", "duration_s=1"),
}
# Entering the sandbox, where nothing is refused yet.
SANDBOX = confined("hello")
SANDBOX_CALLS = ("prctl", "seccomp", "landlock_create_ruleset", "landlock_add_rule",
                 "landlock_restrict_self", "lseek")
SHORT_RUN = ("report", "run hello", "run timer-jitter")
# Whose vCPU 0 is looked at.
THREADS = ("run timer-jitter", "run exit-cost", "run mem-touch")


Faults = list[tuple[strace.Call, str]]


def each_way(calls: list[strace.Call]) -> Faults:
    return [(call, what) for call in calls for what in strace.faults(call)]


def fail_each(case: Case, faults: Faults,
              one: Callable[[Trial, strace.Call, str], tuple[Case, Outcome]],
              ) -> Callable[[Trial], None]:
    """one: lets it fail, and has judged what came of it."""
    def make(trial: Trial) -> None:
        hits = 0
        for call, what in faults:
            bad, outcome = one(trial, call, what)
            line = strace.hit(outcome.log)
            hits += line is not None
            if line:
                noticed(trial, bad, outcome, line)
        if faults and not hits:
            trial.fail(case, "no call has failed")
    return make


def fail_calls(case: Case, faults: Faults) -> Callable[[Trial], None]:
    """Each of them, of the main thread."""
    def one(trial: Trial, call: strace.Call, what: str) -> tuple[Case, Outcome]:
        # What cannot be removed stays; it has to be said.
        bad = replace(case, keeps_temporary=call.name == "unlink")
        bad = strace.injected(bad, call.name, what, str(call.nr))
        return bad, trial.run(bad)
    return fail_each(case, faults, one)


def fail_thread(case: Case, hold: int, faults: Faults) -> Callable[[Trial], None]:
    """Each of them, of vCPU 0's thread."""
    def one(trial: Trial, call: strace.Call, what: str) -> tuple[Case, Outcome]:
        options = strace.inject(call.name, what, str(call.nr))
        outcome = strace.run_thread(trial.folder, case, hold, options)
        bad = replace(case, note=shlex.join(["and strace", *options, "-p"]) +
                      " the vCPU's thread")
        trial.judge(bad, outcome)
        return bad, outcome
    return fail_each(case, faults, one)


def by_name(calls: list[strace.Call]) -> dict[str, list[strace.Call]]:
    found: dict[str, list[strace.Call]] = {}
    for call in calls:
        found.setdefault(call.name, []).append(call)
    return found


def unlike(calls: list[strace.Call], seen: set[str]) -> list[strace.Call]:
    """Without those like one that was seen; of many that are alike, some."""
    kinds: dict[str, list[strace.Call]] = {}
    for call in calls:
        kinds.setdefault(strace.kind(call), []).append(call)
    new = {call for kind, alike in kinds.items() if kind not in seen
           for call in strace.some(alike)}
    seen.update(kinds)
    return [call for call in calls if call in new]


def in_pieces(trial: Trial) -> None:
    """A result through a pipe that gives a few bytes at a time."""
    case = Case(["report", "-"], results=(), before=[
        "sh", "-c", f'dd if={MADE} bs=7 status=none | "$@"', "-"])
    case.output = trial.run(Case(["report", str(MADE)], results=())).out
    trial.run(case)


def chosen(calls: list[strace.Call]) -> Faults:
    """Of each call the first one, every write(), and what must make no difference."""
    found = by_name(calls)
    some = [c[0] for c in found.values()] + found.get("write", [])[1:]
    faults = [(call, what) for call in some for what in strace.faults(call)[:1]]
    for pattern, error in MUST_GO_ON:
        faults += [(c, f"error={error}") for c in calls if pattern.search(c.text)][:1]
    return faults


def short_thread(trial: Trial) -> None:
    case = SCENARIOS["run timer-jitter"]
    hold, made = strace.record_thread(trial.folder, case)
    fail_thread(case, hold, chosen(made))(trial)


def enter_sandbox(trial: Trial) -> None:
    calls = [call for call in strace.record(trial.folder, SANDBOX)
             if call.name in SANDBOX_CALLS]
    names = by_name(calls)
    # The last seccomp() and what strace sees behind it is of a run that is confined.
    first = [found[0] for found in names.values()]
    fail_calls(SANDBOX, [(call, what) for call in first
                         for what in strace.faults(call)])(trial)


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    seen: set[str] = set()
    for name in SHORT_RUN:
        def make(trial: Trial, case: Case = SCENARIOS[name]) -> None:
            made = strace.record(trial.folder, case)
            fail_calls(case, chosen(unlike(made, seen)))(trial)
        yield Test(f"{name}: one of each system call fails", make)
    yield Test("run hello, its sandbox: one of each system call fails", enter_sandbox)
    yield Test("run timer-jitter, vCPU 0: one of each system call fails", short_thread)
    yield Test("report: short reads", in_pieces)


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    seen: set[str] = set()
    # All are recorded, so that each has the same tests however many are meant.
    for name, case in SCENARIOS.items() if any(
            is_meant(name, words) for name in SCENARIOS) else ():
        for call, calls in by_name(unlike(strace.record(folder, case), seen)).items():
            if each_way(calls):
                yield Test(f"{name}: {call} fails", fail_calls(case, each_way(calls)))
    yield Test("report: short reads", in_pieces)
    seen = set()
    for name in THREADS:
        if is_meant(f"{name}, vCPU 0", words):
            case = SCENARIOS[name]
            hold, made = strace.record_thread(folder, case)
            for call, calls in by_name(unlike(made, seen)).items():
                yield Test(f"{name}, vCPU 0: {call} fails",
                           fail_thread(case, hold, each_way(calls)))
