/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_params.c - a note from the first bytes and key=value from the others.
 * Shorter inputs are a value for a note that has every kind of parameter.
 */

#include "guest-firmware/abi/boot.h"
#include "tests/fuzz/fuzz.h"
#include "vmm/payload/note.h"
#include "vmm/payload/params.h"

static const struct payload_note every_kind = {
	.abi_version = ABI_VERSION,
	.name = "made",
	.summary = "made by a fuzzer",
	.limit_ms = 1000,
	.max_vcpus = 1,
	.sample_us = 1000,
	.work_percent = 100,
	.params = {{.name = "n", .kind = PARAM_U64, .max = 99, .def = 5},
		   {.name = "big_ns",
		    .kind = PARAM_U64,
		    .role = PARAM_ROLE_COUNT,
		    .max = UINT64_MAX},
		   {.name = "r_us",
		    .kind = PARAM_RANGE,
		    .role = PARAM_ROLE_PERIOD,
		    .min = 7,
		    .max = UINT64_MAX,
		    .def = 8,
		    .def_hi = 9},
		   {.name = "e", .kind = PARAM_ENUM, .choices = "a|bc|def"}},
};

static void check_setting(const struct param_desc *d,
			  const struct param_setting *s)
{
	char word[sizeof(d->choices)];

	must(s->lo <= s->hi);
	must(d->kind == PARAM_RANGE || s->lo == s->hi);
	if (d->kind == PARAM_ENUM)
		must(strlen(param_choice(d, s->lo, word, sizeof(word))) <
		     sizeof(word));
	else
		must(s->lo >= d->min && s->hi <= d->max);
	must(strlen(param_unit(d)) <= 2);
}

static void use(const struct payload_note *note, const char *assignment)
{
	struct param_setting settings[PAYLOAD_MAX_PARAMS];
	char error[64];
	const char *wrong;
	uint64_t ms;

	params_defaults(note, settings);
	wrong = params_set(note, settings, assignment, error, sizeof(error));
	must(!wrong || memchr(error, '\0', sizeof(error)) != NULL);
	for (unsigned int i = 0; i < params_count(note); i++)
		check_setting(&note->params[i], &settings[i]);
	ms = params_limit_ms(note, settings);
	must(ms >= note->limit_ms && ms <= UINT64_MAX / 2000000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct payload_note note = every_kind;
	char error[256], *assignment;

	if (len >= sizeof(note)) {
		memcpy(&note, data, sizeof(note));
		data += sizeof(note);
		len -= sizeof(note);
	}
	/* As the program does: no note is used that was not checked. */
	if (note_check(&note, error, sizeof(error)))
		return 0;
	assignment = malloc(len + 1);
	if (!assignment)
		return 0;
	if (len)
		memcpy(assignment, data, len);
	assignment[len] = '\0';
	use(&note, assignment);
	free(assignment);
	return 0;
}
