# SPDX-License-Identifier: BSD-2-Clause
"""mutants_output - those of what a report says of its figures, and of when it says
nothing; tests/mutants says what they are."""

# Name, file, text, text instead, killer.
MUTANTS = [
    # What figures are refused, and how sure they are.
    ("blocks of the run contradict no tail", "vmm/statistics/tail.c",
     "return l.high < t->low || l.low > t->high;", "return false;", "unit tail_*"),
    ("what lasts longer than a block counts once", "vmm/statistics/dependence.c",
     "for (; b.nr >= LEAST_BLOCKS; join_pairs(&b)) {",
     "for (; b.nr >= LEAST_BLOCKS; b.nr = 0 * (join_pairs(&b), 1)) {",
     "unit dependence_*"),
    ("few blocks say as much as many", "vmm/statistics/dependence.c",
     "return t * t / (Z * Z);", "return t * t / (t * t);", "unit dependence_*"),
    ("no round lacks what it may not have seen", "vmm/statistics/analysis.c",
     "find(a, d, a->count / SERIES_BLOCKS / nr);", "find(a, d, 0);",
     "unit interval_*"),
]
