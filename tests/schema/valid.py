#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""valid.py SCHEMA RESULT...: do the results keep to the schema, and do their
numbers agree with each other?  Says what is wrong; status 1 if anything is."""
import json
import sys

import jsonschema


def cycles(figure):
    """What was measured: ticks of the TSC, in whatever they are."""
    return figure["cycles" if "cycles" in figure else "instructions"]


def units(value):
    """The units of all figures in it."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return set()
    return ({"ns", "instructions"} & value.keys()).union(
        *map(units, value.values()))


def series_problems(m):
    """The order of the samples is that of its histogram's; rounds add up."""
    if sum(r["samples"] for r in m.get("rounds", [])) not in (
            0, m["samples"]):
        yield "its rounds do not add up to its samples"
    s = m.get("series")
    if not s:
        return
    if s["samples"] != m["samples"] + m["out_of_range"]:
        yield f"its series has {s['samples']} samples"
    blocks = [sum(n for _, n in block) for block in s["blocks"]]
    if blocks and sum(blocks) != s["samples"]:
        yield f"the series' blocks hold {sum(blocks)} samples"
    if max(value for value, _ in s["largest"]) != cycles(m["max"]):
        yield "the series' largest sample is not max"


def metric_problems(m):
    """What a schema cannot say of one metric."""
    if m["samples"] == 0:
        return
    held = sum(bucket[2] for bucket in m["histogram"])
    # A vCPU that was stopped may have been between two stores of a sample.
    open_end = m["status"] in ("open", "timeout")
    if abs(held - m["samples"]) > open_end:
        yield f"the buckets hold {held} of {m['samples']} samples"
    if open_end:
        return
    lows = [bucket[0] for bucket in m["histogram"]]
    if lows != sorted(set(lows)):
        yield "the buckets are not in order"
    first, last = m["histogram"][0], m["histogram"][-1]
    if not first[0] <= cycles(m["min"]) < first[0] + first[1]:
        yield "min is not in the first bucket"
    if not last[0] <= cycles(m["max"]) < last[0] + last[1]:
        yield "max is not in the last bucket"
    chain = [m["min"], *m["percentiles"].values(), m["max"]]
    values = [cycles(t) for t in chain]
    if values != sorted(values):
        yield f"min, percentiles and max do not ascend: {values}"
    for name, p in m["percentiles"].items():
        bounds = p.get("ci95", {})
        low, high = bounds.get("low", p), bounds.get("high", p)
        if not cycles(low) <= cycles(p) <= cycles(high):
            yield f"{name} is not within its ci95"
    if not cycles(m["min"]) <= cycles(m["mean"]) <= cycles(m["max"]):
        yield "mean is not between min and max"
    tail = m.get("tail", {"estimate": False})
    if tail["estimate"]:
        chain = [tail["threshold"], tail["ci95"]["low"], tail["level"]]
        values = [cycles(t) for t in chain]
        if values != sorted(values):
            yield f"the tail's levels do not ascend: {values}"
        if tail["one_in"] != 10 * m["samples"]:
            yield f"one_in is {tail['one_in']}, not 10 times the samples"
        # Its bucket may hold some of both sides.
        above = [sum(n for low, width, n in m["histogram"]
                     if low + width * more > cycles(tail["threshold"]))
                 for more in (0, 1)]
        if not above[0] <= tail["exceedances"] <= above[1]:
            yield f"{above} samples are above the tail's threshold"
        if tail["events"] > tail["exceedances"]:
            yield "the tail has more events than samples"
    yield from series_problems(m)
    worst = [abs(cycles(t)) for t in m["worst"]]
    if worst != sorted(worst, reverse=True):
        yield "the worst are not in order"
    ends = (abs(cycles(m["min"])), abs(cycles(m["max"])))
    if not m["out_of_range"] and worst[0] != max(ends):
        yield f"the worst sample is {worst[0]}, min and max say {max(ends)}"
    if m["status"] == "done" and m.get("asked") not in (
            None, m["samples"] + m["out_of_range"] + m.get("left_out", 0)):
        yield f"{m['asked']} samples were asked for, it has {m['samples']}"


def break_problems(r):
    """One is its metric's largest, all are among its worst and in order."""
    breaks = r.get("breaks", [r["break"]])
    if breaks[0] != r["break"] or any(a["tsc"] > b["tsc"]
                                      for a, b in zip(breaks, breaks[1:])):
        yield "breaks are not in order"
    for b in breaks:
        value = cycles(b["value"])
        if r["exit_status"] == 0 or value <= cycles(r["break_at"]):
            yield f"no break: {value} cycles, status {r['exit_status']}"
        m = r["metrics"][b["metric_index"]]
        if (m["name"], m["vcpu"]) != (b["metric"], b["vcpu"]):
            yield f"the metric of a break is {m['name']}"
        if b["tsc"] not in [w["tsc"] for w in m["worst"]]:
            yield "a sample above --break-at is none of the worst"
        if len(breaks) == 1 and cycles(m["max"]) != value:
            yield "the sample that ended the run is not the largest"


def merged_problems(r, merged):
    """A merged metric is the sum of its vCPUs'."""
    parts = [m for m in r["metrics"]
             if m["name"] == merged["name"] and m["vcpu"] in merged["vcpus"]]
    if len(parts) != len(merged["vcpus"]):
        yield f"it is of {len(merged['vcpus'])} vCPUs, there are {len(parts)}"
    for field in ("samples", "missed", "out_of_range", "early", "left_out"):
        if merged.get(field, 0) != sum(m.get(field, 0) for m in parts):
            yield f"{field} is not the sum of its vCPUs'"


def spread_problems(what, s):
    """Of the times of a stage, or of the whole."""
    chain = [cycles(s[key]) for key in ("min", "p50", "p90", "p99", "max")]
    if chain != sorted(chain):
        yield f"{what}: its times do not ascend: {chain}"


def worst_problems(w, watched):
    """A timeline goes from a sample's begin, or a little before, to its end."""
    value = cycles(w["value"])
    at = [cycles(line["after"]) for line in w["timeline"]]
    if at != sorted(at):
        yield f"the timeline of {value} is not in order"
    before = sum(t < 0 for t in at)
    if at[before:before + 1] != [0] or at[-1] != value:
        yield f"the timeline of {value} is not all of it"
    if before > (8 if watched else 0):
        yield f"the timeline of {value} has {before} lines before it"
    if cycles(w["excess"]) > value:
        yield f"{value} is less than what is too much of it"


def explain_problems(x, metrics, watched):
    """Stages add up to samples, causes to the worst ones."""
    for c in x["paths"]:
        if cycles(c["whole"]["sum"]) != sum(cycles(s["sum"])
                                            for s in c["stages"]):
            yield f"{c['path']}: its stages do not add up to the whole"
        yield from spread_problems(c["path"], c["whole"])
        for s in c["stages"]:
            yield from spread_problems(f"{c['path']}: {s['name']}", s)
    if sum(c["samples"] + c["others"] for c in x["paths"]) > x["samples"]:
        yield "its ways have more samples than there are"
    worst = [cycles(w["value"]) for w in x["worst"]]
    if worst != sorted(worst, reverse=True):
        yield "the worst are not in order"
    for w in x["worst"]:
        yield from worst_problems(w, watched)
        if ("round" in w) != ("rounds" in x):
            yield "the worst are of rounds, or it is not"
    if sum(c["samples"] for c in x["causes"]) != len(worst):
        yield "the causes are not those of the worst"
    if x["metric"] >= len(metrics):
        yield "there is no such metric"
    elif x["kind"] not in metrics[x["metric"]]["flags"] + ["own"]:
        yield f"its metric is not {x['kind']}"


def problems(r):
    """What a schema cannot say of a result."""
    explain = r.get("explain", {})
    for x in explain.get("metrics", []):
        if x.get("rounds", 0) > r.get("rounds", 0):
            yield f"there are no {x['rounds']} rounds to explain"
        for problem in explain_problems(x, r["metrics"],
                                        "watched" in explain):
            yield f"explained metric {x['metric']}: {problem}"
    if units(r) - {r["unit"]}:
        yield f"the unit is {r['unit']}, there are figures in {units(r)}"
    for m in r["metrics"] + r["merged"]:
        for problem in metric_problems(m):
            yield f"metric {m['name']}: {problem}"
    for m in r["merged"]:
        for problem in merged_problems(r, m):
            yield f"merged {m['name']}: {problem}"
    for c in r["checks"]:
        if c["agree"] != (c["guest"] == c["host"]):
            yield f"check {c['what']}: agree is {c['agree']}"
        if c["required"] and not c["agree"] and r["exit_status"] == 0:
            yield f"check {c['what']} disagrees, and the run passed"
    if r["exit_status"] == 0 and any(t["broken"] for t in r["thresholds"]):
        yield "a threshold is broken, and the run passed"
    if "break" in r:
        yield from break_problems(r)
    if r["realtime"] == bool(r["refused"]) and r["machine"]["priority"]:
        yield "realtime and refused contradict each other"


def main():
    """Checks every file of the command line."""
    status = 0
    with open(sys.argv[1], encoding="utf-8") as f:
        validator = jsonschema.Draft7Validator(json.load(f))
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        try:
            result = json.loads(text)
        except ValueError as e:
            print(f"{path}: no JSON: {e}: {text[:200]}", file=sys.stderr)
            status = 1
            continue
        found = [f"{'/'.join(map(str, e.path))}: {e.message[:200]}"
                 for e in validator.iter_errors(result)]
        for problem in found or problems(result):
            print(f"{path}: {problem}", file=sys.stderr)
            status = 1
    return status


sys.exit(main())
