#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""chrome_trace.py FILE: an independent reader of --perfetto: Chrome's trace event
format, as its document has it, and what docs/explain.md says of it. Prints what
is there: samples, arrows, slices."""
import collections
import decimal
import json
import sys

NS = decimal.Decimal("0.001")


def need(condition, *what):
    if not condition:
        raise ValueError(" ".join(map(str, what)))


def when(event, key="ts"):
    value = decimal.Decimal(event[key])
    need(value >= 0, key, "below 0:", event)
    need(value % NS == 0, "no whole ns:", event)
    return value


def check_names(events):
    names, processes = {}, {}
    for e in events:
        if e["ph"] != "M":
            continue
        need(e["name"] in ("process_name", "process_sort_index", "thread_name",
                           "thread_sort_index"), "metadata:", e)
        if e["name"] == "process_name":
            need(e["pid"] not in processes, "a process twice:", e)
            processes[e["pid"]] = e["args"]["name"]
        if e["name"] == "thread_name":
            need(e["tid"] not in names, "a track twice:", e)
            names[e["tid"]] = e["pid"], e["args"]["name"]
    need(sorted(processes.values()) == ["guest", "host CPUs"], processes)
    for e in events:
        need(e["pid"] in processes, "nobody's:", e)
        if e["ph"] != "M":
            need(names.get(e["tid"], (0,))[0] == e["pid"], "no track:", e)
    return {tid: name for tid, (_, name) in names.items()}


def slices_of(events):
    """By track: (begin, end, name, args), as they nest."""
    open_, last, slices = (collections.defaultdict(list), {},
                           collections.defaultdict(list))
    for e in events:
        tid = e["tid"]
        if e["ph"] == "X":
            need(not open_[tid], "within B and E:", e)
            begin = when(e)
            slices[tid].append((begin, begin + when(e, "dur"), e["name"],
                                e.get("args", {})))
        if e["ph"] not in ("B", "E", "i"):
            continue
        need(when(e) >= last.get(tid, 0), "out of order:", e)
        last[tid] = when(e)
        if e["ph"] == "B":
            open_[tid].append((when(e), e["name"], e.get("args", {})))
        elif e["ph"] == "E":
            need(open_[tid], "an end without a beginning:", e)
            begin, name, args = open_[tid].pop()
            slices[tid].append((begin, when(e), name, args))
        else:
            need(e["s"] == "t", "whose moment:", e)
    need(not any(open_.values()), "without an end:", open_)
    for tid, list_ in slices.items():
        around = []
        for s in sorted(list_, key=lambda s: (s[0], -s[1])):
            while around and around[-1][1] <= s[0] and around[-1] != s:
                around.pop()
            need(not around or s[1] <= around[-1][1], "do not nest:",
                 around[-1:], s)
            around.append(s)
    return slices


def check_arrows(events, slices):
    ends = collections.defaultdict(list)
    for e in events:
        if e["ph"] in ("s", "f"):
            ends[e["id"]].append(e)
            need(any(begin <= when(e) <= end
                     for begin, end, _, _ in slices[e["tid"]]),
                 "an arrow that ends nowhere:", e)
    for id_, pair in ends.items():
        need([e["ph"] for e in pair] == ["s", "f"], "an arrow:", pair)
        need(when(pair[0]) <= when(pair[1]), "backwards:", pair)
        need(pair[1]["bp"] == "e", "to the next slice:", pair)
        need(pair[0]["tid"] != pair[1]["tid"], "to itself:", pair)
    return len(ends)


def check_samples(slices, names):
    """The stages of each sample add up to it."""
    nr = 0
    for tid, list_ in slices.items():
        if " samples: " not in names[tid]:
            continue
        parts = None
        for begin, end, name, args in list_:  # a sample, then its stages
            if name.split(",")[0] in ("slept", "CPU awake", "polled",
                                      "running", "preempted"):
                need(parts is None or parts == 0, "stages do not add up")
                at, last, nr = begin, end, nr + 1
                parts = args.get("cycles", args.get("instructions"))
                continue
            need(begin == at and end <= last, "not behind the one before:",
                 name, begin, at)
            at = end
            parts -= args.get("cycles", args.get("instructions"))
            need(parts >= 0, "stages beyond their sample")
        need(parts is None or parts == 0, "stages do not add up")
    return nr


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        trace = json.load(f, parse_float=decimal.Decimal)
    events = trace["traceEvents"]
    need(trace["displayTimeUnit"] == "ns", trace["displayTimeUnit"])
    for e in events:
        need(e["ph"] in "BEXisfM", "phase:", e)
        need(isinstance(e["pid"], int) and isinstance(e["tid"], int), e)
        need(e["ph"] == "E" or isinstance(e["name"], str), e)
    names = check_names(events)
    slices = slices_of(events)
    arrows = check_arrows(events, slices)
    samples = check_samples(slices, names)
    about = trace["otherData"]
    need(about["samples"]["shown"] == samples, about, samples)
    need(about["samples"]["recorded"] >= samples, about)
    need(about["blocks"]["shown"] == sum(
        1 for tid in slices if names[tid] == "blocks with events"
        for _ in slices[tid]), about)
    print(f"{samples} samples, {arrows} arrows,",
          f"{sum(map(len, slices.values()))} slices")


if __name__ == "__main__":
    try:
        main()
    except (KeyError, ValueError) as e:
        sys.exit(f"{sys.argv[1]}: {type(e).__name__}: {e}")
