#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""raw.py RAW RESULT: is RAW, a file of --raw, as docs/raw.md has it, and does
it have the samples of RESULT, the same run's --json?  Says what is wrong;
status 1 if anything is."""
import csv
import json
import struct
import sys

HEADER = struct.Struct("<8sIIQQII")
METRIC = struct.Struct("<32sIIQQ")
RECORD = struct.Struct("<QqII")


def read_binary(path):
    """The kHz of the clock, and for each metric its samples (tsc, cycles)."""
    with open(path, "rb") as f:
        data = f.read()
    magic, version, header_len, khz, records, metrics, record_len = \
        HEADER.unpack_from(data)
    assert magic == b"LATRAW\r\n" and version == 1, (magic, version)
    assert record_len == RECORD.size, record_len
    assert header_len == HEADER.size + metrics * METRIC.size, header_len
    assert len(data) == header_len + records * record_len, len(data)
    table = [METRIC.unpack_from(data, HEADER.size + i * METRIC.size)
             for i in range(metrics)]
    keys = [(m[0].rstrip(b"\0").decode("ascii"), m[1]) for m in table]
    samples = {key: [] for key in keys}
    for tsc, cycles, metric, vcpu in RECORD.iter_unpack(data[header_len:]):
        assert vcpu == keys[metric][1], (metric, vcpu)
        samples[keys[metric]].append((tsc, cycles))
    for key, m in zip(keys, table):
        assert len(samples[key]) == m[3], (key, m)
    return khz, samples, sum(m[4] for m in table)


def read_csv(path, khz, unit):
    """The same of a CSV file, which does not say what was lost."""
    samples = {}
    columns = ["cycles", "ns"] if unit == "ns" else [unit]
    with open(path, encoding="ascii", newline="") as f:
        rows = csv.reader(f)
        assert next(rows) == ["metric", "vcpu", "tsc", *columns]
        for name, vcpu, tsc, cycles, *ns in rows:
            assert len(ns) == len(columns) - 1, ns
            if ns:
                wanted = int(cycles) * 1e6 / khz
                assert abs(float(ns[0]) - wanted) < 0.001, (cycles, ns)
            samples.setdefault((name, int(vcpu)), []).append(
                (int(tsc), int(cycles)))
    return samples


def problems(path, result):
    """What does not fit."""
    khz, lost = result["machine"]["tsc_khz"], result["raw"]["lost"]
    column = "cycles" if result["unit"] == "ns" else result["unit"]
    if path.endswith(".csv"):
        samples = read_csv(path, khz, result["unit"])
    else:
        clock, samples, missing = read_binary(path)
        if (clock, missing) != (khz, lost):
            yield f"{clock} kHz, {missing} lost; wanted {khz}, {lost}"
    if sum(map(len, samples.values())) != result["raw"]["records"]:
        yield "the result tells another number of records"
    for m in result["metrics"]:
        got = samples.get((m["name"], m["vcpu"]), [])
        times = [tsc for tsc, _ in got]
        if any(a >= b for a, b in zip(times, times[1:])):
            yield f"{m['name']}: time stands still or goes back"
        # A vCPU that was stopped may have been between the two.
        if m["status"] != "done" or lost:
            continue
        values = [cycles for _, cycles in got]
        if len(values) != m["samples"] + m["out_of_range"]:
            yield f"{m['name']}: {len(values)} of {m['samples']} samples"
        elif values and (min(values), max(values)) != (m["min"][column],
                                            m["max"][column]):
            yield f"{m['name']}: other extremes than the histogram's"


def main():
    """Checks one file."""
    with open(sys.argv[2], encoding="utf-8") as f:
        result = json.load(f)
    found = list(problems(sys.argv[1], result))
    for problem in found:
        print(f"{sys.argv[1]}: {problem}", file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
