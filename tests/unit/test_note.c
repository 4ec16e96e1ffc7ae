/* SPDX-License-Identifier: BSD-2-Clause */
/* test_note.c - the payload's note is checked field by field. */
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/abi/series.h"
#include "tests/unit/unit.h"
#include "vmm/payload/note.h"

static struct payload_note good(void)
{
	return (struct payload_note){
		.abi_version = ABI_VERSION,
		.name = "made-by_test2",
		.summary = "made by a test",
		.limit_ms = 1000,
		.params = {{.name = "count",
			    .kind = PARAM_U64,
			    .min = 1,
			    .max = 10,
			    .def = 5},
			   {.name = "wait_us",
			    .kind = PARAM_RANGE,
			    .min = 1,
			    .max = 10,
			    .def = 2,
			    .def_hi = 10},
			   {.name = "mode",
			    .kind = PARAM_ENUM,
			    .choices = "one|two",
			    .def = 1}},
	};
}

static void assert_good(struct payload_note note)
{
	char error[256];
	const char *wrong = note_check(&note, error, sizeof(error));

	if (wrong)
		fail_msg("refused: %s", wrong);
}

static void assert_bad(struct payload_note note, const char *text)
{
	char error[256];
	const char *wrong = note_check(&note, error, sizeof(error));

	if (!wrong)
		fail_msg("taken, wanted a refusal with '%s'", text);
	assert_has(wrong, text);
}

TEST(note_that_is_good_is_taken)
{
	assert_good(good());
}

TEST(note_fills_in_the_number_of_vcpus)
{
	struct payload_note note = good();
	char error[256];

	assert_null(note_check(&note, error, sizeof(error)));
	assert_int_equal(note.min_vcpus, 1);
	assert_int_equal(note.max_vcpus, 1);
	note = good();
	note.min_vcpus = 3;
	assert_null(note_check(&note, error, sizeof(error)));
	assert_int_equal(note.max_vcpus, 3);
	assert_int_equal(note.def_vcpus, 3);
	note = good();
	note.max_vcpus = 3;
	note.def_vcpus = 2;
	assert_null(note_check(&note, error, sizeof(error)));
	assert_int_equal(note.def_vcpus, 2);
}

TEST(note_of_another_abi_is_refused_with_both_versions)
{
	struct payload_note note = good();

	note.abi_version = 77;
	assert_bad(note, "ABI version 77, this program speaks 5");
	note.abi_version = 0;
	assert_bad(note, "ABI version 0");
}

TEST(note_with_a_broken_name_is_refused)
{
	static const char *const names[] = {"", "a b", "Name", "a/b", "a\033"};
	struct payload_note note = good();

	for (unsigned int i = 0; i < 5; i++) {
		memset(note.name, 0, sizeof(note.name));
		memcpy(note.name, names[i], strlen(names[i]));
		assert_bad(note, "broken name");
	}
	memset(note.name, 'x', sizeof(note.name));
	assert_bad(note, "broken name");
}

TEST(note_with_text_for_a_terminal_is_refused)
{
	struct payload_note note = good();

	strcpy(note.summary, "\033[2Jgone");
	assert_bad(note, "broken summary");
	note.summary[0] = '\0';
	assert_bad(note, "broken summary");
	memset(note.summary, 'x', sizeof(note.summary));
	assert_bad(note, "broken summary");
	note = good();
	strcpy(note.params[0].help, "a\nb");
	assert_bad(note, "broken parameter");
}

TEST(note_with_impossible_vcpus_is_refused)
{
	struct payload_note note = good();

	note.min_vcpus = 2;
	note.max_vcpus = 1;
	assert_bad(note, "number of vCPUs");
	note.max_vcpus = MAX_VCPUS + 1;
	assert_bad(note, "number of vCPUs");
	note.min_vcpus = UINT32_MAX;
	note.max_vcpus = 0;
	assert_bad(note, "number of vCPUs");
	note.min_vcpus = note.max_vcpus = MAX_VCPUS;
	assert_good(note);
	note.def_vcpus = MAX_VCPUS - 1;
	assert_bad(note, "number of vCPUs");
	note.min_vcpus = 1;
	assert_good(note);
	note.max_vcpus = 2;
	assert_bad(note, "number of vCPUs");
}

TEST(note_needs_a_sane_time_limit)
{
	struct payload_note note = good();

	note.limit_ms = 0;
	assert_bad(note, "time limit");
	note.limit_ms = UINT64_MAX;
	assert_bad(note, "time limit");
	note.limit_ms = 366ull * 86400000;
	assert_good(note);
	note.limit_ms++;
	assert_bad(note, "time limit");
}

TEST(note_fills_in_what_a_sample_takes)
{
	struct payload_note note = good();
	char error[256];

	assert_null(note_check(&note, error, sizeof(error)));
	assert_int_equal(note.sample_us, 1000);
	assert_int_equal(note.work_percent, 100);
	note.sample_us = 16000;
	note.work_percent = 340;
	assert_null(note_check(&note, error, sizeof(error)));
	assert_int_equal(note.sample_us, 16000);
	assert_int_equal(note.work_percent, 340);
}

TEST(note_with_samples_that_take_an_impossible_time_is_refused)
{
	struct payload_note note = good();

	note.sample_us = 1000000;
	note.work_percent = 10000;
	note.work_extra = 1000000;
	assert_good(note);
	note.sample_us++;
	assert_bad(note, "impossible time");
	note = good();
	note.work_percent = 99;
	assert_bad(note, "impossible time");
	note.work_percent = 10001;
	assert_bad(note, "impossible time");
	note = good();
	note.work_extra = 1000001;
	assert_bad(note, "impossible time");
}

TEST(note_with_too_much_memory_is_refused)
{
	struct payload_note note = good();

	note.hists = RESULT_MAX_METRICS * 2;
	note.hists_per_vcpu = RESULT_MAX_METRICS * 2;
	note.lazy_len = LAYOUT_LAZY_MAX;
	assert_good(note);
	note.hists++;
	assert_bad(note, "histograms");
	note = good();
	note.hists_per_vcpu = UINT64_MAX;
	assert_bad(note, "histograms");
	note = good();
	note.lazy_len = LAYOUT_LAZY_MAX + 4096ull;
	assert_bad(note, "lazy memory");
	note.lazy_len = 4095;
	assert_bad(note, "lazy memory");
}

TEST(note_with_a_broken_parameter_is_refused)
{
	struct payload_note note = good();

	note.params[0].def = 0;
	assert_bad(note, "broken parameter");
	note.params[0].def = 11;
	assert_bad(note, "broken parameter");
	note = good();
	note.params[0].min = 11;
	assert_bad(note, "broken parameter");
	note = good();
	note.params[0].kind = NR_PARAM_KINDS;
	assert_bad(note, "broken parameter");
	note = good();
	note.params[0].role = NR_PARAM_ROLES;
	assert_bad(note, "broken parameter");
	note = good();
	strcpy(note.params[0].name, "a=b");
	assert_bad(note, "broken parameter");
}

TEST(note_with_a_broken_range_is_refused)
{
	struct payload_note note = good();

	note.params[1].def_hi = 1;
	assert_bad(note, "broken parameter");
	note.params[1].def_hi = 11;
	assert_bad(note, "broken parameter");
	note.params[1].def_hi = 2;
	assert_good(note);
}

TEST(note_with_a_choice_of_nothing_is_refused)
{
	struct payload_note note = good();

	note.params[2].choices[0] = '\0';
	assert_bad(note, "broken parameter");
	memset(note.params[2].choices, 'x', sizeof(note.params[2].choices));
	assert_bad(note, "broken parameter");
}

TEST(note_with_a_default_that_is_no_choice_is_refused)
{
	struct payload_note note = good();

	note.params[2].def = 2;
	assert_bad(note, "broken parameter");
}

TEST(note_with_a_parameter_behind_the_end_is_refused)
{
	struct payload_note note = good();

	note.params[4] = note.params[0];
	assert_bad(note, "broken parameter");
}

TEST(note_with_one_name_twice_is_refused)
{
	struct payload_note note = good();

	strcpy(note.params[2].name, "count");
	assert_bad(note, "two parameters of one name");
}

TEST(note_may_use_every_parameter)
{
	struct payload_note note = good();

	for (unsigned int i = 0; i < PAYLOAD_MAX_PARAMS; i++) {
		note.params[i] = note.params[0];
		note.params[i].name[0] = (char)('a' + i);
	}
	assert_good(note);
}

TEST(note_heap_is_for_all_vcpus)
{
	const uint64_t each = sizeof(struct hist) + sizeof(struct series);
	struct payload_note note = good();

	assert_int_equal(note_heap_len(&note, 8), 0);
	note.hists = 3;
	note.hists_per_vcpu = 2;
	assert_int_equal(note_heap_len(&note, 8), 19 * each);
	note.hists = note.hists_per_vcpu = RESULT_MAX_METRICS * 2;
	assert_int_equal(note_heap_len(&note, MAX_VCPUS), 512ull * 65 * each);
}
