/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_raw.c - rings of --raw that a guest leaves in any state, read in between
 * as often as it likes: the file has as many samples as its head says, each of
 * a metric of its table, and nothing that CSV would want quotes for.
 *
 * An input is a row of stores, each two bytes of where and eight of what; a
 * where that is no place of the rings or the metrics is a look of the host.
 */
#include <stdio.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/raw.h"
#include "tests/fuzz/fuzz.h"
#include "vmm/result/raw_check.h"

/* Its write_all() makes the file, wherever it is. */
#include "vmm/report/raw_file.c"

#define RINGS	 3u
#define ENTRIES	 8u
#define RING_LEN (sizeof(struct raw_ring) + ENTRIES * sizeof(struct raw_entry))
#define RAW_GPA	 (LAYOUT_RESULT + LAYOUT_RESULT_LEN)
#define RAM_LEN	 (RAW_GPA - LAYOUT_BASE + RINGS * RING_LEN)

/* Words that a store can reach: the rings, and some of the metrics. */
#define RING_WORDS   (RINGS * RING_LEN / 8)
#define METRIC_WORDS (3 * sizeof(struct metric) / 8)

/* An input that only looks has each of them take all that fits. */
#define INPUT_MAX 4096
#define SPOOL_LEN (INPUT_MAX / 2 * RINGS * ENTRIES * sizeof(struct raw_record))

/* Of just that size: the rings' last byte is the RAM's last. */
static struct vm *fresh_vm(void)
{
	static struct vm vm;

	if (!vm.ram.hva) {
		vm.ram = (struct ram){.gpa = LAYOUT_BASE, .len = RAM_LEN};
		vm.ram.hva = calloc(1, RAM_LEN);
		must(vm.ram.hva != NULL);
		vm.nr_vcpus = 2;
		vm.nr_windows = RINGS;
		vm.raw_entries = ENTRIES;
		vm.raw = RAW_GPA;
	}
	memset(vm_hva(&vm, RAW_GPA, RINGS * RING_LEN), 0, RINGS * RING_LEN);
	memset(vm_result(&vm)->metrics, 0, METRIC_WORDS * 8);
	return &vm;
}

/* What it writes to must be there before the guest does anything. */
static struct raw *fresh_raw(void)
{
	static struct raw raw;
	static char *spool;
	FILE *f = raw.spool;

	if (!f) {
		spool = malloc(SPOOL_LEN);
		f = spool ? fmemopen(spool, SPOOL_LEN, "w+") : NULL;
		must(f != NULL);
	}
	rewind(f);
	raw = (struct raw){.path = "made", .spool = f};
	return &raw;
}

static void store(const struct vm *vm, uint64_t where, uint64_t what)
{
	uint64_t *rings = vm_hva(vm, RAW_GPA, RINGS * RING_LEN);
	uint64_t *metrics = (uint64_t *)vm_result(vm)->metrics;

	if (where < RING_WORDS)
		rings[where] = what;
	else
		metrics[where - RING_WORDS] = what;
}

static void must_be_csv(const char *text, const struct raw *raw)
{
	uint64_t lines = 0;

	for (; *text; text++) {
		must(*text == '\n' || (*text >= 0x20 && *text < 0x7f));
		must(*text != '"');
		lines += *text == '\n';
	}
	must(lines == 1 + raw_records(raw));
}

static void must_be_binary(const char *bytes, size_t len, const struct raw *raw)
{
	const struct raw_header *h = (const void *)bytes;
	const struct raw_record *r;

	must(len == h->header_len + h->nr_records * h->record_len);
	must(h->nr_records == raw_records(raw));
	r = (const void *)(bytes + h->header_len);
	for (uint64_t i = 0; i < h->nr_records; i++)
		must(r[i].metric < h->nr_metrics && r[i].vcpu < 2);
}

static void check_file(const struct raw *raw, bool csv)
{
	static const struct ticks ticks;
	struct format format = {
		.raw = raw, .csv = csv, .ticks = &ticks, .tsc_khz = 1000};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	must(out != NULL);
	rewind(raw->spool);
	must(write_all(&format, out));
	must(fclose(out) == 0);
	if (csv)
		must_be_csv(text, raw);
	else
		must_be_binary(text, len, raw);
	free(text);
}

/* Three metrics of two samples each. */
static void check_result(const struct raw *raw)
{
	static struct result *r;
	static struct hist hist;

	if (!r) {
		r = result_new();
		r->nr_metrics = 3;
		for (unsigned int i = 0; i < 3; i++)
			r->metrics[i] =
				(struct result_metric){.status = METRIC_DONE,
						       .window_index = i,
						       .hist = &hist};
		hist_init(&hist);
		hist_record(&hist, 5, 0);
		hist_record(&hist, 6, 0);
	}
	r->verdict = VERDICT_PASS;
	r->nr_warnings = 0;
	result_check_raw(r, raw);
	/* Each has two samples, and so many have to have come. */
	must(r->verdict == VERDICT_ERROR || raw_records(raw) + raw_lost(raw));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {.data = data, .len = len};
	struct vm *vm = fresh_vm();
	struct raw *raw = fresh_raw();

	if (len > INPUT_MAX)
		return 0;
	while (in.len) {
		uint64_t where = input_take(&in, 2);

		if (where < RING_WORDS + METRIC_WORDS)
			store(vm, where, input_take(&in, 8));
		else
			raw_drain(raw, vm);
	}
	raw_drain(raw, vm);
	must(!raw->err);
	check_file(raw, true);
	check_file(raw, false);
	check_result(raw);
	return 0;
}
