/* SPDX-License-Identifier: BSD-2-Clause */
/* raw_file.c - see raw.h: from the spool to the file, docs/raw.md. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "vmm/base/atomic_file.h"
#include "vmm/result/raw.h"

#define BLOCK 256u /* records at a time */

/* What the file is to look like. */
struct format {
	const struct raw *raw;
	bool csv;
	const struct ticks *ticks;
	uint64_t tsc_khz;
};

static bool is_csv(const char *path)
{
	size_t len = strlen(path);

	return len >= 4 && strcmp(path + len - 4, ".csv") == 0;
}

static bool write_head(const struct raw *raw, const struct format *format,
		       FILE *out)
{
	struct raw_header h = {
		.version = RAW_VERSION,
		.header_len = (uint32_t)(sizeof(h) +
					 raw->nr * sizeof(raw->metric[0])),
		.tsc_khz = format->tsc_khz,
		.nr_records = raw_records(raw),
		.nr_metrics = raw->nr,
		.record_len = sizeof(struct raw_record),
	};

	if (format->csv)
		return fputs(format->ticks->insns
				     ? "metric,vcpu,tsc,instructions\n"
				     : "metric,vcpu,tsc,cycles,ns\n",
			     out) != EOF;
	memcpy(h.magic, RAW_MAGIC, sizeof(h.magic));
	return fwrite(&h, sizeof(h), 1, out) == 1 &&
	       fwrite(raw->metric, sizeof(raw->metric[0]), raw->nr, out) ==
		       raw->nr;
}

static bool write_lines(const struct raw *raw, const struct format *format,
			const struct raw_record *records, size_t nr, FILE *out)
{
	for (size_t i = 0; i < nr; i++) {
		const struct raw_record *r = &records[i];

		if (fprintf(out, "%s,%" PRIu32 ",%" PRIu64 ",%" PRId64,
			    raw->metric[r->metric].name, r->vcpu, r->tsc,
			    r->value) < 0)
			return false;
		if (!format->ticks->insns &&
		    fprintf(out, ",%.3f",
			    tsc_to_ns((double)r->value, format->tsc_khz)) < 0)
			return false;
		if (fputc('\n', out) == EOF)
			return false;
	}
	return true;
}

static bool write_all(const void *arg, FILE *out)
{
	const struct format *format = arg;
	const struct raw *raw = format->raw;
	struct raw_record records[BLOCK];
	uint64_t left = raw_records(raw);

	if (!write_head(raw, format, out))
		return false;
	while (left) {
		size_t nr = left < BLOCK ? (size_t)left : BLOCK;

		if (fread(records, sizeof(*records), nr, raw->spool) != nr)
			return false;
		if (format->csv
			    ? !write_lines(raw, format, records, nr, out)
			    : fwrite(records, sizeof(*records), nr, out) != nr)
			return false;
		left -= nr;
	}
	return true;
}

int raw_write(struct raw *raw, const struct ticks *ticks, uint64_t tsc_khz)
{
	struct format format = {.raw = raw,
				.csv = is_csv(raw->path),
				.ticks = ticks,
				.tsc_khz = tsc_khz};

	if (!raw->err && fflush(raw->spool) != 0)
		raw->err = errno;
	if (!raw->err) {
		rewind(raw->spool);
		raw->err = -atomic_file_write(raw->path, write_all, &format);
	}
	/* What comes next may need its place on the disk. */
	fclose(raw->spool);
	raw->spool = NULL;
	return -raw->err;
}
