# SPDX-License-Identifier: BSD-2-Clause
"""oracle.py - is what came of a case what latvisor promises?

A status of docs/results.md; one sentence where it is an error; nothing left behind; and
each result whole, or the older one untouched."""
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from case import LATVISOR, OLD, ROOT, SLOW_S, Case, Outcome, read

# Of a sanitizer, the C library, a format that went wrong.
NEVER_SAID = re.compile(
    r"Sanitizer|runtime error|Segmentation|[Aa]ssert|stack smashing|double free|"
    r"malloc|free\(\)|corrupt|overflow detected|\(null\)|Success\b|core dumped")
WITH_RESULT = {0: "PASS", 1: "FAIL", 3: "CRASH", 99: "ERROR", 124: "TIMEOUT"}
VERDICTS = {*WITH_RESULT.values(), "SKIP"}
USAGE, SKIP, INTERRUPTED = 2, 77, 130
# With a verdict that is no PASS the status is that one's all the same.
CUT = "cannot write all of it to standard output"
TRACES = ("p.trace", "e.txt", "t.dat")
DAT_MAGIC = b"\x17\x08Dtracing"  # trace-cmd.dat(5)
# Of counts and times: 104 days in ns; what wrapped is far above.
MOST = 1 << 53


def told(case: Case, err: str) -> list[str]:
    """Without what a bench skips, which it always does here."""
    return [line for line in err.splitlines()
            if not (case.several and ": SKIP: " in line)]


def sentences(case: Case, err: str) -> list[str]:
    """Those that are an error."""
    return [line for line in told(case, err) if "NOT REAL-TIME" not in line]


def said(case: Case, o: Outcome) -> Iterator[str]:
    """What it wrote on standard error."""
    for line in o.err.splitlines():
        if not re.match(r"latvisor( \w+)?: \S", line):
            yield f"does not say who speaks: {line!r}"
    found = NEVER_SAID.search(o.err + o.out)
    if found:
        yield f"says {found[0]!r}"
    errors = sentences(case, o.err)
    # Of each file that could not be written, one.
    most = max(1, sum(name in o.err for name in case.results))
    if o.status == USAGE and not 1 <= len(errors) == len(set(errors)) <= most:
        yield f"status {USAGE} with {len(errors)} sentences, wanted 1"


def numbers(value: object, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, f"{path}/{key}")
    elif isinstance(value, list):
        for part in value:
            yield from numbers(part, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def wrapped(result: dict[str, object]) -> Iterator[str]:
    """A count of the host's that was not read must not be told."""
    for part in ("windows", "run", "checks"):
        for path, value in numbers(result.get(part, [])):
            if not 0 <= value < MOST:
                yield f"{part}{path} is {value}"
    for metric in result["metrics"]:  # type: ignore[attr-defined]
        for part in ("kvm", "host", "guest", "window"):
            for path, value in numbers(metric.get(part, {})):
                if not 0 <= value < MOST:
                    yield f"{metric['name']}/{part}{path} is {value}"


def agrees(case: Case, o: Outcome, path: Path) -> Iterator[str]:
    """The result file and what the run has said."""
    try:
        r = json.loads(read(path))
    except ValueError as e:
        yield f"{path.name} is no JSON: {e}"
        return
    if case.several or o.status < 0:
        yield from wrapped(r)
        return
    if not is_result(path):
        if not r["rows"] or (o.status == INTERRUPTED) != r["interrupted"]:
            yield f"{path.name} is not what the status says"
        return
    if o.status not in (USAGE, r["exit_status"]):
        yield f"{path.name} has the status {r['exit_status']}"
    if o.status in WITH_RESULT and r["verdict"] != WITH_RESULT[o.status]:
        yield f"{path.name} has the verdict {r['verdict']}"
    if (o.status == INTERRUPTED) != r["interrupted"] and o.status not in (
            USAGE, *WITH_RESULT):
        yield f"interrupted is {r['interrupted']}"
    yield from wrapped(r)
    again = subprocess.run([LATVISOR, "report", str(path)], capture_output=True,
                           text=True, errors="replace", check=False)
    if again.returncode or again.stderr:
        yield f"report ends with {again.returncode}: {again.stderr}"
    elif o.status != USAGE and again.stdout != o.out and CUT not in o.err:
        yield f"report shows something else: {again.stdout}"


def is_result(path: Path) -> bool:
    """And not a sweep's."""
    try:
        return str(json.loads(read(path))["schema"]).startswith("latvisor-result/")
    except (ValueError, KeyError, TypeError):
        return True  # it has to be


def csv_whole(o: Outcome, path: Path) -> Iterator[str]:
    """Its last line is one, and there are as many as the result says."""
    lines = read(path).split("\n")
    if lines[-1] or any(l.count(",") != lines[0].count(",") for l in lines[:-1]):
        yield f"{path.name} is cut short"
    try:
        wanted = json.loads(read(o.folder / "r.json"))["raw"]["records"]
    except (OSError, ValueError):
        return  # which agrees() says
    if o.status == 0 and len(lines) - 2 != wanted:
        yield f"{path.name} has {len(lines) - 2} records, r.json says {wanted}"


def trace_whole(path: Path) -> Iterator[str]:
    """As its readers want it: JSON, lines, what trace-cmd makes sense of."""
    if path.name == "p.trace":
        try:
            json.loads(read(path))
        except ValueError as e:
            yield f"{path.name} is no JSON: {e}"
    elif path.name == "e.txt":
        text = read(path)
        if not text.startswith("latvisor-events ") or not text.endswith("\n"):
            yield f"{path.name} is cut short"
    else:
        done = subprocess.run(["trace-cmd", "report", "-i", str(path)], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode or not path.read_bytes().startswith(DAT_MAGIC):
            yield f"trace-cmd cannot read {path.name}: {done.returncode}"


def file_whole(o: Outcome, path: Path) -> Iterator[str]:
    """A file that is no result, each by its kind."""
    text = path.read_bytes()
    if path.name in TRACES:
        yield from trace_whole(path)
    elif text.startswith(b"metric,vcpu,tsc,"):
        yield from csv_whole(o, path)
    elif not text.startswith(b"\xd0\x0d\xfe\xed"):
        yield f"{path.name} is no file of samples: {text[:40]!r}"


def written(path: Path) -> bool:
    return path.exists() and path.read_bytes() != OLD.encode()


def files(case: Case, o: Outcome) -> Iterator[str]:
    """What is in the folder."""
    if o.left:
        yield f"left behind: {' '.join(o.left)}"
    whole = o.status in (0, 1, 3, 99, 124, 130)
    for path in sorted(o.folder.glob("*.json")) if case.several else ():
        yield from agrees(case, o, path)
    for name in case.results:
        path = o.folder / name
        if case.old and not path.exists():
            yield f"the older {name} is gone"
        elif not written(path):
            if whole:
                yield f"status {o.status}, and {name} was not written"
        elif name.endswith(".json"):
            yield from agrees(case, o, path)
        else:
            yield from file_whole(o, path)


def judge(case: Case, o: Outcome) -> list[str]:
    """What is wrong with it; valid() does the rest for all files together."""
    wrong = []
    if o.hung:
        return ["did not end"]
    if o.took_s - o.waited_s > SLOW_S:
        wrong.append(f"took {o.took_s:.1f} s, {o.waited_s:.1f} s of it for want of a CPU")
    if o.alive:
        wrong.append("a process was left")
    if o.status < 0:
        if -o.status not in case.signals:
            wrong.append(f"ended by signal {-o.status}")
    elif o.status not in case.statuses:
        wrong.append(f"status {o.status}")
    wrong += [*said(case, o), *files(case, o)]
    if o.status == 0 and case.output not in (None, o.out):
        wrong.append(f"shows {o.out!r}")
    if o.status == SKIP and not written(o.folder / "r.json") and (
            len(sentences(case, o.err)) != 1):
        wrong.append("a SKIP without its sentence")
    return wrong


def python_with_jsonschema() -> str | None:
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import jsonschema"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def valid(paths: list[Path]) -> dict[str, str]:
    """By file: the first thing that the schema, or valid.py, has against it."""
    python = python_with_jsonschema()
    if not paths:
        return {}
    if not python:
        return {str(paths[0]): "no python3 with jsonschema to look at it"}
    schema = ROOT / "tests/schema"
    done = subprocess.run(
        [python, str(schema / "valid.py"), str(schema / "latvisor-result-3.json"),
         *map(str, paths)], capture_output=True, text=True, check=False)
    found: dict[str, str] = {}
    for line in done.stderr.splitlines():
        path, _, problem = line.partition(": ")
        found.setdefault(path, problem)
    if done.returncode and not found:
        found[str(paths[0])] = "valid.py did not get as far as that"
    return found
