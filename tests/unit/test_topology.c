/* SPDX-License-Identifier: BSD-2-Clause */
/* test_topology.c - how near two CPUs are, from files like the kernel's. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"
#include "vmm/host/topology.h"

static void write_file(const char *root, int cpu, const char *name,
		       const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/cpu%d/topology/%s", root, cpu, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void make_cpu(const char *root, int cpu, const char *package,
		     const char *siblings)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/cpu%d", root, cpu);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/cpu%d/topology", root, cpu);
	mkdir(path, 0700);
	write_file(root, cpu, "physical_package_id", package);
	write_file(root, cpu, "thread_siblings_list", siblings);
}

TEST(topology_names_siblings_and_packages)
{
	char root[] = "/tmp/topology-XXXXXX", command[64];

	assert_non_null(mkdtemp(root));
	make_cpu(root, 0, "0\n", "0,4\n");
	make_cpu(root, 1, "0\n", "1,5\n");
	make_cpu(root, 4, "0\n", "0,4\n");
	make_cpu(root, 8, "1\n", "8-9\n");
	make_cpu(root, 9, "1\n", "8-9\n");
	assert_string_equal(topology_relation(root, 0, 0), "same CPU");
	assert_string_equal(topology_relation(root, 0, 4), "same core");
	assert_string_equal(topology_relation(root, 4, 0), "same core");
	assert_string_equal(topology_relation(root, 0, 1), "same package");
	assert_string_equal(topology_relation(root, 0, 8), "other package");
	assert_string_equal(topology_relation(root, 8, 9), "same core");
	assert_string_equal(topology_relation(root, 0, 3), "unknown");
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}
