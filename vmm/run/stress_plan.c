/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_plan.c - see stress_plan.h.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/run/stress_plan.h"

/* One of the list, up to its comma. */
static const char *parse_mix(struct stress_mix *mix, const char *text,
			     size_t len, char *why, size_t why_len)
{
	char names[256];

	if (len == 0 || len >= sizeof(mix->name)) {
		snprintf(why, why_len, "a name is missing or too long");
		return why;
	}
	snprintf(mix->name, sizeof(mix->name), "%.*s", (int)len, text);
	while (len) {
		size_t n = 0;
		const struct stress *s;

		while (n < len && text[n] != '+')
			n++;
		s = stress_find(text, n);
		stress_names(names, sizeof(names));
		if (!s || mix->nr == STRESS_JOINED) {
			snprintf(why, why_len, "wanted some of %s, got '%.*s'",
				 names, (int)n, text);
			return why;
		}
		mix->parts[mix->nr++] = s;
		text += n + (n < len);
		len -= n + (n < len);
	}
	return NULL;
}

const char *stress_parse(struct stress_plan *plan, const char *text, char *why,
			 size_t len)
{
	const char *wrong = NULL;

	memset(plan, 0, sizeof(*plan));
	for (;;) {
		size_t n = strcspn(text, ",");

		if (plan->nr == STRESS_MOST) {
			snprintf(why, len, "at most %d", STRESS_MOST);
			return why;
		}
		wrong = parse_mix(&plan->mixes[plan->nr++], text, n, why, len);
		for (unsigned int i = 0; !wrong && i + 1 < plan->nr; i++)
			if (strcmp(plan->mixes[i].name,
				   plan->mixes[plan->nr - 1].name) == 0) {
				snprintf(why, len, "'%s' is there twice",
					 plan->mixes[i].name);
				return why;
			}
		if (wrong || text[n] == '\0')
			return wrong;
		text += n + 1;
	}
}

bool stress_lacks(const struct stress_plan *plan, const struct stress_host *h,
		  char *why, size_t len)
{
	if (CPU_COUNT(&h->cpus) == 0) {
		snprintf(why, len,
			 "every CPU that latvisor may use has a vCPU, and a "
			 "disturbance is never put beside one: leave one free "
			 "with --cpus");
		return true;
	}
	for (unsigned int i = 0; i < plan->nr; i++)
		for (unsigned int k = 0; k < plan->mixes[i].nr; k++) {
			const struct stress *s = plan->mixes[i].parts[k];
			char needs[STRESS_WHY_LEN];

			if (!s->lacks || !s->lacks(h, needs, sizeof(needs)))
				continue;
			snprintf(why, len, "%s needs %s", s->name, needs);
			return true;
		}
	return false;
}

void stress_place(struct stress_host *h, const struct placement *p,
		  unsigned int nr_vcpus)
{
	*h = (struct stress_host){
		.cpus = p->housekeeping, .latvisor = getpid(), .root = ""};
	CPU_ZERO(&h->vcpus);
	for (unsigned int i = 0; i < nr_vcpus; i++) {
		CPU_CLR((size_t)p->cpu[i], &h->cpus);
		CPU_SET((size_t)p->cpu[i], &h->vcpus);
	}
}
