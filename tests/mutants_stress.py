# SPDX-License-Identifier: BSD-2-Clause
"""mutants_stress - those of a window's proof and of --stress; tests/mutants says
what they are."""

# Name, file, text, text instead, killer.
MUTANTS = [
    ("what is not known is 0", "vmm/result/proof_take.c",
     ".known = a.known && b.known}", ".known = true}", "unit proof_that_is*"),
    ("a device's interrupt is none", "vmm/result/proof_take.c",
     "to->devices += all[i].count;", "", "unit proof_that_is*"),
    ("other tasks are no warning", "vmm/result/proof_take.c",
     "c[CPU_OTHERS].n && !is_shared", "false", "unit proof_that_is*"),
    ("another thread's count goes on", "vmm/result/proof_take.c",
     "a->tid != b->tid", "false", "unit proof_tells*"),
    ("SMIs are no warning", "vmm/result/proof_take.c", "if (p->smis)", "if (false)",
     "unit proof_that_is*"),
    ("what changed is not told", "vmm/result/proof_take.c",
     "strcmp(a, b) != 0 && *a", "false && *a", "unit proof_tells*"),
    ("a clock never moves", "vmm/result/proof_take.c",
     "> most / 100 * KHZ_PERCENT", "> most", "unit proof_tells*"),
    ("a clock is to be the same to the kHz", "vmm/result/proof_take.c",
     "#define KHZ_PERCENT 5", "#define KHZ_PERCENT 0",
     "unit proof_of_a_cpu*"),
    ("only the first round's proof", "vmm/result/rounds_counts.c",
     "proof_add(&to->proof, &from->proof);", "", "unit rounds_add_up_what*"),
    ("a line that only begins so", "vmm/host/cpu_state.c",
     "differs |= piece[i] != label[at];", "differs = piece[i] != label[at];",
     "unit cpu_state_finds*"),
    ("a proof that breaks is nothing to --strict", "vmm/result/evaluate.c",
     "\tproof_check(r);\n", "", "cli proof: *"),
    ("a proof of the begin alone", "vmm/machine/vcpu_loop.c",
     "noise_read(n, &n->end);", "n->end = n->begin;", "cli proof: *"),
    ("a proof from another window", "vmm/machine/window.c",
     "!n->in_window ||", "", "cli proof: *"),
    ("what is not known is not named", "vmm/result/write_proof.c",
     "json_array_append_new(unknown, json_string(key));", "",
     "cli proof: *"),
]
