/* SPDX-License-Identifier: BSD-2-Clause */
/* test_metric_notes.c - notes that name a payload's metrics. */
#include <string.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

/* Names "a", "b", "c" and so on, of which the first nr are in the segment. */
static void name_metrics(struct elf_image *e, size_t nr)
{
	elf_image_good(e);
	for (size_t i = 0; i < IMAGE_MAX_NAMES + 1; i++) {
		e->metrics[i].nh = e->note.nh;
		e->metrics[i].nh.n_type = METRIC_NOTE_TYPE;
		e->metrics[i].nh.n_descsz = sizeof(struct metric_desc);
		memcpy(e->metrics[i].name, e->note.name, sizeof(e->note.name));
		e->metrics[i].desc = (struct metric_desc){
			.name = {(char)('a' + i % 26)},
			.most = i % 2,
		};
	}
	e->ph[PH_NOTE].p_filesz += nr * sizeof(e->metrics[0]);
}

TEST(loader_knows_the_metrics_that_a_payload_names)
{
	struct image image;
	struct elf_image e;
	char error[256];

	name_metrics(&e, 2);
	assert_null(
		elf_image_parse(&e, sizeof(e), &image, error, sizeof(error)));
	assert_int_equal(image.nr_metrics, 2);
	assert_int_equal(image_metric(&image, "a")->most, METRIC_MOST_COUNT);
	assert_int_equal(image_metric(&image, "b")->most, METRIC_MOST_ANY);
	assert_null(image_metric(&image, "c"));
	assert_null(image_metric(&image, ""));
	image_close(&image);
	name_metrics(&e, 0);
	assert_null(
		elf_image_parse(&e, sizeof(e), &image, error, sizeof(error)));
	assert_int_equal(image.nr_metrics, 0);
	image_close(&image);
	name_metrics(&e, IMAGE_MAX_NAMES);
	assert_taken(&e);
}

TEST(loader_refuses_metrics_that_are_none)
{
	static const char *const broken[] = {"", "A", "a-b", "a b", "a:b"};
	struct elf_image e;

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		name_metrics(&e, 2);
		strcpy(e.metrics[1].desc.name, broken[i]);
		assert_refused(&e, "broken metric");
	}
	name_metrics(&e, 2);
	memset(e.metrics[1].desc.name, 'a', sizeof(e.metrics[1].desc.name));
	assert_refused(&e, "broken metric");
	name_metrics(&e, 2);
	e.metrics[1].desc.most = NR_METRIC_MOST;
	assert_refused(&e, "broken metric");
	name_metrics(&e, 2);
	e.metrics[0].nh.n_descsz -= 4;
	assert_refused(&e, "broken metric");
	name_metrics(&e, IMAGE_MAX_NAMES + 1);
	assert_refused(&e, "or more than 128");
	/* Of somebody else, it says nothing of us. */
	name_metrics(&e, 2);
	e.metrics[1].name[0] = 'L';
	e.metrics[1].desc.name[0] = 'A';
	assert_taken(&e);
}
