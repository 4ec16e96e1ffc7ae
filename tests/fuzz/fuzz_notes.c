/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_notes.c - any bytes as the notes of a payload that is good otherwise:
 * refused with a sentence, or each of its texts can be shown.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/elf_image.h"
#include "vmm/payload/note.h"
#include "vmm/payload/params.h"

static struct elf_image good;

static void check_note(const struct payload_note *note)
{
	struct param_setting settings[PAYLOAD_MAX_PARAMS];

	must_be_printable(note->name);
	must_be_printable(note->summary);
	must(note->min_vcpus >= 1 && note->min_vcpus <= note->def_vcpus &&
	     note->def_vcpus <= note->max_vcpus &&
	     note->max_vcpus <= MAX_VCPUS);
	params_defaults(note, settings);
	for (unsigned int i = 0; i < params_count(note); i++) {
		const struct param_desc *d = &note->params[i];
		char word[sizeof(d->choices)];

		must_be_printable(d->name);
		must_be_printable(d->help);
		if (d->kind == PARAM_ENUM)
			must_be_printable(param_choice(d, settings[i].lo, word,
						       sizeof(word)));
		else
			must(settings[i].lo >= d->min &&
			     settings[i].hi <= d->max);
	}
	must(params_limit_ms(note, settings) > 0);
	must(note_windows(note, MAX_VCPUS) <= RESULT_MAX_WINDOWS);
}

/* Behind the image, which says where: the last bytes of the file. */
static unsigned char *file_new(const uint8_t *data, size_t len)
{
	unsigned char *file = malloc(sizeof(good) + len);

	if (!file)
		return NULL;
	if (!good.eh.e_phnum)
		elf_image_good(&good);
	good.ph[PH_NOTE].p_offset = sizeof(good);
	good.ph[PH_NOTE].p_filesz = good.ph[PH_NOTE].p_memsz = len;
	memcpy(file, &good, sizeof(good));
	if (len)
		memcpy(file + sizeof(good), data, len);
	return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char *file = file_new(data, len);
	char error[512] = "";
	struct image image;

	if (!file)
		return 0;
	if (image_parse(&image, file, sizeof(good) + len, error,
			sizeof(error))) {
		must(error[0] != '\0');
		must_be_printable(error);
		return 0;
	}
	check_note(&image.note);
	must(image.nr_metrics <= IMAGE_MAX_NAMES);
	for (unsigned int i = 0; i < image.nr_metrics; i++) {
		must(image.metrics[i].name[0] != '\0');
		must_be_printable(image.metrics[i].name);
		must(image_metric(&image, image.metrics[i].name) != NULL);
	}
	image_close(&image);
	return 0;
}
