/* SPDX-License-Identifier: BSD-2-Clause */
/* param.c - the only file of the firmware that knows libfdt. */
#include <libfdt.h>

#include "guest-firmware/control.h"
#include "guest-firmware/param.h"
#include "guest-firmware/payload.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/verdict.h"
#include "guest-firmware/x86.h"

static const void *tree(void)
{
	/* libfdt.a reads its stack canary at FS:0x28: any readable page. */
	wrmsr(MSR_FS_BASE, (uint64_t)me());
	return (const void *)fw_boot->fdt;
}

static bool param_take(const struct param_desc *d, struct param_value *v,
		       const char *name, const void *data, int len)
{
	const fdt64_t *cell = data;

	if (strlen(d->name) != strlen(name) ||
	    memcmp(d->name, name, strlen(name)) != 0)
		return false;
	if (len != 8 && len != 16)
		return false;
	v->lo = fdt64_ld(cell);
	v->hi = len == 16 ? fdt64_ld(cell + 1) : v->lo;
	return true;
}

void params_load(struct param_value *values, unsigned int nr)
{
	const struct param_desc *d = payload_note.desc.params;
	const void *fdt = tree();
	int node = fdt_path_offset(fdt, "/chosen/parameters");
	unsigned int i = 0;
	int prop;

	/* The vmm writes them in the note's order: one pass finds them all. */
	fdt_for_each_property_offset (prop, fdt, node) {
		const char *name;
		int len;
		const void *data =
			fdt_getprop_by_offset(fdt, prop, &name, &len);

		if (i < nr && data &&
		    param_take(&d[i], &values[i], name, data, len))
			i++;
	}
	if (i == nr)
		return;
	verdict_error("the device tree lacks parameter %s", d[i].name);
	for (;;)
		fw_control(CTL_DONE, 0);
}

bool machine_u32(const char *path, const char *property, uint32_t *value)
{
	const void *fdt = tree();
	const fdt32_t *cell;
	int len;

	cell = fdt_getprop(fdt, fdt_path_offset(fdt, path), property, &len);
	if (!cell || len < 4)
		return false;
	*value = fdt32_ld(cell);
	return true;
}
