# SPDX-License-Identifier: BSD-2-Clause
"""signals.py - signals at every stage of a run, alone and two in a row."""
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import strace
from calls import CONFINED, SCENARIOS, by_name, unlike
from case import BUILD, Case, Folder, base
from suite import Test, Trial

RUN = SCENARIOS["run timer-jitter"]
STOPS = ("SIGTERM", "SIGINT", "SIGHUP")


def is_held(calls: list[strace.Call]) -> Callable[[strace.Call], bool]:
    """From where on a signal does not end the program, but the run: the first call
    that blocks them for good."""
    held = [i for i, c in enumerate(calls)
            if "rt_sigprocmask(SIG_BLOCK, [HUP INT TERM XCPU]" in c.text]
    if not held:
        raise RuntimeError("nothing holds the signals back")
    later = set(calls[held[0] + 1:])
    return lambda call: call in later


def at_calls(trial: Trial, some: Callable[[list[strace.Call]], list[strace.Call]],
             what: str, times: str = "", run: Case = RUN) -> None:
    """what: a signal's name; times: what comes behind the call's number."""
    calls = strace.record(trial.folder, run)
    held = is_held(calls)
    number = getattr(signal, what)
    for call in some(unlike(calls, set())):
        ends = not held(call) or number == signal.SIGKILL
        case = strace.injected(replace(
            run, signals=frozenset({number} if ends else ()),
            statuses=frozenset({0, 1, 130}), keeps_temporary=number == signal.SIGKILL),
            call.name, f"signal={what}", f"{call.nr}{times}")
        trial.run(case)


def firsts(calls: list[strace.Call]) -> list[strace.Call]:
    """Of each name, and what has to do with a file that is not whole yet."""
    temporary = re.compile(r"\.tmp|\.spool|deleted")
    return [*(c[0] for c in by_name(calls).values()),
            *(c for c in calls if temporary.search(c.text))]


def stop_and_go_on(trial: Trial) -> None:
    """SIGSTOP and SIGCONT, at the beginning, the middle and the end."""
    case = replace(base("timer-jitter", "samples=400"), statuses=frozenset({0, 1}),
                   note="and SIGSTOP, SIGCONT while it runs")
    for wait_ms in range(0, 500, 50):
        own = trial.folder.make(case)
        process = trial.folder.start(case, own)
        time.sleep(wait_ms / 1000)
        for _ in range(2):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.02)
            process.send_signal(signal.SIGCONT)
            time.sleep(0.002)
        trial.judge(case, trial.folder.finish(case, own, process))


STORMS = (("exit-storm",), ("pulse-storm", "case=flood"), ("ipi-storm",), ("cli-loop",),
          ("console-flood",))


def end(trial: Trial, case: Case, wait_ms: int, *numbers: int) -> None:
    """Starts it, waits, sends the signals, each 1 ms after the one before."""
    names = " ".join(signal.Signals(n).name for n in numbers)
    case = replace(case, note=f"and {names} after {wait_ms} ms")
    own = trial.folder.make(case)
    process = trial.folder.start(case, own)
    time.sleep(wait_ms / 1000)
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.001)
    trial.judge(case, trial.folder.finish(case, own, process))


def storms(trial: Trial, some: tuple[tuple[str, ...], ...] = STORMS) -> None:
    for name, *args in some:
        elf = str(BUILD / "tests/hostile" / f"{name}.elf")
        case = replace(base(elf, *args), statuses=frozenset({3, 99, 124, 130}))
        end(trial, case, 300, signal.SIGTERM)
        end(trial, case, 300, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        end(trial, replace(case, signals=frozenset({signal.SIGKILL}), statuses=frozenset()),
            300, signal.SIGKILL)


def late(trial: Trial) -> None:
    """Two of them, after the first results of a bench."""
    case = Case(["bench", "--quick", "--out", "."], results=(), several=True,
                statuses=frozenset({130}))
    for first, second in ((signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGINT)):
        end(trial, case, 4000, first, second)


def short(folder: Folder, words: list[str]) -> Iterator[Test]:
    yield Test("signals: SIGTERM at one of each system call",
               lambda trial: at_calls(trial, firsts, "SIGTERM"))
    yield Test("signals: two in a row in a storm of exits",
               lambda trial: storms(trial, STORMS[:1]))


def whole(folder: Folder, words: list[str]) -> Iterator[Test]:
    for name in STOPS:
        yield Test(f"signals: {name} at each system call", lambda trial, name=name:
                   at_calls(trial, list, name))
    yield Test("signals: SIGKILL at each system call", lambda trial:
               at_calls(trial, list, "SIGKILL"))
    yield Test("signals: SIGINT at every call of a name", lambda trial:
               at_calls(trial, firsts, "SIGINT", "+1"))
    yield Test("signals: SIGTERM at one of each system call, in the sandbox", lambda trial:
               at_calls(trial, firsts, "SIGTERM", run=CONFINED))
    yield Test("signals: SIGSTOP and SIGCONT", stop_and_go_on)
    yield Test("signals: in a storm", storms)
    yield Test("signals: late in a bench", late)
