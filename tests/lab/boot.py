# SPDX-License-Identifier: BSD-2-Clause
"""boot.py - what one boot of the laboratory measured: its result files."""
import datetime
import json
import re
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PAYLOADS = ("exit-cost", "ipi-wake", "timer-jitter", "msg-rr")
# What a metric that is done is worth something in: one that timed out is told
# apart from the others.
MEASURED = ("PASS", "SKIP", "TIMEOUT")


def ticks(time: Json) -> int:
    """A time of a result file: instructions here, whatever the field's name."""
    return time["instructions"] if "instructions" in time else time["cycles"]


def exits_each(metric: Json) -> float | None:
    for window in metric.get("windows", []):
        if window["vcpu"] == metric["vcpu"] and "exits" in window["kvm"]:
            # The exit that ends the window is in KVM's count.
            return (window["kvm"]["exits"] - 1) / metric["samples"]
    return None


def row_of(payload: str, metric: Json, step: int) -> Json:
    """settled: 99 % of the samples are one figure, but for what the clock can
    tell at both ends of a sample and the histogram's buckets."""
    low, p99 = ticks(metric["min"]), metric["percentiles"].get("p99")
    width = 1
    for bucket in metric["histogram"]:
        if p99 and bucket[0] <= ticks(p99):
            width = bucket[1]
    return {
        "payload": payload,
        "name": metric["name"],
        "samples": metric["samples"],
        "min": low,
        "p50": ticks(metric["percentiles"]["p50"]),
        "p99": p99 and ticks(p99),
        "max": ticks(metric["max"]),
        "exits": exits_each(metric),
        "settled": bool(p99) and ticks(p99) - low <= 2 * step + width,
    }


def why_no_result(path: Path) -> str:
    """The sentence with which latvisor refused a payload."""
    text = path.read_text(errors="replace") if path.exists() else ""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines[-1] if lines else "it was not run"


def read_payload(folder: Path, payload: str, rows: list[Json],
                 missing: list[Json], steps: list[int]) -> None:
    """steps: those of the clock that the results have, in instructions."""
    file = folder / f"{payload}.json"
    if not file.exists():
        missing.append({"name": payload,
                        "reason": why_no_result(folder / f"{payload}.txt")})
        return
    result = json.loads(file.read_text())
    step = result.get("step", 1)
    steps.append(step)
    if result["verdict"] not in ("PASS", "SKIP"):
        missing.append({"name": payload, "verdict": result["verdict"],
                        "reason": result["reason"] or "without a reason"})
    if result["verdict"] not in MEASURED:
        return
    for metric in result["metrics"]:
        if metric.get("counted"):
            continue  # its counters disturb its times
        if metric["samples"] >= 2 and metric["status"] == "done":
            rows.append(row_of(payload, metric, step))
        elif metric["status"] != "done":
            missing.append({"name": metric["name"], "reason":
                            metric.get("reason") or metric["status"]})
    if result["verdict"] == "SKIP" and not result["metrics"]:
        missing.append({"name": payload, "reason": result["reason"]})


def read_boot(folder: Path, keys: Json) -> Json:
    """What DIR/table.json holds."""
    file = folder / "out/kernel"
    if not file.exists():
        sys.exit(f"lab: the machine handed nothing out: there is no {file}")
    version = file.read_text()
    # Debian's compiler is named before the package.
    package = re.findall(r"Debian [^ ()]+", version)
    rows: list[Json] = []
    missing: list[Json] = []
    steps: list[int] = []
    for payload in PAYLOADS:
        read_payload(folder / "out", payload, rows, missing, steps)
    return {**keys, "schema": "latvisor-lab-boot/1",
            "date": datetime.date.today().isoformat(),
            "release": version.split()[2],
            "package": package[-1] if package else "no package",
            "step": max(steps, default=1), "rows": rows, "missing": missing}
