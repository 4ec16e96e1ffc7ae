# SPDX-License-Identifier: BSD-2-Clause
"""Whose instruction is it?  Names of addresses in guest, kernel and vmm."""

import bisect
import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """where: guest, vmm, user, kernel, or a module's name; begin: of the function."""

    where: str
    function: str
    begin: int

    @property
    def label(self) -> str:
        if self.where == "kernel":
            return self.function
        return f"{self.function} [{self.where}]"


class Table:
    """The functions of one program, found by address."""

    def __init__(self, functions: list[tuple[int, str, str]]) -> None:
        # Of several names for an address the one that sorts first.
        self.functions = sorted(functions)
        self.begins = [begin for begin, _, _ in self.functions]

    def place(self, address: int) -> Place | None:
        at = bisect.bisect_right(self.begins, address)
        if at == 0:
            return None
        begin = self.begins[at - 1]
        at = bisect.bisect_left(self.begins, begin)
        _, name, where = self.functions[at]
        return Place(where, name, begin)


def of_elf(path: str, where: str) -> Table:
    out = subprocess.run(
        ["nm", "--defined-only", path], capture_output=True, text=True, check=True
    ).stdout
    functions = []
    for line in out.splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in "tTwWiu":
            functions.append((int(words[0], 16), words[2], where))
    return Table(functions)


def of_kallsyms(path: str) -> Table:
    functions = []
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split()
            address = int(words[0], 16)
            if words[1] in "tTwW" and address >= 1 << 63:
                where = words[3].strip("[]") if len(words) > 3 else "kernel"
                functions.append((address, words[2], where))
    return Table(functions)


@dataclass
class Symbols:
    """All of them; memory: what was found before."""

    guest: Table
    vmm: Table
    kernel: Table
    memory: dict[tuple[int, bool], Place] = field(default_factory=dict)

    def place(self, address: int, in_guest: bool) -> Place:
        key = (address, in_guest)
        if key not in self.memory:
            self.memory[key] = self.look(address, in_guest)
        return self.memory[key]

    def look(self, address: int, in_guest: bool) -> Place:
        if address == 0:
            return Place("guest", "not shown by Bochs", 0)
        if address >= 1 << 63:
            found = self.kernel.place(address)
        else:
            found = (self.guest if in_guest else self.vmm).place(address)
        return found or Place("user", f"{address:#x}", address)


def lines(path: str, addresses: list[int], section: str = "") -> dict[int, str]:
    """addr2line(1)'s FILE:LINE of each, where there is DWARF."""
    if not addresses:
        return {}
    command = ["addr2line", "-e", path]
    if section:
        command += ["-j", section]
    text = "\n".join(f"{address:#x}" for address in addresses)
    out = subprocess.run(command, input=text, capture_output=True, text=True)
    found = {}
    for address, line in zip(addresses, out.stdout.splitlines()):
        line = line.split(" ")[0].replace("/./", "/").removeprefix("./")
        if not line.startswith("??") and not line.endswith((":0", ":?")):
            found[address] = line
    return found


def module_lines(path: str, wanted: dict[int, Place]) -> dict[int, str]:
    """
    The same for a module that is not linked yet: its functions are found by their
    names, for only the kernel knows where it has put its sections.
    """
    # 0000000000000010 l     F .text	000000000000004d name
    out = subprocess.run(["objdump", "-t", path], capture_output=True, text=True)
    at: dict[str, tuple[str, int]] = {}
    for line in out.stdout.splitlines():
        head, _, tail = line.partition("\t")
        words = head.split()
        if len(words) >= 3 and words[-2] == "F":
            at[tail.split()[-1]] = (words[-1], int(words[0], 16))
    sections: dict[str, dict[int, int]] = {}
    for address, place in wanted.items():
        if place.function in at:
            section, begin = at[place.function]
            offset = begin + address - place.begin
            sections.setdefault(section, {})[offset] = address
    found = {}
    for section, offsets in sections.items():
        for offset, line in lines(path, sorted(offsets), section).items():
            found[offsets[offset]] = line
    return found
