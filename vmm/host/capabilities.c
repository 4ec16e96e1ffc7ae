/* SPDX-License-Identifier: BSD-2-Clause */
/* capabilities.c - see capabilities.h. */
#include <linux/capability.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/capabilities.h"

/* capget(2): the C library has no names for these two. */
void capabilities_drop(bool keep_nice)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	uint32_t kept = keep_nice ? 1u << CAP_SYS_NICE : 0;

	if (syscall(SYS_capget, &head, caps) != 0)
		die_errno("cannot read the capabilities of a thread");
	caps[0].permitted &= kept;
	caps[0].effective = caps[0].permitted;
	caps[0].inheritable = 0;
	caps[1] = (struct __user_cap_data_struct){0};
	if (syscall(SYS_capset, &head, caps) != 0)
		die_errno("cannot give up the capabilities of a thread");
}

bool capabilities_has(int capability)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &head, caps) == 0 &&
	       caps[0].effective >> capability & 1;
}
