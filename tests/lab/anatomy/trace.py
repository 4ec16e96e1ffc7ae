# SPDX-License-Identifier: BSD-2-Clause
"""What Bochs' debugger printed with "trace on": an instruction a line."""

import re
from dataclasses import dataclass
from typing import Iterator

# (0).[1373835345] [0x0000029582eb] 0008:00000000002412eb (unk. ctxt): rdtsc ; 0f31
LINE = re.compile(
    rb"\((\d+)\)\.\[(\d+)\] \[0x[0-9a-f]+\] "
    rb"[0-9a-f]{4}:([0-9a-f]{16}) \([^)]*\): (.*?) *; ([0-9a-f]+)\s*$"
)
# A guest of kvm_amd's: Bochs does not find its code below nested pages.
HIDDEN = re.compile(rb"\((\d+)\)\.\[(\d+)\] \?\?\?")
KERNEL = 0xFFFF800000000000
# After these an address that does not follow is where they went, and no
# interrupt; Bochs has Intel's names.
BRANCHES = ("j", "call", "ret", "loop", "iret", "sys", "int")
ENTRIES = ("vmlaunch", "vmresume", "vmrun")


@dataclass(frozen=True)
class Insn:
    """
    tick: when it began; rip: a linear address, 0: not known; length in bytes.
    """

    cpu: int
    tick: int
    rip: int
    text: str
    length: int

    @property
    def name(self) -> str:
        """The mnemonic, without prefixes."""
        words = self.text.split()
        while len(words) > 1 and words[0] in ("rep", "repz", "repnz", "lock"):
            words.pop(0)
        return words[0]

    @property
    def in_kernel(self) -> bool:
        return self.rip >= KERNEL

    @property
    def enters_guest(self) -> bool:
        return self.name in ENTRIES

    @property
    def branches(self) -> bool:
        return self.name.startswith(BRANCHES)

    @property
    def halts(self) -> bool:
        return self.name in ("hlt", "mwait")


def read(path: str) -> Iterator[Insn]:
    with open(path, "rb") as file:
        for line in file:
            found = LINE.search(line)
            if found:
                cpu, tick, rip, text, code = found.groups()
                name = text.decode("ascii", "replace")
                yield Insn(int(cpu), int(tick), int(rip, 16), name, len(code) // 2)
                continue
            hidden = HIDDEN.search(line)
            if hidden:
                yield Insn(int(hidden[1]), int(hidden[2]), 0, "(not shown)", 0)
