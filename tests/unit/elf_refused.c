/* SPDX-License-Identifier: BSD-2-Clause */
/* elf_refused.c - see elf_image.h: what becomes of an image. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

const char *elf_image_parse(const void *bytes, size_t len, struct image *image,
			    char *error, size_t error_len)
{
	unsigned char *file = malloc(len);

	assert_true(file || len == 0);
	if (len)
		memcpy(file, bytes, len);
	return image_parse(image, file, len, error, error_len);
}

void assert_refused(const struct elf_image *e, const char *text)
{
	struct image image;
	char error[512] = "";
	const char *wrong =
		elf_image_parse(e, sizeof(*e), &image, error, sizeof(error));

	if (!wrong) {
		image_close(&image);
		fail_msg("taken, wanted a refusal with '%s'", text);
	}
	assert_has(wrong, text);
	/* The contract: nothing is left to close. */
	assert_null(image.file);
	assert_null(image.elf);
}

void assert_taken(const struct elf_image *e)
{
	struct image image;
	char error[512] = "";
	const char *wrong =
		elf_image_parse(e, sizeof(*e), &image, error, sizeof(error));

	if (wrong)
		fail_msg("refused: %s", wrong);
	image_close(&image);
}
