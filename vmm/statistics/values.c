/* SPDX-License-Identifier: BSD-2-Clause */
/* values.c - see values.h. */
#include <stdbool.h>
#include <stdlib.h>

#include "guest-firmware/abi/hist.h"
#include "vmm/base/room.h"
#include "vmm/statistics/values.h"

static struct value_count *room_of(size_t nr)
{
	return room_for(nr, sizeof(struct value_count), "to count values");
}

/* Behind those that are there, of which none is in a larger bucket. */
static void append(struct values *v, uint32_t bucket, uint64_t nr)
{
	v->count += nr;
	if (v->nr && v->list[v->nr - 1].bucket == bucket)
		v->list[v->nr - 1].nr += nr;
	else
		v->list[v->nr++] =
			(struct value_count){.bucket = bucket, .nr = nr};
}

struct values values_of(const uint64_t *sorted, size_t nr)
{
	struct values v = {.nr = 0};
	uint32_t last = 0;
	size_t buckets = 0;

	for (size_t i = 0; i < nr; i++) {
		uint32_t bucket = (uint32_t)hist_index(sorted[i]);

		buckets += i == 0 || bucket != last;
		last = bucket;
	}
	v.list = room_of(buckets);
	for (size_t i = 0; i < nr; i++)
		append(&v, (uint32_t)hist_index(sorted[i]), 1);
	return v;
}

void values_add(struct values *to, const struct values *from)
{
	struct values all = {.list = room_of(to->nr + from->nr)};
	size_t i = 0, k = 0;

	while (i < to->nr || k < from->nr) {
		bool own = k == from->nr ||
			   (i < to->nr &&
			    to->list[i].bucket <= from->list[k].bucket);
		const struct value_count *c =
			own ? &to->list[i++] : &from->list[k++];

		append(&all, c->bucket, c->nr);
	}
	free(to->list);
	*to = all;
}

uint64_t values_rank(const struct values *v, unsigned int percent)
{
	return (v->count * percent + 99) / 100;
}

uint64_t values_at(const struct values *v, uint64_t rank)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < v->nr; i++) {
		uint64_t bucket = v->list[i].bucket;

		seen += v->list[i].nr;
		if (seen >= rank)
			return hist_bucket_low(bucket) +
			       hist_bucket_width(bucket) / 2;
	}
	return 0;
}

void values_free(struct values *v)
{
	free(v->list);
	*v = (struct values){.nr = 0};
}
