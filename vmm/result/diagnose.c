/* SPDX-License-Identifier: BSD-2-Clause */
/* diagnose.c - see diagnose.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/host/check.h"
#include "vmm/result/diagnose.h"
#include "vmm/result/symptoms.h"

static bool is_found(const struct result *r, const char *check)
{
	for (unsigned int i = 0; i < r->nr_findings; i++)
		if (strcmp(r->findings[i].check, check) == 0)
			return true;
	return false;
}

static void copy(char *to, size_t len, const char *text)
{
	text_copy(to, len, text, strlen(text));
}

static void add(struct result *r, const struct symptom *s,
		const struct check_found *f)
{
	struct result_finding *to = &r->findings[r->nr_findings++];

	copy(to->symptom, sizeof(to->symptom), s->text);
	copy(to->check, sizeof(to->check), f->check->name);
	copy(to->value, sizeof(to->value), s->is_proof ? s->text : f->value);
	copy(to->good, sizeof(to->good), f->check->good);
	copy(to->run, sizeof(to->run), f->run);
	copy(to->boot, sizeof(to->boot), f->boot);
	copy(to->other, sizeof(to->other), f->other);
}

static void look(struct result *r, const struct check_host *h,
		 const struct symptom *s, const char *name)
{
	const char *group;
	const struct check *c = check_find(name, &group);
	struct check_found f;

	if (!c || is_found(r, name) || r->nr_findings == RESULT_MAX_FINDINGS)
		return;
	if (s->is_proof)
		check_assume(c, group, h, &f);
	else
		check_look(c, group, h, &f);
	if (check_is_bad(&f))
		add(r, s, &f);
}

static void look_all(struct result *r, const struct check_host *h,
		     const struct symptom *s)
{
	char names[256], *at = names, *name;

	snprintf(names, sizeof(names), "%s", s->checks);
	while ((name = strsep(&at, ",")) != NULL)
		look(r, h, s, name + strspn(name, " "));
}

void result_diagnose(struct result *r, const char *root)
{
	struct symptom list[SYMPTOMS_MOST];
	unsigned int nr = symptoms_of(r, list);
	int cpus[MAX_VCPUS];
	char why[CHECK_WHY_LEN];
	struct check_host h;

	r->nr_findings = 0;
	if (nr == 0)
		return;
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		cpus[i] = r->vcpus[i].host_cpu;
	/* A CPU may have gone since. */
	if (!check_host_open(&h, root, cpus, r->nr_vcpus, why))
		return;
	h.prio = r->machine.priority;
	for (unsigned int i = 0; i < nr; i++)
		look_all(r, &h, &list[i]);
	check_host_close(&h);
}
