/* SPDX-License-Identifier: BSD-2-Clause */
/* pulses.c - see pulses.h. */
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/unit/pulses.h"
#include "tests/unit/unit.h"

void pulses_open(struct pulses *p)
{
	p->f = fake_vm_new(PULSES_RAM, 2);
	p->vm = &p->f->vm;
	p->f->setup.image.note.flags = PAYLOAD_PULSE;
	p->vcpu = (struct vcpu){.vm = p->vm};
	p->device = fake_device("pulse_port");
	p->shared = vm_hva(p->vm, GPA, sizeof(*p->shared));
	assert_non_null(p->shared);
	p->shared->vcpu = 1;
	p->shared->vector = 0x33;
	p->shared->gap_lo_us = 100;
	p->shared->gap_hi_us = 300;
	fake_vm_devices(p->f);
	assert_int_equal(p->vm->sources.nr, 1);
}

void pulses_close(struct pulses *p)
{
	fake_vm_no_devices(p->f);
	fake_vm_free(p->f);
}

bool pulses_ask(struct pulses *p, gpa_t gpa)
{
	struct io_access io = {
		.addr = PORT_PULSE, .len = 4, .is_write = true, .value = gpa};

	return p->device->access(&p->vcpu, &io);
}

void pulses_start(struct pulses *p)
{
	assert_true(pulses_ask(p, GPA));
	devices_serve(p->vm);
}

void pulses_expire(struct pulses *p)
{
	p->vm->sources.list[0].ready(p->vm, p->vm->sources.list[0].arg);
}

uint64_t pulses_taken(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) > 0 ? count : 0;
}

bool pulses_armed(const struct pulses *p)
{
	struct itimerspec left;

	assert_int_equal(timerfd_gettime(p->vm->sources.list[0].fd, &left), 0);
	return left.it_value.tv_sec || left.it_value.tv_nsec;
}

uint64_t pulses_stat(const struct pulses *p, unsigned int i)
{
	struct device_stat stats[DEVICE_MAX_STATS];

	assert_true(i <
		    p->device->stats(device_state(p->vm, p->device), stats));
	return stats[i].value;
}
