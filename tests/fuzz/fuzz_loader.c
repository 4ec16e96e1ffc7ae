/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_loader.c - any bytes as a payload's file: refused with a sentence, or
 * taken with what loader.h promises.  tests/fuzz/run builds and runs it.
 */

#include "guest-firmware/abi/layout.h"
#include "tests/fuzz/fuzz.h"
#include "vmm/payload/image.h"
#include "vmm/payload/params.h"

static void check_segment(const struct image *image, const struct segment *s)
{
	const unsigned char *data = s->data;

	must(s->gpa >= LAYOUT_IMAGE && s->gpa % 4096 == 0);
	must(s->mem_len <= LAYOUT_IMAGE_MAX - s->gpa);
	must(s->gpa + s->mem_len <= image->end);
	must(s->file_len <= s->mem_len);
	must(data >= image->file &&
	     data + s->file_len <= image->file + image->file_len);
	must(!(s->flags & SEGMENT_WRITE) || !(s->flags & SEGMENT_EXEC));
}

static void check_symbols(const struct image *image)
{
	uint64_t offset;

	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segments[i];
		const char *name = image_symbol(image, s->gpa, &offset);

		/* strlen() reads all of it. */
		must(!name || strlen(name) > 0);
		name = image_symbol(image, s->gpa + s->mem_len / 2, &offset);
		must(!name || strlen(name) > 0);
	}
	image_symbol(image, image->entry, &offset);
	must(!image_symbol(image, image->end, &offset));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct param_setting settings[PAYLOAD_MAX_PARAMS];
	unsigned char *file = malloc(len);
	struct image image;
	char error[512] = "";

	if (!file && len)
		return 0;
	if (len)
		memcpy(file, data, len);
	if (image_parse(&image, file, len, error, sizeof(error))) {
		must(error[0] != '\0' && !image.file && !image.elf);
		return 0;
	}
	must(image.nr_segments > 0 && image.nr_segments <= LOADER_MAX_SEGMENTS);
	for (unsigned int i = 0; i < image.nr_segments; i++)
		check_segment(&image, &image.segments[i]);
	check_symbols(&image);
	params_defaults(&image.note, settings);
	must(params_limit_ms(&image.note, settings) > 0);
	image_close(&image);
	return 0;
}
