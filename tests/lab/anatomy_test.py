# SPDX-License-Identifier: BSD-2-Clause
"""What tests/lab/anatomy makes of traces that are made up."""

import io
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "anatomy"))

import calls  # noqa: E402
import render  # noqa: E402
import samples  # noqa: E402
import symbols  # noqa: E402
import trace  # noqa: E402
from profile import Profile  # noqa: E402
from samples import Sample  # noqa: E402
from symbols import Place, Symbols, Table  # noqa: E402

K = 0xFFFFFFFF81000000
GUEST, VMM, RUN, HANDLE, HELP, EXIT, SWITCH, IRQ = (
    0x200000,
    0x400000,
    K + 0x1000,
    K + 0x2000,
    K + 0x3000,
    K + 0x4000,
    K + 0x5000,
    K + 0x6000,
)
SYMBOLS = Symbols(
    guest=Table([(GUEST, "loop", "guest")]),
    vmm=Table([(VMM, "vcpu_run", "vmm")]),
    kernel=Table(
        [
            (RUN, "run", "kvm"),
            (HANDLE, "handle", "kvm"),
            (HELP, "help", "kernel"),
            (EXIT, "vmexit", "kvm_intel"),
            (SWITCH, "__switch_to", "kernel"),
            (IRQ, "asm_irq", "kernel"),
        ]
    ),
)


def program(*steps, first=100, cpu=0):
    """(address, mnemonic) each; four bytes long, a tick each."""
    return [
        trace.Insn(cpu, first + i, rip, text, 4) for i, (rip, text) in enumerate(steps)
    ]


def stacks(*steps):
    found = calls.Calls(SYMBOLS).stacks(program(*steps))
    return [";".join(stack) for _, stack in found]


class Stacks(unittest.TestCase):
    def test_a_call_is_below_its_caller_until_it_returns(self):
        self.assertEqual(
            stacks((RUN, "call x"), (HANDLE, "ret"), (RUN + 4, "nop")),
            ["run [kvm]", "run [kvm];handle [kvm]", "run [kvm]"],
        )

    def test_a_jump_to_a_function_takes_the_place_of_who_jumped(self):
        self.assertEqual(
            stacks((RUN, "call x"), (HANDLE, "jmp x"), (HELP, "ret"), (RUN + 4, "nop"))[
                2:
            ],
            ["run [kvm];help", "run [kvm]"],
        )

    def test_a_guest_is_below_what_entered_it_until_its_exit(self):
        self.assertEqual(
            stacks((RUN, "vmresume"), (GUEST, "cpuid"), (EXIT, "nop")),
            ["run [kvm]", "run [kvm];loop [guest]", "vmexit [kvm_intel]"],
        )

    def test_a_guest_that_is_hidden_is_one(self):
        self.assertEqual(
            stacks((RUN, "vmrun"), (0, "(not shown)"), (RUN + 4, "nop"))[1:],
            ["run [kvm];not shown by Bochs [guest]", "run [kvm]"],
        )

    def test_an_interrupt_is_below_what_it_interrupted(self):
        self.assertEqual(
            stacks((RUN, "mov"), (IRQ, "nop"), (IRQ + 4, "iretq"), (RUN + 4, "nop"))[1:],
            ["run [kvm];asm_irq", "run [kvm];asm_irq", "run [kvm]"],
        )

    def test_a_branch_is_no_interrupt(self):
        self.assertEqual(
            stacks((RUN, "jz x"), (RUN + 64, "nop")), ["run [kvm]", "run [kvm]"]
        )

    def test_a_task_that_comes_back_has_the_stack_it_had(self):
        away = [(RUN, "call x"), (HANDLE, "call x"), (SWITCH, "ret")]
        there = [(HELP + 64, "call x"), (SWITCH, "ret"), (HANDLE + 4, "nop")]
        self.assertEqual(
            stacks(*away, *there)[3:],
            ["help", "help;__switch_to", "run [kvm];handle [kvm]"],
        )

    def test_a_return_to_whom_nobody_saw_calling_starts_anew(self):
        self.assertEqual(
            stacks((HANDLE, "ret"), (RUN + 32, "call x"), (HELP, "nop")),
            ["handle [kvm]", "run [kvm]", "run [kvm];help"],
        )

    def test_a_thunk_that_returns_into_a_function_has_called_it(self):
        self.assertEqual(
            stacks((RUN, "call x"), (HELP, "ret"), (HANDLE, "ret"), (RUN + 4, "nop"))[
                2:
            ],
            ["run [kvm];handle [kvm]", "run [kvm]"],
        )


def profile(value, end, steps, step=1):
    return Profile(Sample("m", end, value), step, SYMBOLS, program(*steps))


class Samples(unittest.TestCase):
    LOOP = [(RUN, "call x"), (HANDLE, "nop"), (HANDLE + 4, "ret"), (RUN + 4, "nop")] * 4

    def test_the_parts_are_what_the_clock_counted(self):
        parts = profile(8, 112, self.LOOP).parts[0]
        self.assertEqual(sum(part.ticks for part in parts), 8)
        self.assertEqual(parts[0].offset, 0)

    def test_a_trace_with_a_hole_is_refused(self):
        insns = program(*self.LOOP)
        del insns[6]
        with self.assertRaisesRegex(ValueError, "traced for 7 ticks .* not complete"):
            Profile(Sample("m", 112, 8), 1, SYMBOLS, insns)

    def test_an_instruction_too_many_is_refused(self):
        insns = program(*self.LOOP)
        insns.insert(6, insns[6])
        with self.assertRaisesRegex(ValueError, "traced for 9 ticks"):
            Profile(Sample("m", 112, 8), 1, SYMBOLS, insns)

    def test_a_trace_that_does_not_cover_the_sample_is_refused(self):
        for end in (107, 117):
            with self.assertRaisesRegex(ValueError, "does not cover"):
                profile(8, end, self.LOOP)

    def test_no_trace_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no instruction"):
            profile(8, 112, [])

    def test_sleep_is_a_part_of_its_own(self):
        insns = program((RUN, "nop"), (RUN + 4, "nop"), (RUN + 8, "hlt"))
        insns += program((IRQ, "nop"), (IRQ + 4, "nop"), first=150)
        found = Profile(Sample("m", 151, 50), 1, SYMBOLS, insns)
        self.assertEqual(
            [(p.stack[-1], p.ticks) for p in found.parts[0]],
            [("run [kvm]", 1), ("run [kvm]", 1), ("(halted)", 47), ("asm_irq", 1)],
        )
        self.assertIn("halted for 47 ticks", found.heading(0))

    def test_an_entry_that_exits_at_once_has_a_tick_and_no_instruction(self):
        insns = program((RUN, "nop"), (RUN + 4, "nop"), (RUN + 8, "vmresume"))
        insns += program((EXIT, "nop"), (EXIT + 4, "nop"), first=104)
        parts = Profile(Sample("m", 105, 4), 1, SYMBOLS, insns).parts[0]
        self.assertIn(("(exits at once)", 1), [(p.stack[-1], p.ticks) for p in parts])

    def test_a_clock_in_steps_may_be_behind_at_either_end(self):
        insns = program(*self.LOOP)
        del insns[6:10]
        Profile(Sample("m", 112, 8), 5, SYMBOLS, insns)


class Choosing(unittest.TestCase):
    RUNS = [
        Sample("a", 100 + 10 * i, value)
        for i, value in enumerate((7, 5, 6, 5, 6, 9, -3, 6))
    ]

    def choose(self, which, metric="a"):
        return samples.choose(self.RUNS, metric, which)[1]

    def test_the_median_is_not_one_of_the_first_where_others_are_like_it(self):
        self.assertEqual(self.choose("p50"), 4)

    def test_least_greatest_and_a_number(self):
        self.assertEqual(self.choose("max"), 5)
        self.assertEqual(self.choose("3"), 3)

    def test_an_early_sample_has_no_path(self):
        for which in ("min", "6"):
            with self.assertRaisesRegex(ValueError, "early"):
                self.choose(which)

    def test_the_first_sample_has_no_mark_before_it(self):
        with self.assertRaisesRegex(ValueError, "the run's first"):
            self.choose("0")

    def test_what_is_not_there_is_named(self):
        with self.assertRaisesRegex(ValueError, "below 8"):
            self.choose("8")
        with self.assertRaisesRegex(ValueError, "one of a, got 'b'"):
            self.choose("p50", "b")
        with self.assertRaisesRegex(ValueError, "no samples"):
            samples.choose([], "", "p50")

    def test_what_is_traced_begins_before_the_sample_and_ends_behind_it(self):
        for place in range(1, 20):
            first, traced = samples.stops(place, 20)
            self.assertTrue(1 <= first <= place)
            # The sample's own end is the stop place + 1.
            self.assertTrue(place + 1 <= first + traced <= 20)
        self.assertEqual(samples.stops(10, 20), (7, 8))
        self.assertEqual(samples.stops(3, 20), (1, 7))

    def test_nothing_is_waited_for_behind_the_last_sample(self):
        self.assertEqual(samples.stops(5, 8), (2, 6))
        self.assertEqual(samples.stops(7, 8), (4, 4))


class Reading(unittest.TestCase):
    def test_lines_of_the_debugger(self):
        text = (
            b"Next at t=1\n"
            b"(1).[77] [0x0000029582eb] 0008:ffffffff810012eb (unk. ctxt): "
            b"rep stosb byte ptr es:[rdi], al ; f3aa\n"
            b"(0).[78] ??? (physical address not available)\n"
        )
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            one, two = trace.read(file.name)
        self.assertEqual((one.cpu, one.tick, one.rip), (1, 77, 0xFFFFFFFF810012EB))
        self.assertEqual((one.name, one.length), ("stosb", 2))
        self.assertEqual((two.cpu, two.tick, two.rip), (0, 78, 0))


class Sources(unittest.TestCase):
    def test_a_module_is_read_before_it_is_linked(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "own.c")
            with open(source, "w", encoding="ascii") as file:
                print("int one(void) { return 1; }", file=file)
                print("int two(void)\n{\n\treturn 2;\n}", file=file)
            module = os.path.join(folder, "own.ko")
            compiler = os.environ.get("CC", "cc")
            subprocess.run([compiler, "-g", "-O2", "-c", "-o", module, source], check=True)
            place = Place("own", "two", K + 0x40)
            found = symbols.module_lines(module, {K + 0x40: place})
        self.assertRegex(found[K + 0x40], r"own\.c:[2-5]$")


class Rendering(unittest.TestCase):
    PARTS = [
        calls.Part(0, ("run [kvm]",), 3),
        calls.Part(3, ("run [kvm]", "handle [kvm]"), 90),
        calls.Part(93, ("run [kvm]", "help"), 2),
        calls.Part(95, ("run [kvm]", "<irq>"), 1),
    ]

    def text(self, draw, *args):
        out = io.StringIO()
        draw(*args, out)
        return out.getvalue()

    def test_the_table_adds_up(self):
        root = calls.tree(self.PARTS, "CPU 0")
        rows = self.text(render.table, root, 1).splitlines()[1:]
        self.assertEqual(rows[0].split(), ["0", "3", "96", "run", "[kvm]"])
        self.assertEqual(sum(int(row.split()[1]) for row in rows), 96)

    def test_small_functions_share_a_line_and_lose_nothing(self):
        root = calls.tree(self.PARTS, "CPU 0")
        rows = self.text(render.table, root, 10).splitlines()[1:]
        self.assertEqual(rows[-1].split(), ["93", "3", "3", "(2", "smaller)"])
        self.assertEqual(sum(int(row.split()[1]) for row in rows), 96)

    def test_the_picture_is_xml_and_as_wide_as_the_sample(self):
        root = calls.tree(self.PARTS, "CPU 0")
        picture = xml.etree.ElementTree.fromstring(
            self.text(render.flame, [root], "a <title>")
        )
        boxes = picture.findall("{*}g/{*}rect")
        widths = [float(box.get("width")) for box in boxes]
        self.assertAlmostEqual(widths[0], render.PICTURE, places=1)
        self.assertAlmostEqual(widths[2], render.PICTURE * 90 / 96, places=1)

    def test_folded_stacks_tell_the_cpus_apart(self):
        text = self.text(render.folded, {0: self.PARTS[:1], 1: self.PARTS[2:3]})
        self.assertEqual(text, "CPU 0;run [kvm] 3\nCPU 1;run [kvm];help 2\n")

    def test_a_long_title_fits_into_a_terminal(self):
        title = "page_first_touch, sample 3: 11,240 instructions, " + "k" * 40
        out = io.StringIO()
        render.difference([title, title], [[], []], out)
        lines = out.getvalue().splitlines()
        self.assertLessEqual(max(map(len, lines)), 79)
        self.assertIn("k" * 40, lines[1])

    def test_the_difference_is_by_function_the_largest_first(self):
        longer = [*self.PARTS, calls.Part(96, ("handle [kvm]",), 10)]
        longer += [calls.Part(106, ("new",), 20)]
        text = self.text(render.difference, ["a", "b"], [self.PARTS, longer])
        rows = [row.split() for row in text.splitlines()[3:]]
        self.assertEqual(rows[0][:4], ["0", "20", "+20", "new"])
        self.assertEqual(rows[1][:4], ["90", "100", "+10", "handle"])
        self.assertEqual(rows[2][:3], ["96", "126", "+30"])
        self.assertIn("3 functions are the same", text)


if __name__ == "__main__":
    unittest.main()
