# SPDX-License-Identifier: BSD-2-Clause
"""strace.py - which system calls latvisor makes, and one of them that fails.

strace's injection does it (strace(1), "Tampering").  Its counts are of one thread,
so a thread is traced alone: the main one from the start, a vCPU's one after the main
thread was held where it sets the new thread's CPU, which is before that thread runs.
A call that fails is not made; with INSTEAD another one is, which a sandbox allows."""
import re
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

from case import Case, Folder, Odd, Outcome, read

# What a fault can be, by call; the first is the one of the short run.
ERRORS = {
    "openat": ("EACCES", "EMFILE", "ENOENT", "EINTR"),
    "read": ("EIO", "EINTR"),
    "pread64": ("EIO", "EINTR"),
    "write": ("ENOSPC", "EIO", "EINTR"),
    "close": ("EIO", "EINTR"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EACCES", "EIO", "ENOSPC"),
    "unlink": ("EACCES", "EIO"),
    "ioctl": ("EINVAL", "EINTR", "ENOMEM", "EBUSY"),
    "poll": ("EINTR", "ENOMEM"),
    "mmap": ("ENOMEM",),
    "munmap": ("ENOMEM",),
    "rt_sigtimedwait": ("EINTR",),
    "perf_event_open": ("EACCES", "EMFILE", "ENOENT"),
    "mprotect": ("ENOMEM",),
    "madvise": ("EINVAL", "ENOMEM", "EFAULT"),
    "mlockall": ("EPERM", "ENOMEM"),
    "futex": ("EINTR", "EAGAIN"),
    "fcntl": ("EBADF", "EMFILE"),
    "clone3": ("EAGAIN", "ENOMEM"),
    "ftruncate": ("ENOSPC", "EINTR"),
    "memfd_create": ("EMFILE", "ENOMEM"),
    "eventfd2": ("EMFILE", "ENOMEM"),
    "readlink": ("EACCES", "EIO"),
}
OTHERS = ("EPERM", "EINVAL", "ENOMEM")
# A read that comes to its end too early.
SHORT = ("read", "pread64")
# Not a call that returns, or one that has no way to fail.
NEVER_FAIL = {"exit_group", "exit", "execve", "restart_syscall", "rt_sigreturn",
              "getpid", "gettid", "geteuid", "getuid", "sched_yield", "rseq",
              "set_robust_list", "set_tid_address", "arch_prctl", "rt_sigaction",
              "umask"}
# Fails for wrong arguments only, or for a count of 2 ** 64 - 1.
CANNOT = re.compile(
    r"(rt_sigprocmask|rt_sigpending|uname|timerfd_settime|getrusage|clock_gettime)\(|"
    r"sched_(setscheduler\(0, SCHED_OTHER|get_priority_m)|futex\(.*FUTEX_WAKE|"
    r"ioctl\(.*KVM_CHECK_EXTENSION|write\(\d+<anon_inode:\[eventfd\]>")
# Another process does something for it: that option's own, however alike.
ASIDE = re.compile(r"(socketpair|clone)\(|(read|write)\(\w+<socket")
OF_DATA = {"read", "pread64", "write", "pwrite64", "getdents64"}
# What is called in its place: one that each filter of the main thread lets through.
INSTEAD = ":syscall=getpid"
ENDS = 2  # of many calls that are alike
CALL = re.compile(r"(\w+)\(")
FIRST = "fcntl(0"  # main()'s; what was before is the C library's


@dataclass(frozen=True)
class Call:
    """The nr-th of its name in that thread."""
    name: str
    nr: int
    text: str


def faults(call: Call) -> tuple[str, ...]:
    """What can happen to it, as strace's injection has it."""
    if CANNOT.match(call.text):
        return ()
    if call.name == "brk":
        return ("retval=0",)  # the kernel gives no error, but the break as it was
    errors = tuple(f"error={e}" for e in ERRORS.get(call.name, OTHERS))
    at_end = call.text.rstrip().endswith("= 0")
    return errors + (("retval=0",) if call.name in SHORT and not at_end else ())


def kind(call: Call) -> str:
    """Calls that differ in numbers, or in what is read or written, are alike; so are
    those for each of many events in a trace, of a bench's payloads and results."""
    text = call.text.partition(" = ")[0]
    if call.name in OF_DATA:
        text = text.partition(', "')[0]
    text = re.sub(r"events/\w+/\w+", "events/E", text)
    text = re.sub(r"(?<=[/\"])(?!r\.)[\w-]+\.json", "R.json", text)
    text = re.sub(r"payloads/[\w-]+\.elf", "payloads/P.elf", text)
    text = re.sub(r"\"[^\"]*/trace-cmd\"", "trace-cmd", text)  # along PATH
    return re.sub(r"0x[0-9a-f]+|\d+", "N", text)


def some(alike: list[Call], ends: int = ENDS) -> list[Call]:
    """The first and the last ones, and one in the middle."""
    if len(alike) <= 2 * ends + 1:
        return alike
    return [*alike[:ends], alike[len(alike) // 2], *alike[len(alike) - ends:]]


def calls(log: str, first: str = FIRST) -> list[Call]:
    """In order; those that may fail, from the first one on."""
    found: list[Call] = []
    count: dict[str, int] = {}
    begun = False
    for line in log.splitlines():
        match = CALL.match(line)
        if not match:
            continue
        name = match[1]
        count[name] = count.get(name, 0) + 1
        begun |= line.startswith(first)
        if begun and name not in NEVER_FAIL:
            found.append(Call(name, count[name], line))
    return found


def traced(case: Case, *options: str) -> Case:
    return replace(case, before=["strace", "-y", *options, "-s", "64", "-o", "LOG", "--"])


def inject(name: str, what: str, when: str) -> list[str]:
    return ["-e", f"trace={name}", "-e", f"inject={name}:{what}:when={when}"]


def injected(case: Case, name: str, what: str, when: str) -> Case:
    return traced(case, *inject(name, what, when))


def record(folder: Folder, case: Case) -> list[Call]:
    """Of the main thread, and what it shows if that is all it does.  Raises what
    went wrong."""
    outcome = folder.run(traced(case))
    if outcome.status not in (0, 1, case.good):
        raise Odd(case, outcome)
    if not case.results:
        case.output = outcome.out
    found = calls(outcome.log)
    if not found:
        raise RuntimeError(f"no {FIRST}) in {case.line()}")
    return found


def hit(log: str) -> str | None:
    """The line of the call that failed; None: it was never made."""
    return next((line for line in log.splitlines() if "INJECTED" in line), None)


# Of vCPU 0's thread.

HOLD_US = 400000
SETS_CPU = re.compile(r"sched_setaffinity\((\d+)\D")


def hold_at(log: str) -> int:
    """Which sched_setaffinity() of the main thread is that of the new thread."""
    nr = 0
    for line in log.splitlines():
        match = SETS_CPU.match(line)
        nr += bool(match)
        if match and match[1] != "0":
            return nr
    raise RuntimeError("no thread is started")


def new_thread(pid: int) -> int:
    """Of strace's child, as soon as it is there; 0: it does not come."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            child = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
            tasks = sorted(int(t.name) for t in Path(f"/proc/{child}/task").iterdir())
        except (OSError, IndexError):
            tasks = []
        if len(tasks) > 1:
            return tasks[1]
        time.sleep(0.002)
    return 0


def run_thread(folder: Folder, case: Case, hold: int, options: list[str]) -> Outcome:
    """As Folder.run(), with that thread traced by a strace of its own."""
    case = traced(case, *inject("sched_setaffinity", f"delay_enter={HOLD_US}", str(hold)))
    own = folder.make(case)
    log = Path(f"{own}.thread")
    process = folder.start(case, own)
    tracer = subprocess.Popen(
        ["strace", "-y", "-p", str(new_thread(process.pid)), "-s", "64", "-o", str(log),
         *options], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    outcome = folder.finish(case, own, process, [tracer])
    outcome.log = read(log) if log.exists() else ""
    log.unlink(missing_ok=True)
    return outcome


def record_thread(folder: Folder, case: Case) -> tuple[int, list[Call]]:
    """Where to hold the main thread, and the calls of vCPU 0's behind the hold."""
    outcome = folder.run(traced(case))
    hold = hold_at(outcome.log)
    outcome = run_thread(folder, case, hold, [])
    if outcome.status not in (0, 1, case.good):
        raise Odd(case, outcome)
    return hold, calls(outcome.log, "")
