# SPDX-License-Identifier: BSD-2-Clause
"""mutants_deadlines - what is late, missed, or could not be sent; tests/mutants says
what they are."""

# Name, file, text, text instead, killer.
MUTANTS = [
    ("the first samples are counted at once", "guest-firmware/abi/series.h",
     "\tseries_note(s, value);\n\tif (s->nr == SERIES_FIRST)\n\t\tseries_settle(s);\n",
     "\tseries_note(s, value);\n", "unit series_*"),
    ("the guest counts the first samples", "guest-firmware/abi/series.h",
     "\ts->row = s->block * SERIES_BINS;\n}\n\n/*\n * The rare",
     "\ts->row = s->block * SERIES_BINS;\n"
     "\tfor (uint64_t i = 0; i < SERIES_FIRST; i++)\n"
     "\t\ts->bin[i / s->block_len][series_bin_of(s, s->first[i])]++;\n"
     "}\n\n/*\n * The rare", "unit series_note_of_no*"),
    ("the host forgets the first samples", "vmm/result/take_samples.c",
     "\t\tseries_settle(s);\n", "\t\t(void)0;\n", "unit take_*"),
    ("a run of seconds halves its blocks", "payloads/timer-jitter.c",
     "\t\tif (jitter.duration_tsc)\n", "\t\tif (0)\n",
     "functional timer_of_one_second*"),
    ("timers of seconds halve their blocks", "payloads/many-timers.c",
     "\tmetric_expect(&timers.lateness, nr);\n", "", "functional many_timers_of_one*"),
    ("what was refused is forgotten", "devices/pulse.c",
     "\t\tp->refused_tsc = woken_tsc;\n", "", "unit pulses_that_are_due*"),
    ("only refused pulses make it blind", "devices/pulse.c",
     "\tadd_blind(p, woken_tsc);\n\tif (!is_ready(vm, p)) {\n",
     "\tif (!is_ready(vm, p)) {\n\t\tadd_blind(p, woken_tsc);\n",
     "unit pulses_that_are_due*"),
    ("host-wake is never blind", "payloads/host-wake.c",
     "\tw->wake.metric->blind = pulse.blind_tsc - w->blind_tsc;\n", "",
     "functional host_wake_that_is*"),
    ("an IPI's sender is never blind", "guest-firmware/ipi_pair.h",
     "pair->blind_tsc += pause_for(gap_tsc);", "pause_for(gap_tsc);",
     "functional sender_of_ipi*"),
    ("a message's sender is never blind", "guest-firmware/msg_run.h",
     "r->phase[id].blind_tsc += pause_for(gap_next(&r->gap));",
     "(void)id;\n\tpause_for(gap_next(&r->gap));", "functional sender_of_r*"),
    ("rounds are blind for as long as one", "vmm/result/rounds.c",
     "\tto->blind += from->blind;\n", "", "unit rounds_add*"),
    ("blind for 5 % is nothing", "vmm/result/deadlines.c",
     "#define BLIND_SHARE 0.01", "#define BLIND_SHARE 0.05", "unit blind_senders*"),
    ("--fail-if thinks of one round", "vmm/commands/run.c",
     "thresholds_check(&setup, own->rounds ? own->rounds : 1);",
     "thresholds_check(&setup, 1);", "cli percentile.of.rounds"),
    ("a bench checks no percentile", "vmm/commands/bench.c",
     "\t\t\tthresholds_check_row(setup, suite[i].name,\n"
     "\t\t\t\t\t     nr_rounds(s->options));\n", "\t\t\tcontinue;\n",
     "cli that.a.run.of.a.bench"),
    ("a CPUID beside what has none", "vmm/report/score_table.c",
     "\t{\"deadline that is past, to its end, cycles\", SCORE_CYCLES,\n",
     "\t{\"deadline that is past, to its end, cycles\", SCORE_CYCLES,\n"
     "\t .run = \"exit-cost\", .metric = \"tscdeadline_immed\",\n",
     "unit score_has_no_operation*"),
    ("a stuck sweep was interrupted", "vmm/report/sweep_text.c",
     "\tif (s->stuck)\n", "\tif (s->interrupted)\n", "unit sweep_that_is_not*"),
    ("warnings get lost", "vmm/result/result.c",
     "++r->nr_warnings_lost + 1", "1u", "unit warnings_that_have*"),
    ("a warning as wide as it is long", "vmm/report/text.c",
     "\t\ttext_wrap(out, 9, \"warning:\", r->warnings[i], false);\n",
     "\t\tfprintf(out, \"warning: %s\\n\", r->warnings[i]);\n",
     "unit report_has_no_line*"),
]
