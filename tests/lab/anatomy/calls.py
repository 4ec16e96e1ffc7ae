# SPDX-License-Identifier: BSD-2-Clause
"""Who called whom: a stack for each CPU, from nothing but the instructions."""

from dataclasses import dataclass, field
from typing import Iterable, Iterator

from symbols import Place, Symbols
from trace import Insn

GUEST, INTERRUPT, SYSCALL, CALL = "guest", "interrupt", "syscall", "call"


@dataclass
class Frame:
    """back: where it returns to, 0: unknown."""

    place: Place
    back: int = 0
    kind: str = CALL


@dataclass
class Cpu:
    """waiting: the stacks of the tasks that were switched away from."""

    stack: list[Frame] = field(default_factory=list)
    waiting: list[list[Frame]] = field(default_factory=list)
    before: Insn | None = None
    in_guest: bool = False


class Calls:
    """Feed it all instructions in their order; it says what the stack is."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.cpus: dict[int, Cpu] = {}

    def stacks(self, insns: Iterable[Insn]) -> Iterator[tuple[Insn, tuple[str, ...]]]:
        """Each instruction with the labels from the outermost function in."""
        for insn in insns:
            cpu = self.cpus.get(insn.cpu)
            if cpu is None:
                # Where the vmm has no code it can only be a guest.
                guest = not insn.in_kernel and not self.symbols.vmm.place(insn.rip)
                cpu = self.cpus[insn.cpu] = Cpu(in_guest=guest)
            self.step(cpu, insn)
            cpu.before = insn
            yield insn, tuple(frame.place.label for frame in cpu.stack)

    def step(self, cpu: Cpu, insn: Insn) -> None:
        before = cpu.before
        leaves = cpu.in_guest and insn.in_kernel
        enters = before and before.enters_guest and not insn.in_kernel
        cpu.in_guest = bool(enters) or cpu.in_guest and not leaves
        place = self.symbols.place(insn.rip, cpu.in_guest)
        if leaves:
            self.drop(cpu, GUEST)
        elif enters:
            cpu.stack.append(Frame(place, kind=GUEST))
        elif before and cpu.stack:
            self.follow(cpu, before, insn, place)
        if not cpu.stack:
            cpu.stack.append(Frame(place))
        # A jump to another function, or a label in the middle of one.
        cpu.stack[-1].place = place

    def follow(self, cpu: Cpu, before: Insn, insn: Insn, place: Place) -> None:
        name, after = before.name, before.rip + before.length
        if name == "call":
            cpu.stack.append(Frame(place, after))
        elif name.startswith("iret"):
            self.drop(cpu, INTERRUPT)
        elif name.startswith("sysret"):
            self.drop(cpu, SYSCALL)
        elif name.startswith("ret"):
            self.give_back(cpu, insn, place)
        elif name.startswith("sys"):
            cpu.stack.append(Frame(place, after, SYSCALL))
        elif insn.rip not in (after, before.rip) and not before.branches:
            cpu.stack.append(Frame(place, before.rip, INTERRUPT))

    def drop(self, cpu: Cpu, kind: str) -> None:
        """Everything from the innermost frame of that kind on."""
        for at in range(len(cpu.stack) - 1, -1, -1):
            if cpu.stack[at].kind == kind:
                del cpu.stack[at:]
                return
        # It began before the trace did, and so did what is below it.
        if kind == GUEST:
            del cpu.stack[:]

    def give_back(self, cpu: Cpu, insn: Insn, place: Place) -> None:
        for stack in [cpu.stack, *cpu.waiting]:
            for at in range(len(stack) - 1, -1, -1):
                if stack[at].back == insn.rip:
                    if stack is not cpu.stack:
                        cpu.waiting.remove(stack)
                        cpu.waiting.append(cpu.stack)
                        cpu.stack = stack
                    del stack[at:]
                    return
        if place.begin == insn.rip:
            # A thunk "returned" to the function that it was to call.
            if len(cpu.stack) > 1 and cpu.stack[-2].place == cpu.stack[-1].place:
                cpu.stack.pop()
        elif "__switch_to" in cpu.stack[-1].place.function:
            cpu.waiting.append(cpu.stack)
            cpu.stack = []
        else:
            # To a caller from before the trace began.
            del cpu.stack[:]


@dataclass
class Part:
    """Ticks, at an offset from the sample's begin, with a stack."""

    offset: int
    stack: tuple[str, ...]
    ticks: int


@dataclass
class Node:
    """A function called along one path; first: the offset of its first call."""

    label: str
    first: int
    own: int = 0
    children: dict[str, "Node"] = field(default_factory=dict)

    @property
    def cumulative(self) -> int:
        return self.own + sum(child.cumulative for child in self.children.values())


def tree(parts: list[Part], label: str) -> Node:
    """By path, in the order of first calls."""
    root = Node(label, 0)
    for part in parts:
        node = root
        for name in part.stack:
            node = node.children.setdefault(name, Node(name, part.offset))
        node.own += part.ticks
    return root


def by_function(parts: list[Part]) -> dict[str, int]:
    """Ticks of each function itself, whoever called it."""
    total: dict[str, int] = {}
    for part in parts:
        name = part.stack[-1]
        total[name] = total.get(name, 0) + part.ticks
    return total
