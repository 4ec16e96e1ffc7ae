/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.c - the clock goes forward, and its conversions are right. */
#include "payloads/selftest/selftest.h"

#define READS_A_SAMPLE 16
#define US_A_SECOND    1000000

/* us, and the cycles that they are made. */
static bool converts(uint64_t us, uint64_t wanted)
{
	struct tsc_time t = us_to_tsc_time(us);
	uint64_t got = us_to_tsc(us);
	uint64_t back = (got * 1000 + fw_boot->tsc_khz - 1) / fw_boot->tsc_khz;

	must(got == wanted, "clock: wanted %lu us to be %lu cycles, got %lu",
	     us, wanted, got);
	must(back == us, "clock: %lu us are %lu cycles, which are %lu us", us,
	     got, back);
	must(t.cycles == got && t.milli == us * fw_boot->tsc_khz % 1000,
	     "clock: wanted %lu us to be %lu.%03lu cycles, got %lu.%03lu", us,
	     got, us * fw_boot->tsc_khz % 1000, t.cycles, t.milli);
	return true;
}

/* A million us are a second, however they are added. */
static bool adds_up(uint64_t us, uint64_t periods)
{
	struct tsc_time at = {.cycles = 0}, period = us_to_tsc_time(us);
	uint64_t times = US_A_SECOND / us / periods;

	for (uint64_t i = 0; i < times; i++)
		tsc_time_add(&at, &period, periods);
	must(at.cycles == fw_boot->tsc_khz * 1000 && at.milli == 0,
	     "clock: wanted %lu times %lu us to be %lu.000 cycles, got "
	     "%lu.%03lu",
	     periods * times, us, fw_boot->tsc_khz * 1000, at.cycles, at.milli);
	return true;
}

static bool conversions(void)
{
	uint64_t khz = fw_boot->tsc_khz;

	must(khz > 0, "clock: wanted a frequency, got 0");
	return converts(0, 0) && converts(1, khz / 1000) &&
	       converts(7, 7 * khz / 1000) && converts(1000, khz) &&
	       converts(999999, 999999 * khz / 1000) &&
	       converts(US_A_SECOND, khz * 1000) &&
	       converts(3600ull * US_A_SECOND + 1,
			3600 * khz * 1000 + khz / 1000) &&
	       adds_up(1, US_A_SECOND) && adds_up(1000, 1) && adds_up(125, 100);
}

/* What each vCPU saw of it. */
static struct steps {
	uint64_t back;	   /* steps backwards */
	uint64_t from, to; /* the first of them */
} steps[MAX_VCPUS];

static inline void step(struct steps *s, uint64_t from, uint64_t to)
{
	if (to >= from)
		return;
	if (s->back++ == 0)
		*s = (struct steps){.back = 1, .from = from, .to = to};
}

static void read_often(void *arg)
{
	struct steps *s = &steps[me()->id];
	uint64_t last = rdtsc_ordered();

	(void)arg;
	for (uint64_t i = 0; i < selftest.samples * READS_A_SAMPLE / 2; i++) {
		uint64_t plain = rdtsc(), ordered = rdtsc_ordered();

		step(s, last, plain);
		step(s, plain, ordered);
		last = ordered;
	}
}

/*
 * Handed back and forth between vCPU 0 and another one; the rest is idle, for
 * they may have to share their CPUs.
 */
static struct {
	_Atomic uint64_t turn; /* vCPU 0's when it is even */
	uint64_t turns;	       /* until there are so many */
	uint64_t tsc;	       /* when it was handed on last */
} token;

static void pass_on(void *arg)
{
	struct steps *s = &steps[me()->id];

	(void)arg;
	for (uint64_t turn = me()->id != 0; turn < token.turns; turn += 2) {
		while (atomic_load(&token.turn) != turn)
			cpu_relax();
		step(s, token.tsc, rdtsc_ordered());
		token.tsc = rdtsc_ordered();
		atomic_store(&token.turn, turn + 1);
	}
}

static bool forward(const char *what)
{
	for (uint64_t i = 0; i < nr_vcpus(); i++)
		must(steps[i].back == 0,
		     "clock: %s, it went backwards %lu times on vCPU %lu, first "
		     "from %lu to %lu",
		     what, steps[i].back, i, steps[i].from, steps[i].to);
	return true;
}

static bool with(uint32_t vcpu)
{
	token.turn = 0;
	token.turns = selftest.samples / (nr_vcpus() - 1) + 2;
	on_vcpu(vcpu, pass_on, NULL);
	pass_on(NULL);
	vcpu_join(vcpu);
	must(token.turn == token.turns, "clock: wanted %lu hand-overs, got %lu",
	     token.turns, atomic_load(&token.turn));
	return forward("handed on");
}

bool selftest_clock(void)
{
	if (!conversions())
		return false;
	on_all_vcpus(read_often, NULL);
	if (!forward("read by itself"))
		return false;
	if (nr_vcpus() == 1)
		left_out("clock", "from one vCPU to another: there is one "
				  "only");
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		if (!with(i))
			return false;
	return true;
}
