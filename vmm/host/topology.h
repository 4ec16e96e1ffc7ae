/* SPDX-License-Identifier: BSD-2-Clause */
/* topology.h - how near two CPUs of the host are. */
#ifndef VMM_HOST_TOPOLOGY_H
#define VMM_HOST_TOPOLOGY_H

/*
 * "same CPU", "same core" (hyper-thread siblings), "same package", "other
 * package", or "unknown" where the kernel does not say; by sysfs, below root
 * (normally "/sys/devices/system/cpu").
 */
const char *topology_relation(const char *root, int a, int b);

#define TOPOLOGY_ROOT "/sys/devices/system/cpu"

#endif
