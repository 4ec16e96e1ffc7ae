/* SPDX-License-Identifier: BSD-2-Clause */
/* raw.c - see raw.h: from the guest's rings to the spool, believing nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/raw.h"
#include "vmm/base/die.h"
#include "vmm/base/nameless.h"
#include "vmm/result/raw.h"
#include "vmm/statistics/hist_check.h"

/*
 * Most runs end before it is full: a write while the guest runs wakes a kernel
 * thread, for the disk's sake, on any CPU.
 */
#define SPOOL_BUFFER (64u << 20)

static FILE *spool_open(const char *path)
{
	int fd = nameless_open(path);

	return fd < 0 ? NULL : fdopen(fd, "w+");
}

/* No path leads to it. */
static FILE *spool_in_memory(void)
{
	int fd = memfd_create("latvisor-samples", MFD_CLOEXEC);

	return fd < 0 ? NULL : fdopen(fd, "w+");
}

struct raw *raw_open(const char *path, bool in_memory)
{
	struct raw *raw = calloc(1, sizeof(*raw));

	if (!raw)
		die_errno("no memory for the samples");
	raw->path = path;
	if (path)
		raw->spool = spool_open(path);
	else
		raw->spool = in_memory ? spool_in_memory() : tmpfile();
	if ((!raw->spool ||
	     setvbuf(raw->spool, NULL, _IOFBF, SPOOL_BUFFER) != 0) &&
	    path)
		die_errno("cannot write samples beside --raw %s", path);
	if (!raw->spool)
		die_errno(
			"no place for samples: --explain and --exits want a folder for "
			"temporary files, see tmpfile(3)");
	return raw;
}

static struct raw_ring *ring_of(const struct vm *vm, uint32_t i)
{
	uint64_t len = raw_ring_len(vm->raw_entries);

	return vm_hva(vm, vm->raw + i * len, len);
}

/* What needs no quotes in CSV. */
static void copy_name(char *to, const char *from, size_t len)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t n = strnlen(from, len - 1);

	memcpy(to, from, n);
	for (size_t i = 0; i < n; i++)
		if (!strchr(good, to[i]))
			to[i] = '?';
}

/* A ring that a metric took since the last time: whose it is. */
static void see(struct raw *raw, const struct vm *vm, uint32_t i)
{
	const struct raw_ring *ring = ring_of(vm, i);
	struct raw_source *s = &raw->source[i];
	uint32_t used = __atomic_load_n(&ring->used, __ATOMIC_ACQUIRE);
	uint32_t index = *(const volatile uint32_t *)&ring->metric;
	const struct metric *m;

	if (s->seen || used == 0)
		return;
	s->seen = true;
	s->slot = raw->nr++;
	raw->index[s->slot] = index;
	if (index >= RESULT_MAX_METRICS) {
		s->broken = true;
		return;
	}
	m = &vm_result(vm)->metrics[index];
	copy_name(raw->metric[s->slot].name, m->name,
		  sizeof(raw->metric[s->slot].name));
	raw->metric[s->slot].vcpu = *(const volatile uint32_t *)&m->vcpu;
	if (raw->metric[s->slot].vcpu >= vm->nr_vcpus)
		raw->metric[s->slot].vcpu = 0; /* as result.c has it */
}

/* The entries up to head; the guest may go on writing behind it. */
static void take(struct raw *raw, const struct vm *vm, uint32_t i,
		 uint64_t head)
{
	struct raw_source *s = &raw->source[i];
	struct raw_ring *ring = ring_of(vm, i);
	struct raw_metric *m = &raw->metric[s->slot];

	if (!s->seen || s->broken || raw->err)
		return;
	m->lost = __atomic_load_n(&ring->lost, __ATOMIC_RELAXED);
	if (head - s->tail > vm->raw_entries || m->lost > HIST_MOST) {
		s->broken = true;
		m->lost = 0;
		return;
	}
	for (; s->tail != head; s->tail++) {
		const struct raw_entry *e =
			&ring->entry[s->tail & (vm->raw_entries - 1)];
		struct raw_record record = {
			.tsc = e->tsc,
			.value = e->value,
			.metric = s->slot,
			.vcpu = m->vcpu,
		};

		if (fwrite_unlocked(&record, sizeof(record), 1, raw->spool) !=
		    1) {
			raw->err = errno ? errno : EIO;
			return;
		}
		m->written++;
	}
	/* Pairs with the guest's acquire: there is room again. */
	__atomic_store_n(&ring->tail, head, __ATOMIC_RELEASE);
}

/*
 * Metrics often follow each other.  So that their samples do so in the file,
 * the heads are read from the last ring to the first: what is there of a later
 * metric is there of the earlier ones too.
 */
void raw_drain(struct raw *raw, const struct vm *vm)
{
	uint64_t heads[RESULT_MAX_WINDOWS];

	for (uint32_t i = 0; i < vm->nr_windows; i++)
		see(raw, vm, i);
	for (uint32_t i = vm->nr_windows; i-- > 0;)
		heads[i] = __atomic_load_n(&ring_of(vm, i)->head,
					   __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < vm->nr_windows; i++)
		take(raw, vm, i, heads[i]);
}

int raw_each(struct raw *raw, raw_user *use, void *arg)
{
	struct raw_record record;

	if (raw->err)
		return -raw->err;
	if (fflush(raw->spool) != 0)
		return -errno;
	rewind(raw->spool);
	while (fread(&record, sizeof(record), 1, raw->spool) == 1)
		use(arg, raw->index[record.metric],
		    &(struct raw_entry){.tsc = record.tsc,
					.value = record.value});
	return ferror(raw->spool) || fseek(raw->spool, 0, SEEK_END) != 0 ? -EIO
									 : 0;
}

uint64_t raw_lost_of(const struct raw *raw, uint32_t index)
{
	for (unsigned int i = 0; i < raw->nr; i++)
		if (raw->index[i] == index)
			return raw->metric[i].lost;
	return 0;
}

uint64_t raw_records(const struct raw *raw)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < raw->nr; i++)
		nr += raw->metric[i].written;
	return nr;
}

uint64_t raw_lost(const struct raw *raw)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < raw->nr; i++)
		nr += raw->metric[i].lost;
	return nr;
}

void raw_free(struct raw *raw)
{
	if (!raw)
		return;
	if (raw->spool)
		fclose(raw->spool);
	free(raw);
}
