/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lazy.c - what the guest may ask for its lazy RAM: device.h.  On a vCPU's
 * thread, outside of windows, each once in a run: a guest that asks again, or
 * on two vCPUs at once, is refused.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "vmm/machine/crash.h"

/* More would keep the thread from being told to stop. */
#define LAZY_POPULATE_MAX (64ull << 20)

/* True for the first caller only. */
static bool first_time(atomic_bool *done)
{
	return !atomic_exchange(done, true);
}

bool vcpu_populate(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	uint64_t page_len = vm->config->machine.page_len;
	uint64_t from = vm->lazy.len / 2 / page_len * page_len;
	uint64_t len = vm->lazy.len - from;

	/* One page has no half. */
	if (from == 0 || !first_time(&vm->lazy_log.populated))
		return false;
	if (len > LAZY_POPULATE_MAX && page_len < LAZY_POPULATE_MAX)
		len = LAZY_POPULATE_MAX;
	if (madvise(vm->lazy.hva + from, len, MADV_POPULATE_WRITE) != 0)
		vcpu_crash(vcpu, "the host has no pages for lazy memory: %s",
			   strerror(errno));
	return true;
}

bool vcpu_log_dirty(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	int err;

	if (!vm->lazy.len || !first_time(&vm->lazy_log.logging))
		return false;
	err = vm_set_memslot(vm, LAZY_SLOT, &vm->lazy, KVM_MEM_LOG_DIRTY_PAGES);
	if (err < 0)
		vcpu_crash(vcpu, "KVM does not log dirty pages: %s",
			   strerror(-err));
	return true;
}

bool vcpu_count_dirty(struct vcpu *vcpu, uint64_t guest_count)
{
	struct vm *vm = vcpu->vm;
	struct lazy_log *log = &vm->lazy_log;
	struct kvm_dirty_log dirty = {
		.slot = LAZY_SLOT,
		.dirty_bitmap = log->bitmap,
	};
	uint64_t words = (vm->lazy.len / PAGE_LEN + 63) / 64;
	int err;

	if (!atomic_load(&log->logging) || !first_time(&log->counted))
		return false;
	err = __kvm_ioctl(vm->fd, KVM_GET_DIRTY_LOG, &dirty);
	if (err < 0) {
		vcpu_crash(vcpu, "KVM does not give its log of dirty pages: %s",
			   strerror(-err));
		return true;
	}
	log->vcpu = vcpu->index;
	log->guest_count = guest_count;
	for (uint64_t i = 0; i < words; i++)
		log->host_count +=
			(uint64_t)__builtin_popcountll(log->bitmap[i]);
	atomic_store(&log->is_done, true);
	return true;
}
