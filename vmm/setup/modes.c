/* SPDX-License-Identifier: BSD-2-Clause */
/* modes.c - see modes.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/modes.h"
#include "vmm/base/die.h"
#include "vmm/host/exits.h"
#include "vmm/host/host.h"
#include "vmm/setup/modes.h"

/* Documentation/virt/kvm/x86/cpuid.rst */
#define CPUID_KVM_FEATURES	 0x40000001u
#define KVM_FEATURE_PV_SEND_IPI	 (1u << 11)
#define KVM_FEATURE_POLL_CONTROL (1u << 12)

static const char *choice(const struct payload_note *note, int i,
			  const struct param_setting *settings, char *word,
			  size_t len)
{
	return param_choice(&note->params[i], settings[i].lo, word, len);
}

/* An option that says otherwise than a parameter that was given. */
static _Noreturn void die_contradiction(const struct payload_note *note, int i,
					const struct param_setting *settings,
					const char *option)
{
	char word[64];

	die("%s and %s=%s contradict each other: say one of them", option,
	    note->params[i].name,
	    choice(note, i, settings, word, sizeof(word)));
}

static void apply_idle(struct config *c, const struct payload_note *note,
		       struct param_setting *settings)
{
	int i = params_find_role(note, PARAM_ROLE_IDLE);
	int poll = params_find_role(note, PARAM_ROLE_POLL_NS);
	bool hlt_off = c->machine.disable_exits & KVM_X86_DISABLE_EXITS_HLT;

	if (i < 0)
		return;
	if (c->machine.halt_poll_ns > 0 && settings[i].lo == IDLE_HLT &&
	    !settings[i].given && poll >= 0)
		settings[i].lo = settings[i].hi = IDLE_HALT_POLL;
	if (hlt_off && settings[i].lo == IDLE_HLT && !settings[i].given)
		settings[i].lo = settings[i].hi = IDLE_HLT_PASSTHROUGH;
	switch (settings[i].lo) {
	case IDLE_HLT:
		if (c->machine.halt_poll_ns > 0)
			die_contradiction(note, i, settings, "--halt-poll");
		if (hlt_off)
			die_contradiction(note, i, settings,
					  "--disable-exits hlt");
		c->machine.halt_poll_ns = 0;
		c->machine.halt_poll_wish = true;
		break;
	case IDLE_HALT_POLL:
		if (c->machine.halt_poll_ns == 0 ||
		    (c->machine.halt_poll_ns > 0 && poll >= 0 &&
		     settings[poll].given))
			die_contradiction(note, i, settings, "--halt-poll");
		if (hlt_off)
			die_contradiction(note, i, settings,
					  "--disable-exits hlt");
		if (poll >= 0 && c->machine.halt_poll_ns < 0)
			c->machine.halt_poll_ns = (int64_t)settings[poll].lo;
		else if (poll >= 0) /* what the result will say */
			settings[poll].lo = settings[poll].hi =
				(uint64_t)c->machine.halt_poll_ns;
		break;
	case IDLE_HLT_PASSTHROUGH:
		c->machine.disable_exits |= KVM_X86_DISABLE_EXITS_HLT;
		break;
	case IDLE_MWAIT:
		c->machine.disable_exits |= KVM_X86_DISABLE_EXITS_MWAIT;
		break;
	default:
		break;
	}
}

static void apply_delivery(struct config *c, const struct payload_note *note,
			   struct param_setting *settings)
{
	int i = params_find_role(note, PARAM_ROLE_DELIVERY);

	if (i < 0)
		return;
	if (settings[i].lo == DELIVERY_XAPIC)
		c->machine.xapic = true;
	if (!c->machine.xapic || settings[i].lo != DELIVERY_X2APIC)
		return;
	if (settings[i].given)
		die_contradiction(note, i, settings, "--xapic");
	settings[i].lo = settings[i].hi = DELIVERY_XAPIC;
}

static void apply_page(struct config *c, const struct payload_note *note,
		       struct param_setting *settings)
{
	int i = params_find_role(note, PARAM_ROLE_PAGE);
	uint64_t len;

	if (i < 0)
		return;
	len = PAGE_CHOICE_LEN(settings[i].lo);
	if (settings[i].given) {
		if (c->machine.page_len != PAGE_CHOICE_LEN(0) &&
		    c->machine.page_len != len)
			die_contradiction(note, i, settings, "--page-size");
		c->machine.page_len = len;
		return;
	}
	for (uint64_t k = 0; k < NR_PAGE_CHOICES; k++)
		if (PAGE_CHOICE_LEN(k) == c->machine.page_len)
			settings[i].lo = settings[i].hi = k;
}

void modes_apply(struct config *config, const struct payload_note *note,
		 struct param_setting *settings)
{
	apply_idle(config, note, settings);
	apply_delivery(config, note, settings);
	apply_page(config, note, settings);
}

static uint32_t pv_features(const struct kvm *kvm)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(kvm);
	uint32_t features = 0;

	for (uint32_t i = 0; cpuid && i < cpuid->nent; i++)
		if (cpuid->entries[i].function == CPUID_KVM_FEATURES)
			features = cpuid->entries[i].eax;
	free(cpuid);
	return features;
}

static bool idle_offered(const struct kvm *kvm, uint64_t idle)
{
	int exits = kvm_cap(kvm->fd, KVM_CAP_X86_DISABLE_EXITS);

	switch (idle) {
	case IDLE_HALT_POLL:
		return kvm_cap(kvm->fd, KVM_CAP_HALT_POLL) > 0;
	case IDLE_HLT_PASSTHROUGH:
		return exits & KVM_X86_DISABLE_EXITS_HLT;
	case IDLE_MWAIT:
		return exits & KVM_X86_DISABLE_EXITS_MWAIT;
	case IDLE_GUEST_POLL:
		return kvm_cap(kvm->fd, KVM_CAP_HALT_POLL) > 0 ||
		       pv_features(kvm) & KVM_FEATURE_POLL_CONTROL;
	default:
		return true;
	}
}

/* Huge pages are offered as far as some are free. */
static bool page_offered(uint64_t page)
{
	static const char *const paths[] = {
		[1] = "/sys/kernel/mm/hugepages/hugepages-2048kB/"
		      "free_hugepages",
		[2] = "/sys/kernel/mm/hugepages/hugepages-1048576kB/"
		      "free_hugepages",
	};

	return page == 0 || (page < sizeof(paths) / sizeof(*paths) &&
			     host_number(paths[page], 0) > 0);
}

bool mode_offered(const struct kvm *kvm, const struct param_desc *d,
		  uint64_t value)
{
	if (d->role == PARAM_ROLE_PAGE)
		return page_offered(value);
	if (d->role == PARAM_ROLE_IDLE)
		return idle_offered(kvm, value);
	if (d->role == PARAM_ROLE_DELIVERY && value == DELIVERY_PV)
		return pv_features(kvm) & KVM_FEATURE_PV_SEND_IPI;
	return true;
}

bool modes_offered(const struct kvm *kvm, const struct payload_note *note,
		   const struct param_setting *settings)
{
	for (unsigned int i = 0; i < params_count(note); i++)
		if (!mode_offered(kvm, &note->params[i], settings[i].lo))
			return false;
	return true;
}

static void check_choice(const struct kvm *kvm, const struct param_desc *d,
			 const struct param_setting *setting)
{
	char wanted[64], word[64], offered[128] = "";

	if (mode_offered(kvm, d, setting->lo))
		return;
	for (uint64_t i = 0;; i++) {
		size_t at = strlen(offered);
		const char *name = param_choice(d, i, word, sizeof(word));

		if (strcmp(name, "?") == 0)
			break;
		if (mode_offered(kvm, d, i))
			snprintf(offered + at, sizeof(offered) - at, "%s%s",
				 at ? ", " : "", name);
	}
	param_choice(d, setting->lo, wanted, sizeof(wanted));
	if (d->role == PARAM_ROLE_PAGE)
		die("%s=%s: this host has no free huge pages of that size, it "
		    "offers %s; reserve some in /sys/kernel/mm/hugepages/",
		    d->name, wanted, offered);
	die("%s=%s: this KVM offers %s", d->name, wanted, offered);
}

/* IDLE_GUEST_POLL and IDLE_HLT without what they would like best. */
static void settle_polling(const struct kvm *kvm, struct config *c,
			   const struct payload_note *note,
			   const struct param_setting *settings)
{
	int i = params_find_role(note, PARAM_ROLE_IDLE);
	bool cap = kvm_cap(kvm->fd, KVM_CAP_HALT_POLL) > 0;

	if (i < 0)
		return;
	if (c->machine.halt_poll_wish && !cap)
		c->machine.halt_poll_ns =
			-1; /* the host's choice; the result says it */
	if (settings[i].lo == IDLE_GUEST_POLL && c->machine.halt_poll_ns < 0 &&
	    !(pv_features(kvm) & KVM_FEATURE_POLL_CONTROL))
		c->machine.halt_poll_ns = 0;
}

static void check_options(const struct kvm *kvm, const struct config *config)
{
	uint32_t offered =
		(uint32_t)kvm_cap(kvm->fd, KVM_CAP_X86_DISABLE_EXITS);

	if (config->machine.disable_exits & ~offered) {
		char wanted[64], names[64];

		die("--disable-exits %s: this KVM offers %s",
		    exits_names(config->machine.disable_exits & ~offered,
				wanted, sizeof(wanted)),
		    exits_names(offered, names, sizeof(names)));
	}
	if (config->machine.halt_poll_ns >= 0 &&
	    !kvm_cap(kvm->fd, KVM_CAP_HALT_POLL))
		die("--halt-poll: this KVM cannot set it for a VM; write "
		    "/sys/module/kvm/parameters/halt_poll_ns instead");
	if (config->machine.halt_poll_ns >= 0 &&
	    config->machine.disable_exits & KVM_X86_DISABLE_EXITS_HLT)
		die("--halt-poll and --disable-exits hlt exclude each other: a "
		    "halt that does not exit is not polled for");
}

void modes_settle(const struct kvm *kvm, struct config *config,
		  const struct payload_note *note,
		  const struct param_setting *settings)
{
	for (unsigned int i = 0; i < params_count(note); i++)
		check_choice(kvm, &note->params[i], &settings[i]);
	settle_polling(kvm, config, note, settings);
	check_options(kvm, config);
}
