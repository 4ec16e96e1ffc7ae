# SPDX-License-Identifier: BSD-2-Clause
"""One sample, cut out of a trace and checked against its clock."""

from collections import defaultdict
from typing import Iterable

from calls import Calls, Part
from samples import Sample
from symbols import Symbols
from trace import Insn

HALTED = "(halted)"
NO_ENTRY = "(exits at once)"


class Profile:
    """
    What each CPU did between a sample's clock reads.  step: of the clock, in
    instructions.  ValueError: the trace is not that of the sample.
    """

    def __init__(
        self, sample: Sample, step: int, symbols: Symbols, insns: Iterable[Insn]
    ) -> None:
        self.sample = sample
        self.step = step
        self.symbols = symbols
        self.insns: dict[int, list[tuple[Insn, tuple[str, ...]]]] = defaultdict(list)
        for insn, stack in Calls(symbols).stacks(insns):
            self.insns[insn.cpu].append((insn, stack))
        self.parts = {cpu: self.cut(cpu) for cpu in sorted(self.insns)}
        self.check()

    def inside(self, insn: Insn) -> bool:
        return self.sample.begin <= insn.tick < self.sample.end

    def cut(self, cpu: int) -> list[Part]:
        """The sample's own part; where the CPU slept, that, too."""
        begin, end = self.sample.begin, self.sample.end
        parts = []
        steps = self.insns[cpu]
        for (insn, stack), (after, _) in zip(steps, steps[1:] + steps[-1:]):
            if self.inside(insn):
                parts.append(Part(insn.tick - begin, stack, 1))
            # A tick of an entry that exits before the guest's first instruction.
            if insn.enters_guest and after.in_kernel and self.step == 1:
                if self.inside(insn) and after.tick == insn.tick + 2:
                    parts.append(Part(insn.tick + 1 - begin, (*stack, NO_ENTRY), 1))
            if not insn.halts:
                continue
            since = max(insn.tick + 1, begin)
            asleep = min(after.tick, end) - since
            if asleep >= self.step:
                parts.append(Part(since - begin, (*stack, HALTED), asleep))
        return parts

    def check(self) -> None:
        """The trace covers the sample, and counts what the clock counted."""
        if not self.insns:
            raise ValueError("there is no instruction in the trace")
        first = min(steps[0][0].tick for steps in self.insns.values())
        last = max(steps[-1][0].tick for steps in self.insns.values())
        if not first < self.sample.begin <= self.sample.end <= last:
            raise ValueError(
                f"the trace, ticks {first} to {last}, does not cover the sample,"
                f" {self.sample.begin} to {self.sample.end}"
            )
        for cpu, parts in self.parts.items():
            counted = sum(part.ticks for part in parts)
            # A clock in steps is up to one behind at either end.
            if abs(counted - self.sample.value) > 2 * (self.step - 1):
                raise ValueError(
                    f"CPU {cpu} was traced for {counted} ticks of a sample of"
                    f" {self.sample.value}: the trace is not complete"
                )

    def heading(self, cpu: int) -> str:
        asleep = sum(p.ticks for p in self.parts[cpu] if p.stack[-1] == HALTED)
        ran = sum(p.ticks for p in self.parts[cpu]) - asleep
        rest = f", halted for {asleep:,} ticks" if asleep else ""
        return f"CPU {cpu}: {ran:,} instructions{rest}"
