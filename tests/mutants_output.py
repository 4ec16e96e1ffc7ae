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
    # What stands beside the figures.
    ("a fifth of the samples is as good as all", "vmm/report/table_tall.c",
     "q->worth >= (double)a->count / 2", "q->worth >= (double)a->count / 20",
     "unit report_says*"),
    ("a summary without warnings", "vmm/report/summary.c",
     "\treport_warned(r->nr_warnings, out);\n\treport_lost(", "\treport_lost(",
     "unit report_summary*"),
    ("a summary without warnings where no figure is", "vmm/report/summary.c",
     "\treport_warned(r->nr_warnings, out);\n\tfputc(", "\tfputc(",
     "unit report_summary*"),
    ("a summary without what was missed", "vmm/report/summary.c",
     "\treport_lost(m->missed, m->analysis.out_of_range, out);\n", "",
     "unit report_summary*"),
    ("a summary does not say why", "vmm/report/summary.c",
     "if (r->reason[0]) {", "if (r->reason[0] == '\\n') {", "unit report_summary*"),
    ("no row by path", "vmm/report/paths.c",
     "\t\t\trow(r, &r->metrics[i], out);\n", "\t\t\tcontinue;\n",
     "unit report_has_samples*"),
    ("one path of several is all", "vmm/report/paths.c",
     "nr == 1 && only->analysis.count == m->analysis.count", "nr",
     "unit report_has_samples*"),
    # Clock reads of which each ends one span and begins the next.
    ("a CPUID in noise's loop", "payloads/noise.c",
     "\t\tnow = rdtsc();\n\t\tif (__builtin_expect", "\t\tcpuid(0, 0);\n"
     "\t\tnow = rdtsc();\n\t\tif (__builtin_expect", "check-clock-reads"),
    ("a CPUID in the turns that noise tries", "payloads/noise.c",
     "uint64_t last = rdtsc(), now = rdtsc();",
     "uint64_t last = rdtsc(), now = (cpuid(0, 0), rdtsc());", "check-clock-reads"),
    ("a CPUID between two timers of an interrupt", "payloads/many-timers.c",
     "now = rdtsc() - timers.epoch;", "cpuid(0, 0);\n\t\tnow = rdtsc() - timers.epoch;",
     "check-clock-reads"),
    ("a CPUID in the work with the lock", "payloads/prio-inversion.c",
     "uint64_t now = rdtsc(), turn", "uint64_t now = (cpuid(0, 0), rdtsc()), turn",
     "check-clock-reads"),
]
