# SPDX-License-Identifier: BSD-2-Clause
"""The same parts as a table, folded stacks, a picture and a difference."""

import textwrap
from html import escape
from typing import TextIO

from calls import Node, Part, by_function
from profile import Profile

WIDTH = 79


def wrapped(title: str) -> str:
    """In lines of a table's width; the second and further ones are indented."""
    return "\n".join(
        textwrap.wrap(
            title, WIDTH, subsequent_indent="  ", break_on_hyphens=False
        )
    )


def table(root: Node, least: int, out: TextIO) -> None:
    """
    By function in the order of the calls, each below its caller.  Functions of
    fewer ticks than least, callees included, become one line below their caller.
    """
    print(f"{'at':>8}{'self':>8}{'with all':>10}  function", file=out)

    def row(at: int, own: int, whole: int, depth: int, name: str) -> None:
        name = "  " * min(depth, 12) + name
        print(f"{at:8,}{own:8,}{whole:10,}  {name[: WIDTH - 28]}", file=out)

    def rows(node: Node, depth: int) -> None:
        small = [c for c in node.children.values() if c.cumulative < least]
        for child in node.children.values():
            if child.cumulative >= least:
                row(child.first, child.own, child.cumulative, depth, child.label)
                rows(child, depth + 1)
        if small:
            ticks = sum(child.cumulative for child in small)
            row(small[0].first, ticks, ticks, depth, f"({len(small)} smaller)")

    rows(root, 0)


def folded(parts: dict[int, list[Part]], out: TextIO) -> None:
    """A line a stack, for the tools that draw flame graphs; by CPU if many."""
    total: dict[tuple[str, ...], int] = {}
    for cpu, own in parts.items():
        above = (f"CPU {cpu}",) if len(parts) > 1 else ()
        for part in own:
            stack = above + part.stack
            total[stack] = total.get(stack, 0) + part.ticks
    for stack, ticks in total.items():
        print(f"{';'.join(stack)} {ticks}", file=out)


def listing(profile: Profile, source: dict[int, str], out: TextIO) -> None:
    """Each instruction, with the source's line where that is known."""
    rows = [
        (insn, stack)
        for steps in profile.insns.values()
        for insn, stack in steps
        if profile.inside(insn)
    ]
    rows.sort(key=lambda row: row[0].tick)
    shown: dict[int, tuple] = {}
    for insn, stack in rows:
        before_stack, before_line = shown.get(insn.cpu, ((), ""))
        line = source.get(insn.rip, before_line)
        if stack != before_stack:
            print(f"CPU {insn.cpu} {stack[-1]}:", file=out)
        if line != before_line:
            print(f"{'':26}{line}", file=out)
        shown[insn.cpu] = (stack, line)
        offset = insn.tick - profile.sample.begin
        print(f"{offset:8,} {insn.rip:16x}  {insn.text}", file=out)


# A row's height, a letter's width and the picture's, in pixels.
ROW, LETTER, PICTURE = 18, 6.6, 1200
COLOURS = {
    "guest": "#8fd19e",
    "vmm": "#8fb8de",
    "user": "#b8b8d1",
    "kernel": "#f0a35e",
    "halted": "#e8e8e8",
}
KVM = "#f4d35e"


def colour(label: str) -> str:
    if label.startswith("("):
        return COLOURS["halted"]
    if not label.endswith("]"):
        return COLOURS["kernel"]
    return COLOURS.get(label[label.rindex("[") + 1 : -1], KVM)


def depth_of(node: Node) -> int:
    return 1 + max((depth_of(child) for child in node.children.values()), default=0)


def flame(roots: list[Node], title: str, out: TextIO) -> None:
    """Callers above, callees below, left to right in the order of first calls."""
    heights = [depth_of(root) * ROW + ROW for root in roots]
    height = 2 * ROW + sum(heights)
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PICTURE} {height}"'
        ' font-family="monospace" font-size="11">',
        f'<rect width="{PICTURE}" height="{height}" fill="white"/>',
        f'<text x="4" y="14" font-size="13">{escape(title)}</text>',
        sep="\n",
        file=out,
    )
    y = 2 * ROW
    for root, used in zip(roots, heights):
        scale = PICTURE / max(1, root.cumulative)
        boxes(root, 0.0, y, scale, root.cumulative, out)
        y += used
    print("</svg>", file=out)


def boxes(node: Node, x: float, y: int, scale: float, whole: int, out: TextIO) -> None:
    width = node.cumulative * scale
    share = 100 * node.cumulative / max(1, whole)
    hint = f"{node.label}: {node.cumulative:,} instructions, {share:.1f} %, self {node.own:,}"
    letters = int(width / LETTER) - 1
    text = node.label if letters >= len(node.label) else node.label[: max(0, letters)]
    print(
        f"<g><title>{escape(hint)}</title>"
        f'<rect x="{x:.2f}" y="{y}" width="{max(width, 0.3):.2f}" height="{ROW - 1}"'
        f' fill="{colour(node.label)}" stroke="white" stroke-width="0.5"/>',
        file=out,
    )
    if letters >= 3:
        print(f'<text x="{x + 2:.2f}" y="{y + 13}">{escape(text)}</text>', file=out)
    print("</g>", file=out)
    for child in node.children.values():
        boxes(child, x, y + ROW, scale, whole, out)
        x += child.cumulative * scale


def difference(
    names: list[str], parts: list[list[Part]], out: TextIO, least: int = 1
) -> None:
    """By function, the largest first: what explains why one is longer."""
    first, second = (by_function(each) for each in parts)
    rows = [
        (second.get(name, 0) - first.get(name, 0), name)
        for name in sorted({*first, *second})
    ]
    rows.sort(key=lambda row: (-abs(row[0]), row[1]))
    for letter, name in zip("AB", names):
        print(wrapped(f"{letter}: {name}"), file=out)
    print(f"{'A':>8}{'B':>8}{'B - A':>8}  function, by itself", file=out)
    for delta, name in rows:
        if abs(delta) >= least:
            print(
                f"{first.get(name, 0):8,}{second.get(name, 0):8,}{delta:+8,}  "
                f"{name[: WIDTH - 26]}",
                file=out,
            )
    same = sum(delta == 0 for delta, _ in rows)
    total = [sum(part.ticks for part in each) for each in parts]
    print(
        f"{total[0]:8,}{total[1]:8,}{total[1] - total[0]:+8,}  "
        f"all of it; {same} functions are the same",
        file=out,
    )
