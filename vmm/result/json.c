/* SPDX-License-Identifier: BSD-2-Clause */
/* json.c - see json.h. */
#include <errno.h>
#include <string.h>

#include "vmm/base/atomic_file.h"
#include "vmm/result/json.h"

json_t *json_ticks(const struct ticks *t, uint64_t tsc_khz, int64_t cycles)
{
	if (t->insns)
		return json_pack("{s:I}", ticks_unit(t), (json_int_t)cycles);
	return json_pack("{s:f, s:I}", ticks_unit(t),
			 tsc_to_ns((double)cycles, tsc_khz), "cycles",
			 (json_int_t)cycles);
}

void json_unit(json_t *object, const struct ticks *t)
{
	set_text(object, "unit", ticks_unit(t));
	if (t->insns)
		set(object, "step", number(t->step));
}

/* [lowest value, width, count] of every bucket that is not empty. */
static void append_buckets(json_t *a, const struct hist *h, bool negative)
{
	for (unsigned int n = 0; n < HIST_NR_BUCKETS; n++) {
		unsigned int i = negative ? HIST_NR_BUCKETS - 1 - n : n;
		int64_t low = (int64_t)hist_bucket_low(i);
		int64_t width = (int64_t)hist_bucket_width(i);

		if (h->bucket[i])
			json_array_append_new(
				a,
				json_pack(
					"[I, I, I]",
					(json_int_t)(negative ? -low - width + 1
							      : low),
					(json_int_t)width,
					(json_int_t)h->bucket[i]));
	}
}

json_t *json_histogram(const struct dist *d)
{
	json_t *a = json_array();

	if (d->early)
		append_buckets(a, d->early, true);
	append_buckets(a, d->late, false);
	return a;
}

static json_t *facts(const struct host_fact *f, unsigned int nr)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < nr; i++)
		set_text(o, f[i].name, f[i].value);
	return o;
}

json_t *json_host(const struct host *h)
{
	json_t *o = json_object();

	set_text(o, "name", h->name);
	set_text(o, "cpu_model", h->cpu_model);
	set_text(o, "microcode", h->microcode);
	set(o, "cpus_online", number(h->nr_cpus));
	set_text(o, "hypervisor", h->hypervisor);
	set_text(o, "kernel", h->kernel);
	set_text(o, "command_line", h->command_line);
	set(o, "preempt_rt", json_boolean(h->realtime_kernel));
	set_text(o, "kvm_module", h->kvm_module);
	set_text(o, "clocksource", h->clocksource);
	set_text(o, "isolated_cpus", h->isolated);
	set_text(o, "nohz_full_cpus", h->nohz_full);
	set_text(o, "governor", h->governor);
	set(o, "sched_rt_runtime_us", json_integer(h->rt_runtime_us));
	set(o, "halt_poll_ns", json_integer(h->halt_poll_ns));
	set(o, "idle_hlt_intercept", json_boolean(h->idle_hlt));
	set(o, "kvm_parameters",
	    facts(h->kvm_parameters, h->nr_kvm_parameters));
	set(o, "mitigations", facts(h->mitigations, h->nr_mitigations));
	return o;
}

/* jansson does not say that a key could not be written: the file does. */
static bool dump(const json_t *o, FILE *out)
{
	return json_dumpf(o, out, JSON_DUMP_FLAGS) == 0 &&
	       fputc('\n', out) != EOF && fflush(out) == 0 && !ferror(out);
}

/* Through a buffer: json_dumpfd() would make a system call for each comma. */
static bool write_all(const void *arg, FILE *out)
{
	return dump(arg, out);
}

static int write_stdout(json_t *o)
{
	errno = 0;
	if (dump(o, stdout))
		return 0;
	return errno ? -errno : -EIO;
}

int json_write(json_t *o, const char *path)
{
	return strcmp(path, "-") == 0 ? write_stdout(o)
				      : atomic_file_write(path, write_all, o);
}
