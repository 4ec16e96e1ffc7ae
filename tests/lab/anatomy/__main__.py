# SPDX-License-Identifier: BSD-2-Clause
"""
tests/lab/profile calls this: "choose" the sample before it is traced, "show" it
after that, "compare" two that were shown.
"""

import argparse
import json
import os
import pathlib
import sys

import calls
import render
import samples
import symbols
import trace
from profile import Profile


def load_profile(args: argparse.Namespace) -> Profile:
    own = samples.read(args.raw)
    metric = args.metric or own[0].metric
    return Profile(
        [sample for sample in own if sample.metric == metric][args.sample],
        1 if args.cpus == 1 else 5,  # the quantum of lab_configure()
        symbols.Symbols(
            guest=symbols.of_elf(args.payload, "guest"),
            vmm=symbols.of_elf(args.vmm, "vmm"),
            kernel=symbols.of_kallsyms(args.symbols),
        ),
        trace.read(args.trace),
    )


def sources(profile: Profile, args: argparse.Namespace) -> dict[int, str]:
    """
    By address, where there is DWARF: of guest and vmm, and, with --tree, of the
    kernel and of its modules.
    """
    wanted = {
        insn.rip
        for steps in profile.insns.values()
        for insn, _ in steps
        if profile.inside(insn)
    }
    low = sorted(address for address in wanted if address < trace.KERNEL)
    found = symbols.lines(args.vmm, low) | symbols.lines(args.payload, low)
    if not args.tree:
        return found
    places = {
        address: profile.symbols.place(address, False)
        for address in wanted
        if address >= trace.KERNEL
    }
    core = sorted(a for a, place in places.items() if place.where == "kernel")
    found |= symbols.lines(os.path.join(args.tree, "vmlinux"), core)
    for module in {place.where for place in places.values()} - {"kernel", "user"}:
        own = {a: place for a, place in places.items() if place.where == module}
        for path in pathlib.Path(args.tree).rglob(f"{module.replace('_', '[-_]')}.ko"):
            found |= symbols.module_lines(str(path), own)
    return found


def show(args: argparse.Namespace) -> None:
    """Everything into files; the table is what the caller shows."""
    profile = load_profile(args)
    sample = profile.sample
    title = (
        f"{sample.metric}, sample {args.sample}: {sample.value:,} instructions,"
        f" {args.name}"
    )
    roots = [
        calls.tree(parts, profile.heading(cpu)) for cpu, parts in profile.parts.items()
    ]

    def file(name: str):
        return open(os.path.join(args.to, name), "w", encoding="utf-8")

    with file("table.txt") as out:
        print(render.wrapped(title), file=out)
        for root in roots:
            print(root.label, file=out)
            render.table(root, args.least, out)
    with file("folded.txt") as out:
        render.folded(profile.parts, out)
    with file("flame.svg") as out:
        render.flame(roots, title, out)
    with file("listing.txt") as out:
        print(render.wrapped(title), file=out)
        render.listing(profile, sources(profile, args), out)
    with file("parts.json") as out:
        everything = [vars(p) for parts in profile.parts.values() for p in parts]
        json.dump({"title": title, "parts": everything}, out)


def load_parts(folder: str) -> tuple[str, list[calls.Part]]:
    with open(os.path.join(folder, "parts.json"), encoding="utf-8") as file:
        whole = json.load(file)
    return whole["title"], [
        calls.Part(p["offset"], tuple(p["stack"]), p["ticks"]) for p in whole["parts"]
    ]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    choose = verbs.add_parser("choose")
    for name in ("raw", "metric", "which"):
        choose.add_argument(name)
    asked = verbs.add_parser("show")
    for name in ("raw", "metric", "trace", "symbols", "payload"):
        asked.add_argument(f"--{name}", required=True)
    for name in ("vmm", "tree", "name", "to"):
        asked.add_argument(f"--{name}", required=True)
    for name in ("sample", "cpus", "least"):
        asked.add_argument(f"--{name}", type=int, required=True)
    verbs.add_parser("compare").add_argument("folders", nargs=2)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    if args.verb == "choose":
        own = samples.read(args.raw)
        place, nr = samples.choose(own, args.metric, args.which)
        print(nr, *samples.stops(place, len(own)))
    elif args.verb == "show":
        show(args)
    else:
        names, parts = zip(*(load_parts(folder) for folder in args.folders))
        render.difference(list(names), list(parts), sys.stdout)


if __name__ == "__main__":
    try:
        main()
    except ValueError as wrong:
        sys.exit(f"lab-profile: {wrong}")
