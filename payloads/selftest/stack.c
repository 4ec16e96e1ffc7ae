/* SPDX-License-Identifier: BSD-2-Clause */
/* stack.c - a stack and a struct percpu for each vCPU, where they belong. */
#include "payloads/selftest/selftest.h"

#define STACK_ALIGN 16		/* at a call: System V ABI, AMD64, 3.2.2 */
#define DEPTH_LEN   (12u << 10) /* of the stack's 20 KiB */
#define NR_KEPT	    8

static struct stack {
	uint64_t frame;	 /* of a function that was called */
	uint64_t lowest; /* RSP in the deepest call */
	uint64_t lost;	 /* values that were not kept */
	uint64_t me, gs, id;
} stacks[MAX_VCPUS];

static _Atomic uint64_t deep;

static uint64_t rsp(void)
{
	uint64_t value;

	asm volatile("mov %%rsp, %0" : "=r"(value));
	return value;
}

/* At the bottom it waits for the others: all stacks are full at once. */
static __attribute__((noinline)) void descend(struct stack *s, uint64_t end)
{
	volatile uint64_t kept[NR_KEPT];
	uint64_t seed = (uint64_t)kept;

	for (uint64_t i = 0; i < NR_KEPT; i++)
		kept[i] = seed * (i + 3);
	s->lowest = rsp();
	if (s->lowest > end)
		descend(s, end);
	else
		meet(&deep);
	for (uint64_t i = 0; i < NR_KEPT; i++)
		s->lost += kept[i] != seed * (i + 3);
}

/*
 * Called by its address: among themselves a compiler may have functions of one
 * file keep less than the ABI wants.  A frame is right below where RSP was 8
 * beyond a multiple of 16.
 */
static void look(void *arg)
{
	struct stack *s;
	uint64_t id = 0, frame = (uint64_t)__builtin_frame_address(0);

	(void)arg;
	/* Not by me(), which may be wrong. */
	while (id < nr_vcpus() - 1 &&
	       frame > fw_boot->vcpu_area + (id + 1) * VCPU_AREA_LEN)
		id++;
	s = &stacks[id];
	s->frame = frame;
	s->me = (uint64_t)me();
	s->gs = rdmsr(MSR_GS_BASE);
	s->id = me()->id;
	descend(s, rsp() - DEPTH_LEN);
}

static bool is_right(uint64_t id)
{
	uint64_t area = fw_boot->vcpu_area + id * VCPU_AREA_LEN;
	uint64_t low = area + PAGE_LEN, top = area + VCPU_AREA_STACK_TOP;
	const struct stack *s = &stacks[id];

	must(s->frame, "stack: no vCPU has its stack in area %lu", id);
	must(s->frame < top && s->lowest >= low,
	     "stack: wanted vCPU %lu in %lx..%lx, got %lx..%lx", id, low, top,
	     s->lowest, s->frame);
	must(s->frame % STACK_ALIGN == 0,
	     "stack: vCPU %lu has a frame at %lx, which is not aligned to %u",
	     id, s->frame, STACK_ALIGN);
	must(s->frame - s->lowest >= DEPTH_LEN,
	     "stack: wanted %u bytes in use on vCPU %lu, got %lu", DEPTH_LEN,
	     id, s->frame - s->lowest);
	must(s->lost == 0, "stack: %lu values were lost on vCPU %lu's", s->lost,
	     id);
	must(s->me == area + VCPU_AREA_PERCPU && s->gs == s->me &&
		     s->me == (uint64_t)fw_percpu((uint32_t)id),
	     "stack: wanted struct percpu of vCPU %lu at %lx, got %lx, GS %lx",
	     id, area + VCPU_AREA_PERCPU, s->me, s->gs);
	must(s->id == id, "stack: vCPU %lu takes itself for vCPU %lu", id,
	     s->id);
	return true;
}

bool selftest_stack(void)
{
	on_all_vcpus(look, NULL);
	for (uint64_t id = 0; id < nr_vcpus(); id++)
		if (!is_right(id))
			return false;
	return true;
}
