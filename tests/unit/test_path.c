/* SPDX-License-Identifier: BSD-2-Clause */
/* test_path.c - the line that says which of KVM's paths a run took. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/text.h"
#include "vmm/result/kvm_path.h"

static void add_fact(struct host_fact *facts, unsigned int *nr,
		     const char *name, const char *value)
{
	snprintf(facts[*nr].name, sizeof(facts->name), "%s", name);
	snprintf(facts[*nr].value, sizeof(facts->value), "%s", value);
	++*nr;
}

static void parameter(struct made *m, const char *name, const char *value)
{
	struct host *h = &m->r->host;

	add_fact(h->kvm_parameters, &h->nr_kvm_parameters, name, value);
}

static void mitigation(struct made *m, const char *name, const char *state)
{
	struct host *h = &m->r->host;

	add_fact(h->mitigations, &h->nr_mitigations, name, state);
}

/* A host with all that Intel's can do. */
static struct made *made_intel(void)
{
	struct made *m = made_new();

	strcpy(m->r->host.kvm_module, "kvm_intel");
	strcpy(m->r->machine.apic, "x2apic");
	parameter(m, "kvm_intel.enable_apicv", "Y");
	parameter(m, "kvm_intel.enable_ipiv", "Y");
	parameter(m, "kvm_intel.preemption_timer", "Y");
	return m;
}

static struct made *made_amd(void)
{
	struct made *m = made_new();

	strcpy(m->r->host.kvm_module, "kvm_amd");
	strcpy(m->r->machine.apic, "x2apic");
	parameter(m, "kvm_amd.avic", "1");
	return m;
}

/* What vCPU 0's whole run had of them. */
static void count_irqs(struct made *m, uint64_t taken, uint64_t injected)
{
	struct result_vcpu *v = &m->r->vcpus[0];

	strcpy(m->r->stats[0], "irq_injections");
	m->r->nr_stats = 1;
	v->orderly = true;
	v->run.guest.irqs = taken;
	v->run.kvm.value[0] = injected;
}

static void assert_path(struct made *m, const char *wanted)
{
	const char *text = made_written(m, report_path);

	if (strncmp(text, "path: ", 6) != 0 ||
	    strncmp(text + 6, wanted, strlen(wanted)) != 0 ||
	    strcmp(text + 6 + strlen(wanted), "\n") != 0)
		fail_msg("wanted '%s', got '%s'", wanted, text);
}

TEST(path_is_that_of_the_parameters_where_nothing_was_counted)
{
	struct made *m = made_intel();

	assert_path(m, "APICv on, IPI virtualization on, preemption timer on");
	strcpy(m->r->host.kvm_parameters[0].value, "N");
	assert_path(m,
		    "APICv off, IPI virtualization off, preemption timer on");
	strcpy(m->r->host.kvm_parameters[0].value, "Y");
	strcpy(m->r->host.kvm_parameters[1].value, "N");
	strcpy(m->r->host.kvm_parameters[2].value, "N");
	assert_path(m,
		    "APICv on, IPI virtualization off, preemption timer off");
	made_free(m);
}

/* What is not known is no word of it, and is not "off". */
TEST(path_leaves_out_what_is_not_known)
{
	struct made *m = made_new();

	assert_path(m, "not known");
	count_irqs(m, 0, 0);
	assert_path(m, "not known");
	/* None injected proves nothing of a KVM without such a parameter. */
	count_irqs(m, 10, 0);
	assert_path(m, "not known");
	made_free(m);
}

TEST(path_believes_kvms_injections_more_than_its_parameters)
{
	struct made *m = made_intel();

	count_irqs(m, 100, 0);
	assert_path(m, "APICv on, IPI virtualization on, preemption timer on");
	/* Something inhibits it, in this VM. */
	count_irqs(m, 100, 100);
	assert_path(m,
		    "APICv off, IPI virtualization off, preemption timer on");
	count_irqs(m, 100, 99);
	assert_path(m, "APICv in part, preemption timer on");
	strcpy(m->r->host.kvm_parameters[0].value, "N");
	assert_path(m,
		    "APICv off, IPI virtualization off, preemption timer on");
	/* A vCPU that did not come to its end has no counts. */
	strcpy(m->r->host.kvm_parameters[0].value, "Y");
	count_irqs(m, 100, 100);
	m->r->vcpus[0].orderly = false;
	assert_path(m, "APICv on, IPI virtualization on, preemption timer on");
	m->r->vcpus[1].orderly = true;
	m->r->vcpus[1].run.guest.irqs = m->r->vcpus[1].run.kvm.value[0] = 5;
	assert_path(m,
		    "APICv off, IPI virtualization off, preemption timer on");
	made_free(m);
}

TEST(path_of_amd_says_avic_and_has_no_preemption_timer)
{
	struct made *m = made_amd();

	/* Whether the processor has x2AVIC is not said. */
	assert_path(m, "AVIC on, no preemption timer");
	strcpy(m->r->machine.apic, "xapic");
	assert_path(m, "AVIC on, IPI virtualization on, no preemption timer");
	parameter(m, "kvm_amd.enable_ipiv", "N");
	assert_path(m, "AVIC on, IPI virtualization off, no preemption timer");
	strcpy(m->r->host.kvm_parameters[0].value, "0");
	assert_path(m, "AVIC off, IPI virtualization off, no preemption timer");
	made_free(m);
}

TEST(path_counts_the_icr_writes_that_kvm_saw)
{
	struct made *m = made_amd();
	struct result_window *w = &m->r->windows[0];

	m->r->nr_metrics = 1;
	w->ended = w->counts_msrs = true;
	w->counts.guest.ipis = 7;
	assert_path(m, "AVIC on, IPI virtualization on, no preemption timer");
	w->msrs.n[KIND_ICR] = 7;
	assert_path(m, "AVIC on, IPI virtualization off, no preemption timer");
	w->msrs.n[KIND_ICR] = 6;
	assert_path(m, "AVIC on, IPI virtualization in part, no preemption "
		       "timer");
	w->msr_error = -1;
	assert_path(m, "AVIC on, no preemption timer");
	w->msr_error = 0;
	w->ended = false;
	assert_path(m, "AVIC on, no preemption timer");
	made_free(m);
}

TEST(path_knows_when_the_preemption_timer_is_not_taken)
{
	struct made *m = made_intel();
	struct kvm_path p;

	strcpy(m->r->machine.disabled_exits, "mwait");
	assert_path(m, "APICv on, IPI virtualization on, preemption timer off");
	strcpy(m->r->machine.disabled_exits, "hlt");
	assert_path(m, "APICv on, IPI virtualization on, preemption timer on");
	parameter(m, "kvm.pi_inject_timer", "1");
	assert_path(m, "APICv on, IPI virtualization on, preemption timer off, "
		       "posted timers on");
	strcpy(m->r->machine.disabled_exits, "none");
	assert_path(m, "APICv on, IPI virtualization on, preemption timer on");
	/* Posted interrupts need APICv. */
	strcpy(m->r->machine.disabled_exits, "hlt");
	strcpy(m->r->host.kvm_parameters[0].value, "N");
	p = kvm_path(m->r);
	assert_int_equal(p.posted_timers, OFF);
	assert_int_equal(p.preemption_timer, ON);
	strcpy(m->r->host.kvm_parameters[0].value, "");
	p = kvm_path(m->r);
	assert_int_equal(p.posted_timers, UNKNOWN);
	assert_int_equal(p.preemption_timer, UNKNOWN);
	made_free(m);
}

TEST(path_has_the_timer_advance_of_the_vcpus_before_the_parameters)
{
	struct made *m = made_new();

	parameter(m, "kvm.lapic_timer_advance", "Y");
	assert_path(m, "timer advance on");
	m->r->vcpus[1].advance_ns = 1250;
	assert_path(m, "timer advance 1,250 ns");
	m->r->vcpus[2].advance_ns = 0;
	m->r->vcpus[3].advance_ns = 5000;
	assert_path(m, "timer advance 0 to 5,000 ns");
	made_free(m);
}

TEST(path_reads_older_kernels_timer_advance)
{
	struct made *m = made_new();

	parameter(m, "kvm.lapic_timer_advance_ns", "-1");
	assert_path(m, "timer advance on");
	strcpy(m->r->host.kvm_parameters[0].value, "4294967295");
	assert_path(m, "timer advance 4,294,967,295 ns");
	strcpy(m->r->host.kvm_parameters[0].value, "0");
	assert_path(m, "timer advance 0 ns");
	m->r->vcpus[0].advance_ns = 7;
	assert_path(m, "timer advance 7 ns");
	made_free(m);
}

TEST(path_has_the_vms_own_halt_polling_beside_the_hosts)
{
	struct made *m = made_new();

	m->r->host.halt_poll_ns = 200000;
	assert_path(m, "halt polling 200,000 ns");
	m->r->machine.halt_poll_ns = 200000;
	assert_path(m, "halt polling 200,000 ns");
	m->r->machine.halt_poll_ns = 0;
	assert_path(m, "halt polling 0 ns (host: 200,000 ns)");
	m->r->host.halt_poll_ns = -1;
	assert_path(m, "halt polling 0 ns");
	/* No halt comes to KVM. */
	strcpy(m->r->machine.disabled_exits, "hlt, pause");
	assert_path(m, "not known");
	made_free(m);
}

TEST(path_says_when_kvm_polled_at_no_halt)
{
	struct made *m = made_new();

	m->r->machine.halt_poll_ns = 1000;
	strcpy(m->r->stats[0], "halt_exits");
	strcpy(m->r->stats[1], "halt_attempted_poll");
	m->r->nr_stats = 2;
	m->r->vcpus[1].orderly = true;
	assert_path(m, "halt polling 1,000 ns");
	m->r->vcpus[1].run.kvm.value[0] = 3;
	assert_path(m, "halt polling 1,000 ns unused");
	m->r->machine.halt_poll_ns = 0;
	assert_path(m, "halt polling 0 ns");
	m->r->machine.halt_poll_ns = 1000;
	m->r->vcpus[1].run.kvm.value[1] = 1;
	assert_path(m, "halt polling 1,000 ns");
	made_free(m);
}

TEST(path_has_the_irqfds_route_and_nothing_of_a_missing_apic)
{
	struct made *m = made_intel();

	strcpy(m->r->machine.irqfd, "not inline");
	m->r->host.halt_poll_ns = 1;
	assert_path(m, "APICv on, IPI virtualization on, preemption timer on, "
		       "halt polling 1 ns,\n      irqfd not inline");
	strcpy(m->r->machine.irqchip, "none");
	assert_path(m, "no APIC in KVM");
	made_free(m);
}

TEST(path_has_the_mitigations_that_cost_at_entries_and_exits)
{
	struct made *m = made_new();

	strcpy(m->r->host.command_line, "quiet mitigations=auto,nosmt panic=1");
	assert_path(m, "mitigations=auto,nosmt");
	m->r->host.command_line[0] = '\0';
	mitigation(m, "meltdown", "Mitigation: PTI");
	assert_path(m, "mitigations by default");
	mitigation(m, "mds", "Mitigation: Clear CPU buffers; SMT disabled");
	mitigation(m, "taa", "Vulnerable: Clear CPU buffers attempted");
	mitigation(m, "vmscape", "Mitigation: IBPB before exit to userspace");
	assert_path(m, "mitigations by default (VERW, IBPB at exits to the "
		       "vmm)");
	m->r->host.nr_mitigations = 0;
	mitigation(m, "l1tf",
		   "Mitigation: PTE Inversion; VMX: conditional "
		   "cache flushes, SMT disabled");
	assert_path(m, "mitigations by default (conditional L1D flush)");
	m->r->host.nr_mitigations = 0;
	mitigation(m, "l1tf", "Mitigation: PTE Inversion; VMX: cache flushes");
	assert_path(m, "mitigations by default (L1D flush)");
	made_free(m);
}

/* A word that ends in column 79 stays on its line. */
TEST(path_wraps_behind_column_79)
{
	struct made *m = made_new();
	char *word = m->r->host.command_line;
	const char *text;

	m->r->host.halt_poll_ns = 1;
	strcpy(word, "mitigations=");
	memset(word + 12, 'x', 79 - 12 - strlen("path: halt polling 1 ns, "));
	text = made_written(m, report_path);
	assert_int_equal(strlen(text), 79 + 1);
	assert_ptr_equal(strchr(text, '\n'), text + 79);
	word[strlen(word)] = 'x';
	text = made_written(m, report_path);
	assert_has(text, "halt polling 1 ns,\n      mitigations=xxx");
	made_free(m);
}

/* Whatever a file says. */
TEST(path_has_lines_of_at_most_79_columns)
{
	struct made *m = made_intel();
	const char *text, *end;

	m->r->host.halt_poll_ns = INT64_MAX;
	m->r->machine.halt_poll_ns = INT64_MAX - 1;
	strcpy(m->r->machine.irqfd, "0123456789abcde");
	memcpy(m->r->host.command_line, "mitigations=", 12);
	memset(m->r->host.command_line + 12, 'x', 400);
	mitigation(m, "spectre_v2", "Mitigation: Retpolines; Safe RET");
	for (text = made_written(m, report_path); *text; text = end + 1) {
		end = strchr(text, '\n');
		assert_non_null(end);
		assert_true(end - text <= 79);
		assert_true(end - text > 6);
	}
	made_free(m);
}
