#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""table.py - the laboratory's tables, out of the result files of its boots.

table.py boot DIR KEY=VALUE...    DIR/out/ of one boot: prints its table, and
                                  writes DIR/table.json, which has the KEYs;
                                  status 1: nothing measured, or no PASS
table.py compare OUT DIR...       boots side by side: prints, writes OUT/table.json
                                  and OUT/table.md; beside DIR are DIR.json, which
                                  has its KEYs, and DIR.log, with what it printed
table.py spread OUT DIR...        how far apart the same kernel's boots are: prints,
                                  writes OUT/spread.json; status 1: too far
Needs nothing but Python."""
import datetime
import json
import re
import sys
from pathlib import Path

from boot import PAYLOADS, Json, read_boot, why_no_result

WIDTH = 79
NAME = 29  # columns of a row's name
LIMIT_PERCENT = 0.5  # of spread
MODELS = {"intel": "kvm_intel on corei7_skylake_x", "amd": "kvm_amd on zambezi"}

UNSETTLED = "~: p99 is more than two of the clock's steps above min"
LEGEND = ("%: against the first kernel of the same vendor; =: the clock's step "
          f"apart at most; {UNSETTLED}")


def title(boot: Json) -> str:
    """"6.1.0-50-cloud-amd64 (Debian 6.1.176-1), kvm_intel on ..."."""
    if "release" not in boot:
        return f"{boot['label']}, {MODELS[boot['vendor']]}"
    return (f"{boot['release']} ({boot['package']}), {MODELS[boot['vendor']]}, "
            f"{boot['cpus']} CPU{'s' * (boot['cpus'] > 1)}, "
            f"mitigations {boot['mitigations']}")


def wrap(text: str, indent: str = "  ") -> str:
    """At blanks, to the table's width."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def print_reasons(missing: list[Json], where: str = "") -> None:
    """One line a reason, with all that it is the reason of."""
    names: dict[tuple[str, str], list[str]] = {}
    for m in missing:
        key = m.get("verdict", "SKIP"), m["reason"]
        names.setdefault(key, []).append(m["name"])
    for (verdict, why), n in names.items():
        print(wrap(f"{verdict}{where} {', '.join(dict.fromkeys(n))}: {why}"))


def is_whole(boot: Json) -> bool:
    """Something was measured, and nothing was wrong."""
    return bool(boot["rows"]) and not any("verdict" in m for m in boot["missing"])


def number(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def mark(row: Json) -> str:
    return " " if row["settled"] else "~"


def print_boot(boot: Json) -> None:
    print(wrap(title(boot)))
    print(wrap(f"path lengths in instructions, the clock's step is {boot['step']}; "
               + UNSETTLED))
    print(f"{'':{NAME}}{'samples':>8}{'min':>8}{'p50':>8} {'p99':>8}{'max':>9}"
          f"{'exits':>8}")
    payload = ""
    for row in boot["rows"]:
        if row["payload"] != payload:
            payload = row["payload"]
            print(payload)
        print(f" {row['name']:{NAME - 1}}{row['samples']:8,}{row['min']:8,}"
              f"{row['p50']:8,}{mark(row)}{number(row['p99']):>8}{row['max']:9,}"
              f"{number(row['exits'], 2):>8}")
    print_reasons(boot["missing"])


def load_boots(folders: list[Path]) -> list[Json]:
    """A boot that did not end has the last line of its log as the reason why."""
    boots = []
    for folder in folders:
        keys = json.loads(folder.with_suffix(".json").read_text())
        if (folder / "table.json").exists():
            boots.append(json.loads((folder / "table.json").read_text()) | keys)
            continue
        why = why_no_result(folder.with_suffix(".log"))
        boots.append({**keys, "rows": [],
                      "missing": [{"name": "everything", "reason": why}]})
    return boots


def row_keys(boots: list[Json]) -> list[tuple[str, str]]:
    """Every row that any boot has, in the order of the payloads."""
    keys: dict[tuple[str, str], None] = {}
    for payload in PAYLOADS:
        for boot in boots:
            for row in boot["rows"]:
                if row["payload"] == payload:
                    keys[payload, row["name"]] = None
    return list(keys)


def find(boot: Json, key: tuple[str, str]) -> Json | None:
    for row in boot["rows"]:
        if (row["payload"], row["name"]) == key:
            return row
    return None


def percent(row: Json | None, base: Json | None) -> float | None:
    if not row or not base or not base["p50"]:
        return None
    return (row["p50"] / base["p50"] - 1) * 100


def change(row: Json | None, base: Json | None, boot: Json) -> str:
    """"+1.5 %", or "=" where the clock cannot tell the two apart."""
    per_cent = percent(row, base)
    if row is None or base is None or per_cent is None:
        return ""
    if abs(row["p50"] - base["p50"]) <= boot["step"]:
        return "="
    return f"{per_cent:+.1f} %"


def groups(boots: list[Json]) -> list[list[Json]]:
    """The boots of each vendor, in the order given."""
    vendors = dict.fromkeys(boot["vendor"] for boot in boots)
    return [[b for b in boots if b["vendor"] == v] for v in vendors]


def short(label: str) -> str:
    """A column's heading: a path's last part, 14 characters."""
    label = re.sub(r"\S*/", "", label.split(":")[0]) + (
        "+mit" if label.endswith("+mitigations") else "")
    return label.replace("+mitigations", "")[:14]


def print_group(group: list[Json]) -> None:
    base = group[0]
    print(MODELS[base["vendor"]])
    head = f"{'':{NAME}}{short(base['label']):>9} "
    head += " ".join(f"{short(b['label']):>16}" for b in group[1:])
    print(head.rstrip())
    payload = ""
    for key in row_keys(group):
        if key[0] != payload:
            payload = key[0]
            print(payload)
        first = find(base, key)
        line = f" {key[1]:{NAME - 1}}"
        line += f"{number(first and first['p50']):>9}{mark(first) if first else ' '}"
        for boot in group[1:]:
            row = find(boot, key)
            line += f"{number(row and row['p50']):>8}{mark(row) if row else ' '}"
            line += f"{change(row, first, boot):>8}"
        print(line.rstrip())


def print_missing(boots: list[Json]) -> None:
    """A reason of every boot is told once."""
    ended = [b for b in boots if b["rows"]]
    common = [m for m in (ended[0]["missing"] if ended else [])
              if all(m in b["missing"] for b in ended)]
    print_reasons(common)
    for boot in boots:
        name = f"{boot['vendor']} {short(boot['label'])}"
        if boot["seed"]:
            name += f", seed {boot['seed']}"
        print_reasons([m for m in boot["missing"] if m not in common],
                      f" in {name}:")


def print_comparison(boots: list[Json]) -> None:
    print(f"p50, path lengths in instructions, {boots[0]['today']}")
    for boot in boots:
        print(wrap(f"{boot['vendor']} {short(boot['label'])}: {title(boot)}"))
    print(wrap(LEGEND))
    for group in groups(boots):
        print()
        print_group(group)
    print_missing(boots)


def markdown(boots: list[Json]) -> str:
    """One wide table of all columns."""
    heads = [f"{b['vendor']} {short(b['label'])}" for b in boots]
    lines = [f"p50, path lengths in instructions, {boots[0]['today']}. {LEGEND}.",
             "", f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(boots)}"]
    bases = {id(b): group[0] for group in groups(boots) for b in group}
    for key in row_keys(boots):
        cells = []
        for boot in boots:
            row, base = find(boot, key), bases[id(boot)]
            cell = number(row and row["p50"])
            if row and not row["settled"]:
                cell = f"~{cell}"
            if boot is not base and row and find(base, key):
                cell += f" ({change(row, find(base, key), boot)})"
            cells.append(cell)
        lines.append(f"| {key[1]} | {' | '.join(cells)} |")
    lines += [""] + [f"- {head}: {title(b)}" for head, b in zip(heads, boots)]
    return "\n".join(lines) + "\n"


def comparison_json(boots: list[Json]) -> Json:
    bases = {id(b): group[0] for group in groups(boots) for b in group}
    rows = []
    for key in row_keys(boots):
        cells = []
        for boot in boots:
            row = find(boot, key)
            cells.append(row and {
                k: row[k] for k in ("min", "p50", "p99", "settled")} | {
                "percent": percent(row, find(bases[id(boot)], key))})
        rows.append({"payload": key[0], "name": key[1], "columns": cells})
    columns = [{k: v for k, v in b.items() if k != "rows"} for b in boots]
    return {"schema": "latvisor-lab-table/1", "statistic": "p50",
            "unit": "instructions", "columns": columns, "rows": rows}


def same_files(a: Path, b: Path) -> bool:
    """Are the result files of two boots the same, byte for byte?"""
    names = sorted(p.name for p in (a / "out").iterdir())
    return names == sorted(p.name for p in (b / "out").iterdir()) and all(
        (a / "out" / n).read_bytes() == (b / "out" / n).read_bytes()
        for n in names)


def print_repeats(boots: list[Json], folders: list[Path]) -> bool:
    """False: boots that should be the same are not."""
    all_same = True
    seen: dict[tuple[str, int], Path] = {}
    for boot, folder in zip(boots, folders):
        first = seen.setdefault((boot["vendor"], boot["seed"]), folder)
        if first is not folder and boot["rows"]:
            same = same_files(first, folder)
            print(f"{boot['vendor']}, seed {boot['seed']} twice: result files are "
                  + ("the same to the last bit" if same else "NOT the same"))
            all_same = all_same and same
    return all_same


def spread_rows(group: list[Json]) -> list[Json]:
    """The p50 of all boots, one seed once; what is over the limit is so in per
    cent and in steps of the clock, or is missing in one of them."""
    boots = list({b["seed"]: b for b in group}.values())
    rows = []
    for key in row_keys(boots):
        found = [find(b, key) for b in boots]
        values = [r and r["p50"] for r in found]
        low = min(r["p50"] for r in found if r)
        high = max(r["p50"] for r in found if r)
        wide = (high - low) * 100 / low if low else 0.0
        rows.append({"payload": key[0], "name": key[1], "p50": values,
                     "percent": wide,
                     "over": None in values or (
                         wide > LIMIT_PERCENT
                         and high - low > max(b.get("step", 1) for b in boots))})
    return rows


def print_spread(boots: list[Json]) -> list[Json]:
    out = []
    for group in groups(boots):
        rows = spread_rows(group)
        seeds = list(dict.fromkeys(b["seed"] for b in group))
        print("\n" + wrap(title(group[0])))
        print(f"{'p50 with the seed':{NAME}}"
              + "".join(f"{s:>9}" for s in seeds) + f"{'spread':>9}")
        for row in rows:
            print(f" {row['name']:{NAME - 1}}"
                  + "".join(f"{number(v):>9}" for v in row["p50"])
                  + (f"{'-':>9}" if None in row["p50"] else f"{row['percent']:7.2f} %")
                  + (" !" if row["over"] else ""))
        over = [r["name"] for r in rows if r["over"]]
        print(wrap(f"more than {LIMIT_PERCENT} % and a step of the clock apart, "
                   "or not in each: " + (", ".join(over) or "none") + f", of {len(rows)}"))
        out.append({"vendor": group[0]["vendor"], "seeds": seeds, "rows": rows})
    print_missing(boots)
    return out


def write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


def parse_keys(words: list[str]) -> Json:
    keys: Json = dict(word.split("=", 1) for word in words)
    return keys | {"cpus": int(keys["cpus"]), "seed": int(keys["seed"])}


def main(argv: list[str]) -> int:
    if len(argv) < 3 or argv[0] not in ("boot", "compare", "spread"):
        sys.exit(__doc__)
    command, out, rest = argv[0], Path(argv[1]), argv[2:]
    if command == "boot":
        boot = read_boot(out, parse_keys(rest))
        print_boot(boot)
        write(out / "table.json", json.dumps(boot, indent=1) + "\n")
        return 0 if is_whole(boot) else 1
    folders = [Path(folder) for folder in rest]
    boots = load_boots(folders)
    today = datetime.date.today().isoformat()
    boots = [boot | {"today": today} for boot in boots]
    whole = all(map(is_whole, boots))
    if command == "compare":
        print_comparison(boots)
        write(out / "table.json", json.dumps(comparison_json(boots), indent=1) + "\n")
        write(out / "table.md", markdown(boots))
        return 0 if whole else 1
    same = print_repeats(boots, folders)
    spread = print_spread(boots)
    write(out / "spread.json", json.dumps(spread, indent=1) + "\n")
    return 0 if whole and same and not any(
        row["over"] for group in spread for row in group["rows"]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
