/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_json.c - see doctor.h. */
#include <limits.h>

#include "vmm/base/text.h"
#include "vmm/base/version.h"
#include "vmm/host/knob.h"
#include "vmm/report/doctor.h"
#include "vmm/result/json.h"

static json_t *list_of(const struct cpumask *m)
{
	json_t *a = json_array();

	for (int cpu = cpumask_next(m, 0); cpu >= 0;
	     cpu = cpumask_next(m, cpu + 1))
		json_array_append_new(a, json_integer(cpu));
	return a;
}

static json_t *one(const struct check_found *f)
{
	json_t *o = json_object(), *fix = json_object();

	set_text(o, "name", f->check->name);
	set_text(o, "group", f->group);
	set_text(o, "status", check_status_name(f->status));
	set(o, "weight", json_integer(f->check->weight));
	set_text(o, f->status == CHECK_UNKNOWN ? "not_known" : "value",
		 f->value);
	set_text(o, "good", f->check->good);
	set_text(o, "why", f->check->why);
	set_text(o, "source", f->check->source);
	set(o, "at_run_time", json_boolean(f->check->run));
	set(o, "tune", json_boolean(knob_of_check(f->check->name)));
	if (f->run[0])
		set_text(fix, "run", f->run);
	if (f->boot[0])
		set_text(fix, "boot", f->boot);
	if (f->other[0])
		set_text(fix, "other", f->other);
	set(o, "fix", fix);
	return o;
}

int doctor_json(const struct doctor *d, const char *path)
{
	struct check_sum s = checks_sum(d->found, d->nr);
	json_t *o = json_object(), *checks = json_array(),
	       *count = json_object();
	char root[PATH_MAX];
	int err;

	set_text(o, "schema", DOCTOR_SCHEMA);
	set_text(o, "version", version_string());
	/* A file's name may be no UTF-8. */
	text_copy(root, sizeof(root), d->root ? d->root : "", sizeof(root));
	set(o, "root", d->root ? json_string(root) : json_null());
	set_text(o, "fit",
		 s.of[CHECK_FAIL] ? "no"
		 : s.undecided	  ? "not known"
				  : "yes");
	set(o, "vcpu_cpus", list_of(&d->host->vcpus));
	set(o, "other_cpus", list_of(&d->host->others));
	for (unsigned int i = 0; i < NR_CHECK_STATUSES; i++)
		set(count, check_status_name((enum check_status)i),
		    number(s.of[i]));
	set(o, "count", count);
	for (size_t i = 0; i < d->nr; i++)
		json_array_append_new(checks, one(&d->found[i]));
	set(o, "checks", checks);
	err = json_write(o, path);
	json_decref(o);
	return err;
}
