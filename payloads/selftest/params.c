/* SPDX-License-Identifier: BSD-2-Clause */
/* params.c - the device tree: the payload's parameters, and the machine. */
#include "payloads/selftest/selftest.h"

static uint64_t nr_choices(const struct param_desc *d)
{
	uint64_t nr = 1;

	for (const char *c = d->choices; *c != '\0'; c++)
		nr += *c == '|';
	return nr;
}

static bool in_bounds(const struct param_desc *d, const struct param_value *v)
{
	uint64_t min = d->min, max = d->max;

	if (d->kind == PARAM_ENUM) {
		min = 0;
		max = nr_choices(d) - 1;
	}
	must(v->lo <= v->hi && (d->kind == PARAM_RANGE || v->lo == v->hi),
	     "params: %s is from %lu to %lu", d->name, v->lo, v->hi);
	must(v->lo >= min && v->hi <= max,
	     "params: wanted %s in %lu..%lu, got %lu..%lu", d->name, min, max,
	     v->lo, v->hi);
	if (d->kind == PARAM_RANGE)
		print("test params: %s is %lu..%lu\n", d->name, v->lo, v->hi);
	else
		print("test params: %s is %lu\n", d->name, v->lo);
	return true;
}

/* As many as are asked for, and the rest untouched. */
static bool values(void)
{
	const struct param_desc *d = payload_note.desc.params;
	struct param_value all[PAYLOAD_MAX_PARAMS], first = {.hi = 0};
	unsigned int nr = 0;

	while (nr < PAYLOAD_MAX_PARAMS && d[nr].kind != PARAM_END)
		nr++;
	params_load(all, nr);
	for (unsigned int i = 0; i < nr; i++)
		if (!in_bounds(&d[i], &all[i]))
			return false;
	params_load(&first, 1);
	must(first.lo == all[0].lo && first.hi == all[0].hi,
	     "params: %s alone is %lu, among all it was %lu", d->name, first.lo,
	     all[0].lo);
	return true;
}

static bool finds(const char *path, const char *property, uint32_t wanted)
{
	uint32_t got = ~wanted;

	must(machine_u32(path, property, &got),
	     "params: the device tree has no %s of %s", property, path);
	must(got == wanted, "params: wanted %s of %s to be %u, got %u",
	     property, path, wanted, got);
	return true;
}

static bool misses(const char *path, const char *property)
{
	uint32_t got = 0x5e1f7e57;

	must(!machine_u32(path, property, &got) && got == 0x5e1f7e57,
	     "params: wanted no %s of %s, got %u", property, path, got);
	return true;
}

static __attribute__((format(printf, 3, 4))) const char *
path_of(char *buf, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_to_buffer(buf, len, fmt, ap);
	va_end(ap);
	return buf;
}

bool selftest_params(void)
{
	uint64_t hz = fw_boot->tsc_khz * 1000;
	uint32_t nr = nr_vcpus();
	char first[16], last[16], none[16];

	path_of(first, sizeof(first), "/cpus/cpu@%x", 0u);
	path_of(last, sizeof(last), "/cpus/cpu@%x", nr - 1);
	path_of(none, sizeof(none), "/cpus/cpu@%x", nr);
	/* The first cell of two: its high half. */
	return values() && finds("/cpus", "#address-cells", 1) &&
	       finds("/cpus", "timebase-frequency", (uint32_t)(hz >> 32)) &&
	       finds(first, "reg", 0) && finds(last, "reg", nr - 1) &&
	       misses(none, "reg") && misses("/cpus", "reg") &&
	       misses("/cpu", "#address-cells");
}
