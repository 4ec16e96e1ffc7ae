/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_msg.c - msg-rr and token-ring: the exits of a message, by the guest's
 * count and by KVM's.  tick_us=1000000: the tick is as far away as the timer of
 * a vCPU that idles is, and no run is that long unless the host stops it.
 */
#include <string.h>

#include "tests/functional/results.h"

#define COUNTED ((int64_t)20) /* transactions, with samples=100 */

struct kinds {
	int64_t timers, icrs, halts, eois;
	bool xapic;
};

static struct kinds guest_kinds(const json_t *window)
{
	const json_t *guest = json_object_get(window, "guest");

	return (struct kinds){
		.timers = get_int(guest, "timers"),
		.icrs = get_int(guest, "ipis"),
		.halts = get_int(guest, "halts"),
		.eois = get_int(guest, "eois"),
	};
}

/* A counter that did not change is not in KVM's statistics. */
static int64_t halts_of(const json_t *window)
{
	int64_t halts = kvm_count(window, "halt_exits");

	return halts < 0 ? 0 : halts;
}

/*
 * What the hardware does by itself KVM does not see; the timer it always sees.
 * In xAPIC mode it may do an EOI twice.
 */
static void must_be_seen(const json_t *kvm, struct kinds guest, bool eois)
{
	assert_int_equal(get_int(kvm, "timer"), guest.timers);
	if (get_int(kvm, "icr"))
		assert_int_equal(get_int(kvm, "icr"), guest.icrs);
	if (get_int(kvm, "eoi") && eois)
		assert_int_equal(get_int(kvm, "eoi"), guest.eois);
}

/* A window has exactly that, by both counts. */
static void must_count(const json_t *metric, int64_t vcpu, struct kinds want)
{
	const json_t *w = find_window(metric, vcpu);
	const json_t *kvm;
	struct kinds got;

	must(w, "vCPU %d has no window", (int)vcpu);
	got = guest_kinds(w);
	assert_int_equal(got.timers, want.timers);
	assert_int_equal(got.icrs, want.icrs);
	must(got.halts >= want.halts &&
		     got.halts <= want.halts + late_timers(w),
	     "vCPU %d: %d halts for %d, in %d us", (int)vcpu, (int)got.halts,
	     (int)want.halts, (int)(get_int(w, "duration_ns") / 1000));
	assert_int_equal(halts_of(w), got.halts);
	kvm = json_object_get(w, "kvm_msr_writes");
	if (kvm)
		must_be_seen(kvm, got, !want.xapic);
	assert_int_equal(!kvm,
			 json_object_get(metric, "kvm_count_missing") != NULL);
}

static json_t *counted(const struct run *r, const char *name)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "there is no %s", name);
	must(get_bool(m, "counted"), "%s is not marked as counted", name);
	return m;
}

/* One vCPU's share: half of a transaction. */
static void must_have_kinds(const char *tick, const char *idle, int64_t timers,
			    int64_t halts)
{
	struct kinds each = {
		.timers = timers * COUNTED,
		.icrs = COUNTED,
		.halts = halts * COUNTED,
	};
	struct run r;
	json_t *m;

	need_cpus(2);
	/* So long that no host's wake-ups make KVM give polling up. */
	run_now(&r, "msg-rr", "samples=100", "warmup=10", "ablation=off",
		"tick_us=1000000", "poll_ns=100000000", tick, idle);
	must_pass(&r);
	m = counted(&r, "rr_counted");
	assert_int_equal(get_int(m, "samples"), COUNTED);
	must_count(m, 0, each);
	must_count(m, 1, each);
	m = find_metric(r.json, "rr", 0);
	must(m && get_int(m, "samples") == 100, "rr has not its samples");
	assert_null(json_object_get(m, "counted"));
	assert_null(json_object_get(find_window(m, 0), "kvm_msr_writes"));
	run_free(&r);
}

TEST(msg_rr_takes_12_exits_with_nohz)
{
	must_have_kinds("tick=nohz", "idle=hlt", 4, 1);
}

TEST(msg_rr_takes_8_exits_with_merged_writes)
{
	must_have_kinds("tick=merged", "idle=hlt", 2, 1);
}

TEST(msg_rr_takes_4_exits_without_a_tick)
{
	must_have_kinds("tick=none", "idle=hlt", 0, 1);
	must_have_kinds("tick=nohz-full", "idle=hlt", 0, 1);
}

TEST(msg_rr_does_not_halt_when_it_spins)
{
	must_have_kinds("tick=nohz", "idle=spin", 4, 0);
}

TEST(msg_rr_halts_as_often_when_kvm_polls)
{
	must_have_kinds("tick=merged", "idle=halt-poll", 2, 1);
}

/*
 * A tick is due in each think time but the first, before which none was set.
 * However late the host is with it, it is taken there: one left to the
 * transaction would end one halt more, or be cancelled and not come at all.
 */
static void must_take_ticks(const char *payload, const char *metric,
			    const char *gap)
{
	struct kinds each = {
		.timers = 4 * COUNTED,
		.icrs = COUNTED,
		.halts = COUNTED,
	};
	const json_t *m, *w;
	struct run r;
	int64_t irqs;

	need_cpus(2);
	run_now(&r, payload, "samples=100", "warmup=10", "ablation=off",
		"tick_us=500", gap, "--vcpus", "2");
	must_pass(&r);
	must(strstr(r.proc.out, "the tick fired"), "no tick: %s", r.proc.out);
	m = counted(&r, metric);
	must_count(m, 0, each);
	w = find_window(m, 0);
	irqs = get_int(json_object_get(w, "guest"), "interrupts");
	must(irqs >= 2 * COUNTED - 1 &&
		     irqs <= 2 * COUNTED - 1 + late_timers(w),
	     "%d interrupts for %d messages and as many ticks but one",
	     (int)irqs, (int)COUNTED);
	run_free(&r);
}

TEST(msg_rr_takes_a_tick_of_the_think_time_before_the_clock_starts)
{
	must_take_ticks("msg-rr", "rr_counted", "gap_us=2000");
}

/* Due at the very end of it, so never there yet. */
TEST(msg_rr_takes_a_tick_that_is_late)
{
	must_take_ticks("msg-rr", "rr_counted", "gap_us=500");
}

TEST(token_ring_takes_a_tick_that_is_late)
{
	must_take_ticks("token-ring", "hop_counted", "gap_us=500");
}

/* Nothing has shown then whether KVM makes use of it. */
TEST(msg_rr_keeps_pv_eoi_without_a_warm_up)
{
	struct run r;
	bool used;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=20", "warmup=10", "tick=none");
	must_pass(&r);
	used = find_metric(r.json, "pv_eoi", 0) != NULL;
	run_free(&r);
	run_now(&r, "msg-rr", "samples=20", "warmup=0", "tick=none");
	must_pass(&r);
	must(!used || find_metric(r.json, "pv_eoi", 0), "it is switched off");
	run_free(&r);
}

TEST(msg_rr_takes_no_exit_on_one_vcpu)
{
	struct kinds none = {0};
	struct run r;

	run_now(&r, "msg-rr", "samples=100", "warmup=10", "--vcpus", "1");
	must_pass(&r);
	must_count(counted(&r, "rr_counted"), 0, none);
	assert_int_equal(json_array_size(get_array(r.json, "metrics")), 2);
	must(strstr(r.proc.out, "  total               0.00"), "no table: %s",
	     r.proc.out);
	run_free(&r);
}

TEST(msg_rr_takes_two_vcpus_unless_told)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=20", "ablation=off");
	must_pass(&r);
	assert_int_equal(json_array_size(get_array(
				 json_object_get(r.json, "machine"), "vcpus")),
			 2);
	run_free(&r);
	run_now(&r, "msg-rr", "--vcpus", "3");
	assert_int_equal(r.proc.status, 2);
	must(strstr(r.proc.err, "msg-rr takes 1 to 2 vCPUs, got 3"), "%s",
	     r.proc.err);
	run_free(&r);
}

TEST(msg_rr_counts_the_same_in_xapic_mode)
{
	struct kinds each = {
		.timers = 4 * COUNTED,
		.icrs = COUNTED,
		.halts = COUNTED,
		.xapic = true,
	};
	struct run r;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=100", "warmup=10", "ablation=off",
		"tick_us=1000000", "--xapic");
	must_pass(&r);
	must_count(counted(&r, "rr_counted"), 0, each);
	must_count(counted(&r, "rr_counted"), 1, each);
	run_free(&r);
}

static void must_hop(const struct run *r, int64_t vcpu)
{
	json_t *hop = find_metric(r->json, "hop", vcpu);

	must(hop, "vCPU %d has no hops", (int)vcpu);
	assert_int_equal(get_int(hop, "samples"), 100);
	must(get_cycles(hop, "min") > 0, "it came before it was sent");
}

static void must_go_around(int64_t nr, const char *vcpus)
{
	struct kinds each = {
		.timers = 4 * COUNTED,
		.icrs = COUNTED,
		.halts = COUNTED,
	};
	struct run r;
	json_t *m;

	run_now(&r, "token-ring", "samples=100", "warmup=10", "ablation=off",
		"tick_us=1000000", "--vcpus", vcpus, "--allow-overcommit");
	must_pass(&r);
	must(find_metric(r.json, "ring", 0), "no rounds");
	m = counted(&r, "hop_counted");
	assert_int_equal(get_int(m, "samples"), nr * COUNTED);
	for (int64_t vcpu = 0; vcpu < nr; vcpu++) {
		must_count(m, vcpu, each);
		must_hop(&r, vcpu);
	}
	run_free(&r);
}

TEST(token_ring_takes_6_exits_a_hop)
{
	need_cpus(2);
	must_go_around(2, "2");
}

TEST(token_ring_takes_6_exits_a_hop_with_more_vcpus)
{
	need_cpus(2);
	must_go_around(5, "5");
}

TEST(token_ring_with_one_vcpu_is_refused)
{
	struct run r;

	run_now(&r, "token-ring", "--vcpus", "1");
	assert_int_equal(r.proc.status, 2);
	must(strstr(r.proc.err, "token-ring takes 2 to 64 vCPUs, got 1"), "%s",
	     r.proc.err);
	run_free(&r);
}
