/* SPDX-License-Identifier: BSD-2-Clause */
/* exits_text.c - what an exit was about, in words: exits_take.h. */
#include <inttypes.h>
#include <stdio.h>

#include "vmm/host/access_name.h"
#include "vmm/result/exits_take.h"

#define X2APIC_SHIFT 4 /* SDM vol 3, table 11-6: an MSR for 16 bytes */

static const char *const kinds[NR_ACCESS_KINDS] = {
	[ACCESS_NONE] = "none", [ACCESS_MSR] = "msr",
	[ACCESS_PORT] = "port", [ACCESS_MEMORY] = "memory",
	[ACCESS_PAGE] = "page", [ACCESS_CALL] = "hypercall",
	[ACCESS_APIC] = "apic",
};

const char *exit_access_name(enum exit_access_kind kind)
{
	return kinds[kind];
}

const char *exit_isa_name(uint32_t isa)
{
	if (isa == EXIT_VMX)
		return "vmx";
	return isa == EXIT_SVM ? "svm" : "0";
}

/* The name, and what it is the name of. */
struct named {
	const char *prefix, *name; /* NULL: it has none */
};

static struct named name_msr(uint64_t at)
{
	if (at >= MSR_X2APIC && at < MSR_X2APIC_END)
		return (struct named){
			"x2APIC ",
			apic_register_name((at - MSR_X2APIC) << X2APIC_SHIFT)};
	return (struct named){"", msr_name((uint32_t)at)};
}

static struct named name_memory(uint64_t at)
{
	if (at >= APIC_PAGE && at - APIC_PAGE < APIC_PAGE_LEN)
		return (struct named){"APIC ",
				      apic_register_name(at - APIC_PAGE)};
	return (struct named){"", NULL};
}

static struct named name_access(const struct exit_access *a, const char *device)
{
	if (device)
		return (struct named){"", device};
	switch (a->kind) {
	case ACCESS_MSR:
		return name_msr(a->at);
	case ACCESS_PORT:
		return (struct named){"", port_name(a->at)};
	case ACCESS_MEMORY:
		return name_memory(a->at);
	case ACCESS_APIC:
		return (struct named){"APIC ", apic_register_name(a->at)};
	default:
		return (struct named){"", NULL};
	}
}

void exit_access_text(const struct exit_access *a, const char *device,
		      char text[EXITS_WHAT_LEN])
{
	static const char *const what[NR_ACCESS_KINDS] = {
		[ACCESS_MSR] = "MSR",
		[ACCESS_PORT] = "port",
		[ACCESS_MEMORY] = "address",
		[ACCESS_CALL] = "hypercall",
		[ACCESS_APIC] = "APIC register",
	};
	struct named n = name_access(a, device);
	const char *verb = a->is_write ? "write " : "read ";
	char number[40];

	text[0] = '\0';
	if (a->kind == ACCESS_PAGE)
		snprintf(text, EXITS_WHAT_LEN, "a page of RAM");
	if (!what[a->kind])
		return;
	if (a->kind == ACCESS_CALL)
		verb = "";
	snprintf(number, sizeof(number), "%s %#" PRIx64, what[a->kind], a->at);
	if (n.name)
		snprintf(text, EXITS_WHAT_LEN, "%s%s%s (%s)", verb, n.prefix,
			 n.name, number);
	else
		snprintf(text, EXITS_WHAT_LEN, "%s%s", verb, number);
}
