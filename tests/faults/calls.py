# SPDX-License-Identifier: BSD-2-Clause
"""calls.py - each system call of a run fails once."""
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import strace
from case import (MADE, STATUSES, Case, Folder, Outcome, base, bench, confined,
                  sweep)
from oracle import told
from suite import Test, Trial, is_meant

T = TypeVar("T")

# A failure that makes no difference: nothing that a result says is less true
# without it, or the result says that it is missing.  Every other one must be told.
MAY_FAIL = [re.compile(pattern) for pattern in (
    # The C library does without: another way to get memory, a buffer of another size.
    r"^(brk|mmap|munmap|mprotect|sysinfo)\(", r"^newfstatat\(\d+<.*, \"\"", r"^getrandom\(",
    r"/dev/urandom", r"/etc/localtime|/usr/share/zoneinfo", r"^prlimit64\(",
    r"^fcntl\(\d[^,]*, F_GETFD",
    # What it reads of a page's rest, to seek; then it seeks without.
    r"^read\(\d+<[^>]*/#\d+>\(deleted\), [^,]*, \d{1,3}\)",
    # A file without a name there: one whose name is taken away.
    r"O_TMPFILE",
    # Trace instances of runs that were killed: the next one looks for them, too.
    r"^openat\(.*/instances>, \"\.\"", r"^fcntl\(\d+<[^>]*/instances>",
    # Whether there is a terminal.
    r"^ioctl\(.*TCGETS",
    # What was only read.
    r"^close\((?!.*\.tmp>)",
    # Facts about the host; those of doctor's are opened below "/".
    r"^openat\(.*\"/(sys|proc)/", r"^openat\(\d+</>, \"",
    r"^openat\(AT_FDCWD.*, \"/\", .*O_PATH", r"^fcntl\(\d+</(sys|proc)[/>]",
    r"^read\(\d+</(sys|proc)/", r"^(access|uname)\(",
    r"^getdents64\(", r"^lseek\(", r"^(fsopen|fsconfig|fsmount|faccessat2|perf_event_open)\(",
    # What the C library does about a thread's life.
    r"^futex\(.*FUTEX_WAIT", r"^madvise\(.*MADV_DONTNEED",
    # The result says that there is no Landlock, and a right less is one less; that CPUs
    # may sleep as deep as they like.
    r"^landlock_", r"/dev/cpu_dma_latency",
    # Whether another latvisor is there; a SIGCONT of before the run.
    r"^(socket|bind|listen|connect|accept4|getsockopt|rt_sigtimedwait)\(", r"/run/latvisor\b",
    # Steal time is then not told.  A vCPU comes back without a kick as well; that one
    # did not is told.
    r"^pread64\(\d+</proc/stat>", r"^tgkill\(",
    # It is asked again; nothing is measured any more.
    r"^poll\(", r"^read\(\d+<anon_inode:\[eventfd\]>", r"^sched_setaffinity\(0,",
    # How KVM delivers an interrupt is then unknown; whether a vCPU rests, taken for true.
    r"events/kvm/", r"PERF_EVENT_IOC_", r"^read\(\d+<anon_inode:\[perf_event\]>",
    r"^pread64\(.*, 8, \d+\) ",
    # KVM's own thread stays where it is; what it disturbs is counted.
    r"^sched_set(affinity|scheduler)\([1-9]",
    # It fails anyway: what is asked is how long it takes behind the filters.
    r"^ioctl\(-1, KVM_RUN",
    # The guest's clock and pages, what a thread waited; the result says what is known.
    r"^ioctl\(.*KVM_[SG]ET_DEVICE_ATTR", r"^pread64\(.*/schedstat>", r"^madvise\(.*MADV_NOHUGEPAGE",
    # What a name leads to is asked several times; the file itself is opened once.
    r"^(getcwd|readlink)\(", r"^newfstatat\(AT_FDCWD",
)]
# What the result says is missing: a pattern of the call, and of what is shown then.
TOLD = [(re.compile(call), re.compile(shown)) for call, shown in (
    # Nothing was recorded, or less than there was.
    (r"tracing|events/|trace", r"warning: --explain: |warning: --exits: (?!kvm_pvm)|"
     r"this kernel does not record:|explained: .*: 0 samples beside"),
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
    if strace.CANNOT.match(line):
        return  # it is another call's number this time
    if must_go_on(line):
        if o.status != case.good:
            trial.fail(case, f"status {o.status}, wanted to go on: {line}", o)
    elif o.status == case.good and not told(case, o.err) and not any(
            p.search(line) for p in MAY_FAIL) and not any(
                call.search(line) and shown.search(o.out) for call, shown in TOLD):
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
    "run slow-path": base("slow-path", "samples=4", "warmup=1"),
    "run ipi-wake": base("ipi-wake", "samples=20", "warmup=3"),
    "run mem-touch": base("mem-touch", "pages=1"),
    "run exit-cost": base("exit-cost", "samples=5"),
    "run noise": base("noise", "duration_s=1"),
    # A trace instance; files of what was in it.
    "run ipi-wake --explain --exits": base(
        "ipi-wake", "samples=20", "warmup=3", "--explain", "--exits"),
    "run ipi-wake --perfetto --events": replace(
        base("ipi-wake", "samples=20", "warmup=3", "--perfetto", "p.trace", "--events",
             "e.txt"), results=("r.json", "p.trace", "e.txt")),
    "run ipi-wake --trace-dat": replace(
        base("ipi-wake", "samples=20", "warmup=3", "--trace-dat", "t.dat"),
        results=("r.json", "t.dat")),
    "run exit-cost --on-break": replace(
        base("exit-cost", "samples=5", "--break-at", "1ns", "--on-break", "true"),
        statuses=STATUSES | {1}, good=1),
    "sweep": replace(sweep("timer-jitter", "interval_us=400,500", "samples=20",
                           "warmup=3", "--rounds", "1"), statuses=STATUSES | {1}),
    "bench --out": bench(),
}
# These take long, so a call of theirs fails in one way, the next one in another.
LONG = {name for name in SCENARIOS if "--explain" in name or "--perfetto" in name or
        "--trace-dat" in name or name.startswith(("bench", "run noise"))}
# Entering the sandbox, where nothing is refused yet.
SANDBOX = confined("hello")
SANDBOX_CALLS = ("prctl", "seccomp", "landlock_create_ruleset", "landlock_add_rule",
                 "landlock_restrict_self", "lseek")
CONFINED = replace(confined("timer-jitter", "samples=180", "interval_us=400", "warmup=3",
                            "--raw", "s.csv"), results=FILES[:2], statuses=STATUSES | {1})
FILTER = re.compile(r"seccomp\(SECCOMP_SET_MODE_FILTER.* = 0$")
SHORT_RUN = ("report", "run hello", "run timer-jitter")
FEW = 2  # faults of which none may be met
# The first thread that is started: a device's is there before the vCPUs'.
THREADS = (("run timer-jitter", "vCPU 0"), ("run exit-cost", "vCPU 0"),
           ("run mem-touch", "vCPU 0"), ("run prio-inversion", "its device's thread"),
           ("run slow-path", "its device's thread"))


Faults = list[tuple[strace.Call, str]]


def each_way(calls: list[strace.Call]) -> Faults:
    return [(call, what) for call in calls for what in strace.faults(call)]


def in_turn(calls: list[strace.Call]) -> Faults:
    """Each of them in one way."""
    ways = [(call, strace.faults(call)) for call in calls]
    return [(call, what[i % len(what)]) for i, (call, what) in enumerate(
        way for way in ways if way[1])]


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
        # How often it reads, say, depends on what else is on the host.
        if len(faults) > FEW and not hits:
            trial.fail(case, "no call has failed")
    return make


def fail_calls(case: Case, faults: Faults) -> Callable[[Trial], None]:
    """Each of them, of the main thread."""
    def one(trial: Trial, call: strace.Call, what: str) -> tuple[Case, Outcome]:
        # What cannot be removed stays; it has to be said.
        # What was to be closed stays open with it, and an instance that is in use, too.
        bad = replace(case, keeps_temporary=call.name == "unlink",
                      keeps_instance=call.name in ("unlinkat", "close"))
        bad = strace.injected(bad, call.name, what + strace.INSTEAD, str(call.nr))
        return bad, trial.run(bad)
    return fail_each(case, faults, one)


def fail_thread(case: Case, thread: str, hold: int, faults: Faults,
                ) -> Callable[[Trial], None]:
    """Each of them, of that thread."""
    def one(trial: Trial, call: strace.Call, what: str) -> tuple[Case, Outcome]:
        options = strace.inject(call.name, what, str(call.nr))
        outcome = strace.run_thread(trial.folder, case, hold, options)
        bad = replace(case, note=shlex.join(["and strace", *options, "-p"]) +
                      f" {thread}")
        trial.judge(bad, outcome)
        return bad, outcome
    return fail_each(case, faults, one)


def by_name(calls: list[strace.Call]) -> dict[str, list[strace.Call]]:
    found: dict[str, list[strace.Call]] = {}
    for call in calls:
        found.setdefault(call.name, []).append(call)
    return found


def unlike(calls: list[strace.Call], seen: set[str], ends: int = strace.ENDS,
           ) -> list[strace.Call]:
    """Without those like one that was seen; of many that are alike, some."""
    kinds: dict[str, list[strace.Call]] = {}
    for call in calls:
        kinds.setdefault(strace.kind(call), []).append(call)
    new = {call for kind, alike in kinds.items() if kind not in seen
           for call in strace.some(alike, ends)}
    seen.update(kind for kind in kinds if not strace.ASIDE.match(kind))
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
    fail_thread(case, "vCPU 0", hold, chosen(made))(trial)


def enter_sandbox(trial: Trial) -> None:
    calls = [call for call in strace.record(trial.folder, SANDBOX)
             if call.name in SANDBOX_CALLS]
    names = by_name(calls)
    first = [found[0] for found in names.values()]
    fail_calls(SANDBOX, [(call, what) for call in first
                         for what in strace.faults(call)])(trial)


def in_sandbox(trial: Trial, some: Callable[[list[strace.Call]], list[strace.Call]]) -> None:
    """Of what the main thread does behind its filter, some, each in one way."""
    calls = strace.record(trial.folder, CONFINED)
    filters = [i for i, call in enumerate(calls) if FILTER.match(call.text)]
    if not filters:
        raise RuntimeError(f"no filter in {CONFINED.line()}")
    later = unlike(calls[filters[0] + 1:], set(), 0)
    fail_calls(CONFINED, in_turn(some(later)))(trial)


def one_of_each(calls: list[strace.Call]) -> list[strace.Call]:
    return [found[0] for found in by_name(calls).values()]


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    seen: set[str] = set()
    for name in SHORT_RUN:
        def make(trial: Trial, case: Case = SCENARIOS[name]) -> None:
            made = strace.record(trial.folder, case)
            fail_calls(case, chosen(unlike(made, seen)))(trial)
        yield Test(f"{name}: one of each system call fails", make)
    yield Test("run hello, its sandbox: one of each system call fails", enter_sandbox)
    yield Test("run timer-jitter, in its sandbox: one of each system call fails",
               lambda trial: in_sandbox(trial, one_of_each))
    yield Test("run timer-jitter, vCPU 0: one of each system call fails", short_thread)
    yield Test("report: short reads", in_pieces)


def recorded(name: str, record: Callable[[], T]) -> tuple[T | None, Iterator[Test]]:
    """What it gives; or a test that fails for it, as all of its own would."""
    def make(trial: Trial, why: RuntimeError) -> None:
        raise why
    try:
        return record(), iter(())
    except RuntimeError as e:
        return None, iter([Test(f"{name}: runs", lambda trial, e=e: make(trial, e))])


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    seen: set[str] = set()
    # All are recorded, so that each has the same tests however many are meant.
    for name, case in SCENARIOS.items() if any(
            is_meant(name, words) for name in SCENARIOS) else ():
        calls, bad = recorded(name, lambda case=case: strace.record(folder, case))
        yield from bad
        new = unlike(calls or [], seen, 1 if name in LONG else strace.ENDS)
        faults = in_turn(new) if name in LONG else each_way(new)
        for call in dict.fromkeys(call.name for call, _ in faults):
            yield Test(f"{name}: {call} fails", fail_calls(
                case, [fault for fault in faults if fault[0].name == call]))
    yield Test("run hello, its sandbox: each system call fails", enter_sandbox)
    yield Test("run timer-jitter, in its sandbox: each system call fails",
               lambda trial: in_sandbox(trial, list))
    yield Test("report: short reads", in_pieces)
    seen = set()
    for name, thread in THREADS:
        title = f"{name}, {thread}"
        if is_meant(title, words):
            case = SCENARIOS[name]
            both, bad = recorded(title, lambda case=case: strace.record_thread(folder, case))
            yield from bad
            hold, made = both or (0, [])
            for call, calls in by_name(unlike(made, seen)).items():
                yield Test(f"{title}: {call} fails",
                           fail_thread(case, thread, hold, each_way(calls)))
