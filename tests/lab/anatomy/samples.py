# SPDX-License-Identifier: BSD-2-Clause
"""The samples of a run, from the CSV of --raw."""

import csv
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """end and value in ticks, which are instructions here."""

    metric: str
    end: int
    value: int

    @property
    def begin(self) -> int:
        return self.end - self.value


def read(path: str) -> list[Sample]:
    """In the order in which they ended."""
    with open(path, newline="", encoding="ascii") as file:
        rows = list(csv.reader(file))[1:]
    samples = [Sample(row[0], int(row[2]), int(row[3])) for row in rows]
    return sorted(samples, key=lambda sample: sample.end)


def choose(samples: list[Sample], metric: str, which: str) -> tuple[int, int]:
    """
    The sample that is meant: its place among all and among its metric's.  Without
    a metric the first one's; "p50" is the first that is as long as the median.
    """
    if not samples:
        raise ValueError("the run has no samples")
    metric = metric or samples[0].metric
    own = [i for i, sample in enumerate(samples) if sample.metric == metric]
    if not own:
        known = sorted({sample.metric for sample in samples})
        raise ValueError(
            f"LAB_METRIC wants one of {', '.join(known)}, got '{metric}'"
        )
    values = [samples[i].value for i in own]
    if which.isdigit():
        nr = int(which)
        if nr >= len(own):
            raise ValueError(
                f"LAB_SAMPLE wants a number below {len(own)}, the samples of"
                f" {metric}, got {nr}"
            )
    else:
        wanted = {
            "min": min(values),
            "max": max(values),
            "p50": sorted(values)[(len(values) - 1) // 2],
        }[which]
        # Rather not one of the first three: what was called before it is not
        # known then, and that is where the stack comes from.
        like = [n for n, value in enumerate(values) if value == wanted]
        nr = next((n for n in like if n >= 3), like[-1])
    if values[nr] <= 0:
        raise ValueError(f"sample {nr} of {metric} was early: it has no length")
    if own[nr] == 0:
        raise ValueError(
            f"sample {nr} of {metric} is the run's first, whose beginning nothing"
            " marks: choose a later one (LAB_SAMPLE)"
        )
    return own[nr], nr


# Samples around the chosen one that are traced too: the order of two metrics that
# end together is not known, and the stack is that of what came before.
BEFORE = 4
AFTER = 4


def stops(place: int, total: int) -> tuple[int, int]:
    """
    For the sample at that place, not the first, of so many: at how many ends of samples the
    debugger goes on before it traces, which is once at least, and at how many
    while it does.
    """
    first = max(place - BEFORE + 1, 1)
    last = min(place + 1 + AFTER, total)
    return first, last - first
