/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostile_cases.c - one entry a case.  A crash in a write to a device names no
 * instruction: most KVMs are past it when the vmm hears of it.
 */
#include <string.h>

#include "tests/functional/hostile.h"

#define TRAP(n)	   ((n) + 1)
#define TOOK_TRAP  .verdicts = "CRASH", .reason = "unexpected trap"
#define NO_DEVICE  .verdicts = "CRASH", .reason = "no device takes it"
#define NOT_IN_RAM .verdicts = "ERROR", .reason = "is not in RAM"
/* What is seen of it first differs from KVM to KVM, or from run to run. */
#define VARIES	   .reason = ""
#define ANY	   "PASS FAIL SKIP ERROR CRASH TIMEOUT"
#define NO_RAW	   .verdicts = "SKIP", .reason = "run it with --raw FILE"
#define NO_VERDICT .verdicts = "ERROR", .reason = "ended without a verdict"
#define TIMED_OUT  .verdicts = "TIMEOUT", .reason = "was not done", .hangs = true

/* Its other steps are whole; the one that hung keeps its three samples. */
static void check_step_hang(const struct run *r)
{
	static const char *const name[] = {"before", "hang", "after"};
	json_t *metrics = get_array(r->json, "metrics");

	assert_int_equal(json_array_size(metrics), 3);
	for (size_t i = 0; i < 3; i++) {
		json_t *m = json_array_get(metrics, i);

		assert_string_equal(get_text(m, "name"), name[i]);
		assert_string_equal(get_text(m, "status"),
				    i == 1 ? "timeout" : "done");
		assert_int_equal(get_int(m, "samples"), i == 1 ? 3 : 5);
		assert_int_equal(get_cycles(m, "min"), 1000 * (i + 1));
		assert_int_equal(json_array_size(get_array(m, "windows")),
				 i != 1);
	}
	assert_int_equal(get_int(r->json, "restarts"), 1);
	must_be_result(r->json);
}

static void check_names(const struct run *r)
{
	json_t *metrics = get_array(r->json, "metrics");

	assert_int_equal(json_array_size(metrics), 3);
	assert_string_equal(get_text(json_array_get(metrics, 0), "name"),
			    "?[31mred?????\"\\%n?[31mred?????\"\\");
	must(strlen(get_text(json_array_get(metrics, 1), "reason")) == 64,
	     "the reason was not cut where it ends");
	assert_string_equal(get_text(json_array_get(metrics, 2), "status"),
			    "open");
}

static void check_lost_text(const struct run *r)
{
	must(r->proc.out_len > 8192, "hardly any text: %zu bytes",
	     r->proc.out_len);
	must(strstr(r->text, "bytes of the guest's text were lost"),
	     "text was lost without a warning");
}

static void check_last_vcpu(const struct run *r)
{
	assert_int_equal(get_int(json_object_get(r->json, "crash"), "vcpu"), 1);
}

/* A KVM that resets the vCPU first has no registers to show, and says so. */
static void check_triple_fault(const struct run *r)
{
	json_t *crash = json_object_get(r->json, "crash");

	if (strstr(get_text(r->json, "reason"), "registers are lost"))
		assert_string_equal(get_text(crash, "symbol"), "no symbol");
	else
		must(strncmp(get_text(crash, "symbol"), "triple_fault+", 13) ==
			     0,
		     "the crash is at %s", get_text(crash, "symbol"));
}

/* One burst, as long as the longest and not as what was asked for. */
static void check_rival(const struct run *r)
{
	json_t *rival = device_stats(r, "prio_ports");
	int64_t ms = get_int(json_object_get(r->json, "machine"), "tsc_khz");

	assert_int_equal(get_int(rival, "bursts"), 1);
	must(get_cycles(rival, "burnt") >= 10 * ms &&
		     get_cycles(rival, "burnt") < 1000 * ms,
	     "the rival burnt %d ms", (int)(get_cycles(rival, "burnt") / ms));
}

const struct hostile hostile_cases[] = {
	{"bad-base", "case=base", .verdicts = "ERROR",
	 .reason = "metric lies: is compared with metric 4294967294"},
	{"bad-base", "case=self", .verdicts = "ERROR",
	 .reason = "metric lies: is compared with metric 0"},
	{"bad-base", "case=empty", .verdicts = "ERROR",
	 .reason = "metric lies: it is compared with empty, and no metric"},
	{"bad-base", "case=counted", .verdicts = "ERROR",
	 .reason = "metric lies: vCPU 0 had no window for it"},
	/* With --break-at: test_break.c. */
	{"bad-break", "case=below", NO_DEVICE},
	{"bad-break", "case=metric", NO_DEVICE},
	{"bad-break", "case=range", NO_DEVICE},
	{"bad-break", "case=highest", NO_DEVICE},
	{"bad-break", "case=huge", NO_DEVICE},
	/* Nobody asked for a limit. */
	{"bad-break", "case=silent", .verdicts = "PASS"},
	{"bad-break", "case=timeless", NO_DEVICE},
	{"bad-control", "case=zero", NO_DEVICE, .symbol = "bad_control",
	 .insn = "out dx, eax"},
	{"bad-control", "case=unknown", NO_DEVICE, .symbol = "bad_control"},
	{"bad-control", "case=byte", NO_DEVICE, .symbol = "bad_control",
	 .insn = "out dx, al"},
	{"bad-control", "case=word", NO_DEVICE, .symbol = "bad_control",
	 .insn = "out dx, ax"},
	{"bad-control", "case=read", NO_DEVICE, .symbol = "bad_control",
	 .insn = "in eax, dx"},
	{"bad-control", "case=nobody", .vcpus = "2", NO_DEVICE},
	{"bad-control", "case=itself", .vcpus = "2", NO_DEVICE},
	{"bad-control", "case=rest", .vcpus = "2", NO_DEVICE},
	/* It asked four times for what never comes. */
	{"bad-control", "case=awake", .vcpus = "2", .verdicts = "PASS"},
	{"bad-hist", "case=count", .verdicts = "ERROR", .reason = "add up"},
	{"bad-hist", "case=bucket", .verdicts = "ERROR", .reason = "add up"},
	{"bad-hist", "case=wrap", .verdicts = "ERROR",
	 .reason = "counts more samples than there can be"},
	{"bad-hist", "case=min-max", .verdicts = "ERROR",
	 .reason = "an impossible minimum or maximum"},
	{"bad-hist", "case=huge", .verdicts = "ERROR",
	 .reason = "an impossible minimum or maximum"},
	{"bad-hist", "case=open", .verdicts = "ERROR",
	 .reason = "metric lies: its histogram counts more samples than there"},
	{"bad-hist", "case=missed", .verdicts = "ERROR",
	 .reason = "metric lies: it says 18446744073709551611 periods"},
	{"bad-hist", "case=time", .verdicts = "ERROR",
	 .reason = "a worst sample at an impossible time"},
	{"bad-lazy", "case=populate", NO_DEVICE},
	{"bad-lazy", "case=log", NO_DEVICE},
	{"bad-lazy", "case=count-first", NO_DEVICE},
	{"bad-lazy", "case=count", NO_DEVICE},
	{"bad-lazy", "case=lie", .verdicts = "ERROR",
	 .reason = "the guest counted 16777215 dirty pages, the host 1"},
	{"bad-lazy", "case=race", .vcpus = "2", NO_DEVICE},
	{"bad-metrics", "case=many", .verdicts = "ERROR",
	 .reason = "claims 4294967295 metrics"},
	{"bad-metrics", "case=outside", NOT_IN_RAM},
	{"bad-metrics", "case=edge", NOT_IN_RAM},
	{"bad-metrics", "case=unaligned", NOT_IN_RAM},
	{"bad-metrics", "case=wrap", NOT_IN_RAM},
	{"bad-metrics", "case=mmio", NOT_IN_RAM},
	{"bad-metrics", "case=early", NOT_IN_RAM},
	{"bad-metrics", "case=fewer", .verdicts = "ERROR",
	 .reason = "1000 samples were asked for"},
	{"bad-names", .verdicts = "ERROR",
	 .reason = "metric 0 is named '?[31mred?????\"\\%n",
	 .check = check_names},
	{"bad-prio", "case=hint", NO_DEVICE},
	{"bad-prio", "case=read", NO_DEVICE},
	{"bad-prio", "case=byte", NO_DEVICE},
	{"bad-prio", "case=between", NO_DEVICE},
	{"bad-prio", "case=zero", NO_DEVICE},
	{"bad-prio", "case=huge", .verdicts = "PASS", .check = check_rival},
	{"bad-prio", "case=pending", .verdicts = "PASS"},
	{"bad-prio", "case=storm", TIMED_OUT},
	{"bad-prio", "case=storm", .vcpus = "2", TIMED_OUT},
	{"bad-pulse", "case=unaligned", NO_DEVICE},
	{"bad-pulse", "case=outside", NO_DEVICE},
	{"bad-pulse", "case=edge", NO_DEVICE},
	{"bad-pulse", "case=vector", NO_DEVICE},
	{"bad-pulse", "case=vcpu", NO_DEVICE},
	{"bad-pulse", "case=byte", NO_DEVICE},
	{"bad-pulse", "case=read", NO_DEVICE},
	{"bad-pulse", "case=rest", NO_DEVICE},
	/* With --raw: test_raw.c. */
	{"bad-raw", "case=head", NO_RAW},
	{"bad-raw", "case=back", NO_RAW},
	{"bad-raw", "case=metric", NO_RAW},
	{"bad-raw", "case=lost", NO_RAW},
	{"bad-raw", "case=unused", NO_RAW},
	{"bad-raw", "case=swap", NO_RAW},
	{"bad-raw", "case=race", NO_RAW},
	{"bad-raw", "case=full", NO_RAW},
	{"bad-slow-path", "case=byte", NO_DEVICE},
	{"bad-slow-path", "case=kernel", NO_DEVICE},
	{"bad-slow-path", "case=between", NO_DEVICE},
	{"bad-slow-path", "case=beyond", NO_DEVICE},
	{"bad-slow-path", "case=unaligned", NO_DEVICE},
	{"bad-slow-path", "case=outside", NO_DEVICE},
	{"bad-slow-path", "case=edge", NO_DEVICE},
	{"bad-slow-path", "case=read", NO_DEVICE},
	{"bad-step", "case=zero", .verdicts = "TIMEOUT", .hangs = true,
	 .deaf = true, .reason = "within its own limit"},
	{"bad-step", "case=never", .deaf = true, TIMED_OUT},
	{"bad-step", "case=future", .deaf = true, TIMED_OUT},
	{"bad-step", "case=index", .deaf = true, TIMED_OUT},
	{"bad-step", "case=stuck", .deaf = true, TIMED_OUT},
	{"bad-step", "case=metric", NOT_IN_RAM, .hangs = true, .deaf = true},
	{"bad-trap", "case=none", .verdicts = "CRASH",
	 .reason = "gave up and left no report"},
	{"bad-trap", "case=wild", TOOK_TRAP, .vector = -1,
	 .symbol = "no symbol", .insn = ""},
	{"bad-verdict", "verdict=1000", .verdicts = "ERROR",
	 .reason = "without a verdict (1000)"},
	{"bad-verdict", "verdict=4", NO_VERDICT},
	{"bad-verdict", "verdict=6", NO_VERDICT},
	{"bad-verdict", "verdict=3", .verdicts = "FAIL", .reason = "????"},
	{"bad-verdict", "verdict=4294967295", NO_VERDICT},
	{"bad-window", "case=range", NO_DEVICE},
	{"bad-window", "case=highest", NO_DEVICE},
	{"bad-window", "case=end-first", NO_DEVICE},
	{"bad-window", "case=twice", NO_DEVICE},
	{"bad-window", "case=again", NO_DEVICE},
	{"bad-window", "case=open", .verdicts = "ERROR",
	 .reason = "metric lies: vCPU 0 began its window and never ended it"},
	{"bad-window", "case=other", .verdicts = "ERROR",
	 .reason = "vCPU 0 began window 1, and there is no such metric"},
	{"bad-window", "case=none", .verdicts = "ERROR",
	 .reason = "metric lies: vCPU 0 had no window for it"},
	{"bad-window", "case=nap", .verdicts = "ERROR",
	 .reason = "metric lies: vCPU 0 had no window for it"},
	{"cli-loop", .deaf = true, TIMED_OUT},
	{"cli-loop-all", .vcpus = "2", .deaf = true, TIMED_OUT},
	{"console-flood", "case=flood", .verdicts = "PASS",
	 .check = check_lost_text},
	{"console-flood", "case=head", .verdicts = "PASS"},
	{"console-flood", "case=backwards", .verdicts = "PASS"},
	{"console-flood", "case=tail", .verdicts = "PASS"},
	{"crash-and-pass", .vcpus = "2", NO_DEVICE, .symbol = "stray",
	 .check = check_last_vcpu},
	{"divide", TOOK_TRAP, .vector = TRAP(0), .symbol = "divide+",
	 .insn = "div"},
	{"exit-storm", TIMED_OUT},
	{"exit-storm", .vcpus = "2", TIMED_OUT},
	{"hlt-no-apic", TIMED_OUT},
	{"hlt-no-apic", .irqchip = "kernel", TIMED_OUT},
	{"hlt-no-apic", .irqchip = "none", .verdicts = "CRASH",
	 .reason = "halted for ever", .symbol = "hlt_no_apic"},
	{"ipi-storm", TIMED_OUT},
	{"ipi-storm", .vcpus = "2", TIMED_OUT},
	{"jump-data", TOOK_TRAP, .vector = TRAP(14), .symbol = "data_code+0",
	 .insn = "ret"},
	{"jump-nowhere", TOOK_TRAP, .vector = TRAP(14), .symbol = "no symbol",
	 .insn = ""},
	{"liar-asleep", .vcpus = "2", .verdicts = "PASS"},
	{"liar-blocking", .verdicts = "ERROR",
	 .reason = "the guest counted 1 wake-ups from a halt, the host 0"},
	{"liar-done", "case=no-hist", .verdicts = "ERROR",
	 .reason = "done and has no histogram"},
	{"liar-done", "case=open", .verdicts = "ERROR",
	 .reason = "ended before it was done"},
	{"liar-exits", "case=more", .verdicts = "ERROR",
	 .reason = "guest counted 2 exits to userspace, the host 1"},
	{"liar-exits", "case=fewer", .verdicts = "ERROR",
	 .reason = "guest counted 1 exits to userspace, the host 2"},
	{"liar-exits", "case=other", .verdicts = "ERROR",
	 .reason = "guest counted 3 exits to userspace, the host 2"},
	{"liar-halts", .verdicts = "ERROR",
	 .reason = "the guest counted 1 halts, the host 0"},
	/* Where KVM's count cannot be had, nobody finds out. */
	{"liar-msrs", "case=more", .verdicts = "ERROR PASS",
	 .reason = "timer writes, the host"},
	{"liar-msrs", "case=open", .verdicts = "ERROR",
	 .reason = "metric lies: vCPU 0 began its window and never ended it"},
	{"liar-msrs", "case=many", .verdicts = "PASS"},
	{"nmi", TOOK_TRAP, .vector = TRAP(2), .symbol = "nmi"},
	{"no-lazy", "case=populate", NO_DEVICE},
	{"no-lazy", "case=log", NO_DEVICE},
	{"no-lazy", "case=count", NO_DEVICE},
	{"no-tables", "case=wipe", .verdicts = "CRASH",
	 .reason = "triple fault"},
	/* Page tables where no RAM is: some KVMs try for ever. */
	{"no-tables", "case=cr3", .verdicts = "CRASH TIMEOUT", VARIES,
	 .hangs = true},
	{"no-verdict", .verdicts = "ERROR", .reason = "without a verdict (0)"},
	{"null-pointer", TOOK_TRAP, .vector = TRAP(14),
	 .symbol = "null_pointer+", .insn = "mov dword ptr"},
	{"park-vcpu0", .verdicts = "ERROR", .reason = "without a verdict"},
	{"park-vcpu0", .vcpus = "2", TIMED_OUT},
	{"pulse-storm", "case=flood", TIMED_OUT},
	{"pulse-storm", "case=stop", TIMED_OUT},
	{"pulse-storm", "case=far", TIMED_OUT},
	{"pulse-storm", "case=route", TIMED_OUT},
	{"pulse-storm", "case=always", .deaf = true, TIMED_OUT},
	{"pulse-storm", "case=storm", .verdicts = "PASS"},
	{"pulse-storm", "case=storm", .irqchip = "kernel", .verdicts = "PASS"},
	{"pulse-storm", "case=storm", .irqchip = "none", NO_DEVICE},
	{"pulse-storm", "case=tiny", .deaf = true, .verdicts = "PASS"},
	{"pulse-storm", "case=feet", .verdicts = "PASS"},
	{"pulse-storm", "case=results", .verdicts = "ERROR",
	 .reason = "the payload says ABI"},
	{"race-results", .deaf = true, .verdicts = "TIMEOUT ERROR", VARIES,
	 .hangs = true},
	/* With other seeds, too, and with --raw: test_random.c. */
	{"random-shared", "case=spoil", .verdicts = ANY, VARIES, .vector = -1},
	{"random-shared", "case=go-on", .verdicts = ANY, VARIES, .vector = -1,
	 .hangs = true},
	{"reset-vcpu", "case=init", .vcpus = "2", TIMED_OUT, .deaf = true},
	{"reset-vcpu", "case=startup", .vcpus = "2", VARIES, .hangs = true,
	 .verdicts = "CRASH TIMEOUT", .deaf = true},
	{"safe-msr", .verdicts = "PASS"},
	{"slow-path-storm", "case=crash", .vcpus = "2", TOOK_TRAP,
	 .vector = TRAP(6), .symbol = "slow_path_storm+"},
	{"slow-path-storm", "case=crash", .vcpus = "3", TOOK_TRAP,
	 .vector = TRAP(6), .symbol = "slow_path_storm+"},
	{"slow-path-storm", "case=done", .vcpus = "2", NO_VERDICT},
	{"slow-path-storm", "case=done", .vcpus = "3", NO_VERDICT},
	{"slow-path-storm", "case=string", TIMED_OUT},
	{"slow-path-storm", "case=storm", TIMED_OUT},
	{"slow-path-storm", "case=storm", .vcpus = "2", TIMED_OUT},
	{"slow-path-storm", "case=storm", .vcpus = "3", TIMED_OUT},
	{"stack-mmio", .verdicts = "CRASH", VARIES, .vector = -1},
	{"stack-overflow", TOOK_TRAP, .vector = TRAP(8), .symbol = "descend+"},
	{"step-hang", .verdicts = "TIMEOUT",
	 .reason = "hang did not return within its own limit",
	 .check = check_step_hang},
	{"step-set-up", .verdicts = "PASS"},
	{"stray-mmio", "case=read", NO_DEVICE, .symbol = "stray_mmio+",
	 .insn = "mov"},
	{"stray-mmio", "case=write", NO_DEVICE, .symbol = "stray_mmio+"},
	{"stray-mmio", "case=across", NO_DEVICE, .symbol = "stray_mmio+"},
	{"stray-msr", "case=read", .verdicts = "CRASH", .insn = "rdmsr",
	 .reason = "read of MSR 0x4c560001: no device", .symbol = "stray_msr"},
	{"stray-msr", "case=write", .verdicts = "CRASH", .insn = "wrmsr",
	 .reason = "write of MSR 0x4c560007: no device", .symbol = "stray_msr"},
	{"stray-port", "case=write", .verdicts = "CRASH",
	 .reason = "write of 4 bytes at port 0x4240: no device takes it",
	 .symbol = "stray_port+"},
	{"stray-port", "case=read", .verdicts = "CRASH",
	 .reason = "read of 4 bytes at port 0x4240: no device takes it",
	 .symbol = "stray_port+", .insn = "in eax, dx"},
	{"stray-port", "case=byte", .verdicts = "CRASH",
	 .reason = "write of 1 byte at port 0x4240: no device takes it"},
	{"stray-port", "case=beside", .verdicts = "CRASH",
	 .reason = "write of 4 bytes at port 0x512: no device takes it"},
	{"stray-port-string", "case=out", NO_DEVICE,
	 .symbol = "stray_port_string+", .insn = "rep outsb"},
	{"stray-port-string", "case=in", NO_DEVICE,
	 .symbol = "stray_port_string+", .insn = "rep insb"},
	{"timer-left", .verdicts = "PASS"},
	{"touch-some", .verdicts = "PASS"},
	{"triple-fault", .verdicts = "CRASH", .reason = "triple fault",
	 .check = check_triple_fault},
	{"ud2", TOOK_TRAP, .vector = TRAP(6), .insn = "ud2"},
	{"ud2", .vcpus = "2", TOOK_TRAP, .vector = TRAP(6),
	 .symbol = "undefined+", .insn = "ud2", .check = check_last_vcpu},
	{"unasked", "case=pulse", NO_DEVICE},
	{"unasked", "case=hint", NO_DEVICE},
	{"unasked", "case=rival", NO_DEVICE},
	{"unasked", "case=bursts", NO_DEVICE},
	{"unnamed", .verdicts = "ERROR",
	 .reason = "metric another: the payload's notes do not name it"},
	{"unknown-msr", TOOK_TRAP, .vector = TRAP(13), .symbol = "unknown_msr+",
	 .insn = "rdmsr"},
	{"window-of-a-past-life", NO_DEVICE},
	{"write-boot", "case=record", TOOK_TRAP, .vector = TRAP(14),
	 .symbol = "write_boot+", .insn = "mov dword ptr"},
	{"write-boot", "case=tables", TOOK_TRAP, .vector = TRAP(14)},
	{"write-boot", "case=tree", TOOK_TRAP, .vector = TRAP(14)},
	{"write-boot", "case=below", TOOK_TRAP, .vector = TRAP(14)},
	{"write-code", "case=code", TOOK_TRAP, .vector = TRAP(14),
	 .symbol = "write_code+", .insn = "mov dword ptr"},
	{"write-code", "case=constant", TOOK_TRAP, .vector = TRAP(14)},
	{"wrong-abi-result", .verdicts = "ERROR", .reason = "says ABI 6"},
};

const size_t nr_hostile_cases = sizeof(hostile_cases) / sizeof(*hostile_cases);
