/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - the payload's ELF file: checked, read, looked up.  The only user
 * of libelf.  The file is hostile: nothing in it is believed unchecked.
 */
#ifndef VMM_PAYLOAD_IMAGE_H
#define VMM_PAYLOAD_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/payload.h"
#include "guest-firmware/abi/result.h"

#define LOADER_MAX_SEGMENTS 8
#define LOADER_FILE_MAX	    (64u << 20)

enum segment_flags {
	SEGMENT_READ = 1,
	SEGMENT_WRITE = 2,
	SEGMENT_EXEC = 4,
};

struct segment {
	gpa_t gpa;
	uint64_t file_len, mem_len;
	const void *data; /* file_len bytes */
	unsigned int flags;
};

/* Metrics that a payload may name: several vCPUs' have one name. */
#define IMAGE_MAX_NAMES 128

struct image {
	unsigned char *file; /* the whole file */
	size_t file_len;
	void *elf; /* libelf's handle */
	struct payload_note note;
	size_t note_len;	 /* as the file has it */
	unsigned int nr_metrics; /* that it names; 0: it does not */
	struct metric_desc metrics[IMAGE_MAX_NAMES];
	bool noted;	  /* note is there */
	bool bad_metrics; /* one of another length, or too many */
	gpa_t entry;
	gpa_t end; /* behind the last segment, page-aligned */
	struct segment segments[LOADER_MAX_SEGMENTS];
	unsigned int nr_segments;
};

/*
 * Reads and checks the file.  NULL, or a sentence that says what is wrong
 * (in error, error_len bytes).  On an error nothing is left to close.
 */
const char *image_open(struct image *image, const char *path, char *error,
		       size_t error_len);

/* The same for len bytes in memory, which the image takes over (free()). */
const char *image_parse(struct image *image, unsigned char *file, size_t len,
			char *error, size_t error_len);

/* Frees the file; a second time, or of an image all 0, does nothing. */
void image_close(struct image *image);

/* What the payload says of a metric of that name; NULL: nothing. */
const struct metric_desc *image_metric(const struct image *image,
				       const char *name);

/*
 * The function or object that holds gpa; NULL: none.  *offset: bytes from its
 * start.  The name lives as long as the image.
 */
const char *image_symbol(const struct image *image, uint64_t gpa,
			 uint64_t *offset);

#endif
