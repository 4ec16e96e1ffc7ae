/* SPDX-License-Identifier: BSD-2-Clause */
/* own_mount.h - a file system of the kernel that nobody has mounted. */
#ifndef VMM_HOST_OWN_MOUNT_H
#define VMM_HOST_OWN_MOUNT_H

/*
 * Its root, of a mount that no path leads to and that ends with the program
 * (fsmount(2), which wants CAP_SYS_ADMIN): nothing on this machine is changed.
 * -1, and errno.
 */
int own_mount(const char *type);

#endif
