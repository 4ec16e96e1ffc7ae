/* SPDX-License-Identifier: BSD-2-Clause */
/* test_memory_nodes.c - the nodes that guest memory is bound to. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/host/memory_nodes.h"

#define NODES "sys/devices/system/node/"

static struct memory_nodes nodes_of(const char *has_memory, const int *cpus,
				    uint32_t nr)
{
	struct memory_nodes n;
	struct check_tree t;
	struct tree tree;

	check_tree_make(&t);
	check_tree_write(&t, NODES "has_memory", has_memory);
	check_tree_write(&t, NODES "node0/cpulist", "0-1\n");
	check_tree_write(&t, NODES "node1/cpulist", "2-3\n");
	check_tree_write(&t, NODES "node2/cpulist", "4\n");
	assert_int_equal(tree_open(&tree, t.root), 0);
	n = memory_nodes_read(&tree, cpus, nr);
	tree_close(&tree);
	check_tree_remove(&t);
	return n;
}

TEST(memory_is_near_where_the_vcpus_are)
{
	static const struct {
		const char *has_memory;
		int cpus[2];
		unsigned int nr_host;
		const char *near;
	} cases[] = {
		{"0-1\n", {2, 3}, 2, "1"},
		{"0-1\n", {1, 0}, 2, "0"},
		{"0-1\n", {1, 2}, 2, "0-1"},
		{"0\n", {1, 0}, 1, "0"},
		/* A node without memory has none to give. */
		{"0-1\n", {4, 4}, 2, "none"},
		{"0-2\n", {4, 0}, 3, "0,2"},
		{"junk\n", {0, 1}, 0, "none"},
		{"0-1\n", {-1, 9999}, 2, "none"},
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct memory_nodes n =
			nodes_of(cases[i].has_memory, cases[i].cpus, 2);

		assert_int_equal(n.nr_host, cases[i].nr_host);
		memory_nodes_text(&n, text, sizeof(text));
		assert_string_equal(text, cases[i].near);
	}
}

/* Of this machine: its node 0, and one that it has not. */
TEST(memory_is_bound_to_its_nodes)
{
	struct memory_nodes n = {.nr_host = 2};
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	assert_true(p != MAP_FAILED);
	assert_int_equal(memory_nodes_bind(&n, p, 4096), -ENODEV);
	n.near[0] = 1;
	err = memory_nodes_bind(&n, p, 4096);
	if (err == -ENOSYS) {
		print_message("# skipped: this kernel has no mbind()\n");
		skip();
	}
	assert_int_equal(err, 0);
	memset(p, 1, 4096);
	n.near[0] = 0;
	n.near[MEMORY_NODES_MAX / 64 - 1] = 1ull << 63;
	assert_int_equal(memory_nodes_bind(&n, p, 4096), -EINVAL);
	munmap(p, 4096);
}

static int mode_of(unsigned int nr_host)
{
	struct fake_vm *f = fake_vm_new(4096, 1);
	int mode = -1;

	free(f->vm.ram.hva);
	f->setup.placement.memory =
		(struct memory_nodes){.nr_host = nr_host, .near = {1}};
	vm_memory(&f->vm);
	assert_int_equal(f->vm.ram.bind_err, 0);
	assert_int_equal(syscall(SYS_get_mempolicy, &mode, NULL, 0,
				 f->vm.ram.hva, MPOL_F_ADDR),
			 0);
	vm_free_memory(&f->vm);
	f->vm.ram.hva = NULL;
	fake_vm_free(f);
	return mode;
}

TEST(guest_memory_is_bound_where_there_are_nodes)
{
	assert_int_equal(mode_of(1), MPOL_DEFAULT);
	assert_int_equal(mode_of(2), MPOL_BIND);
}
