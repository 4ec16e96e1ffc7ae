/* SPDX-License-Identifier: BSD-2-Clause */
/* test_devices.c - which devices a VM has, their states, and the rival. */
#include <string.h>

#include "guest-firmware/abi/prio.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"

#define RAM_LEN 0x200000ull

TEST(devices_of_other_payloads_are_not_there)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	const struct device *prio = fake_device("prio_ports");
	const struct device *pulse = fake_device("pulse_port");

	assert_false(devices_has(&f->vm, prio));
	fake_vm_devices(f);
	assert_null(device_state(&f->vm, prio));
	assert_null(device_state(&f->vm, pulse));
	assert_null(bus_find(&f->vm.bus[BUS_PIO], PORT_PRIO, 4));
	assert_null(bus_find(&f->vm.bus[BUS_PIO], PORT_PULSE, 4));
	assert_non_null(bus_find(&f->vm.bus[BUS_PIO], PORT_CONTROL, 4));
	assert_int_equal(f->vm.sources.nr, 0);
	assert_null(devices_lack(&f->vm));
	devices_serve(&f->vm);
	assert_true(devices_quiesce(&f->vm));
	fake_vm_no_devices(f);
	fake_vm_free(f);
}

TEST(devices_have_a_state_of_zeroes_each)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	const struct device *prio = fake_device("prio_ports");
	const struct device *pulse = fake_device("pulse_port");
	const unsigned char *bytes;

	f->setup.image.note.flags = PAYLOAD_PULSE | PAYLOAD_RIVAL;
	devices_alloc(&f->vm);
	bytes = device_state(&f->vm, prio);
	assert_non_null(bytes);
	for (size_t i = 0; i < prio->state_len; i++)
		assert_int_equal(bytes[i], 0);
	assert_ptr_not_equal(bytes, device_state(&f->vm, pulse));
	devices_free(&f->vm);
	fake_vm_free(f);
}

TEST(rival_wants_real_time_and_two_priorities_more)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	struct placement *p = &f->setup.placement;
	int *prio = &f->config.placement.prio;

	f->setup.image.note.flags = PAYLOAD_RIVAL;
	p->granted = true;
	*prio = 3;
	assert_null(devices_lack(&f->vm));
	*prio = 2;
	assert_has(devices_lack(&f->vm), "a higher --prio");
	*prio = 0;
	assert_has(devices_lack(&f->vm), "give it a --prio");
	*prio = 80;
	p->crowded = true;
	assert_has(devices_lack(&f->vm), "a CPU for each");
	*p = (struct placement){.granted = false};
	assert_has(devices_lack(&f->vm), "this host refused");
	fake_vm_free(f);
}

static uint64_t stat_of(const struct fake_vm *f, const char *name)
{
	const struct device *d = fake_device("prio_ports");
	struct device_stat stats[DEVICE_MAX_STATS];
	unsigned int nr = d->stats(device_state(&f->vm, d), stats);

	for (unsigned int i = 0; i < nr; i++)
		if (strcmp(stats[i].name, name) == 0)
			return stats[i].value;
	fail_msg("there is no statistic %s", name);
	return 0;
}

static bool port(struct fake_vm *f, uint64_t addr, bool is_write,
		 uint64_t *value)
{
	struct vcpu vcpu = {.vm = &f->vm};
	struct io_access io = {
		.addr = addr, .len = 4, .is_write = is_write, .value = *value};
	bool taken = fake_device("prio_ports")->access(&vcpu, &io);

	*value = io.value;
	return taken;
}

static void burst(struct fake_vm *f, uint64_t nr)
{
	uint64_t us = 100, done = 0;

	assert_true(port(f, PORT_PRIO + PRIO_RIVAL, true, &us));
	while (done < nr)
		assert_true(port(f, PORT_PRIO + PRIO_RIVAL, false, &done));
	assert_int_equal(done, nr);
}

/* As an ordinary thread: --prio 1 less RIVAL_BELOW. */
TEST(rival_burns_as_often_as_it_is_asked_also_after_a_restart)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	uint64_t none = 0;

	f->setup.image.note.flags = PAYLOAD_RIVAL;
	f->config.placement.prio = 1;
	f->setup.placement.cpu[0] = fake_cpu();
	fake_vm_devices(f);
	assert_false(port(f, PORT_PRIO + PRIO_RIVAL, true, &none));
	burst(f, 1);
	burst(f, 2);
	assert_true(devices_quiesce(&f->vm));
	assert_int_equal(stat_of(f, "bursts"), 2);
	assert_true(stat_of(f, "burnt") >= 200 * f->vm.tsc_khz / 1000);
	devices_destroy(&f->vm);
	devices_reset(&f->vm);
	devices_create(&f->vm);
	burst(f, 1);
	assert_true(devices_quiesce(&f->vm));
	assert_int_equal(stat_of(f, "bursts"), 3);
	fake_vm_no_devices(f);
	fake_vm_free(f);
}
