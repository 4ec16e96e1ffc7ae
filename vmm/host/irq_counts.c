/* SPDX-License-Identifier: BSD-2-Clause */
/* irq_counts.c - see irq_counts.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/host/irq_counts.h"

#define WORD_LEN 32

/* Words of the file come in one after the other. */
struct parser {
	struct irq_counts *counts;
	char cpu[WORD_LEN]; /* "CPU3" */
	int column;	    /* of that CPU; -1: not seen */
	int nr_columns;
	bool heading;
	char word[WORD_LEN]; /* what there is of the present one */
	size_t word_len;
	int nr_words; /* of this line, behind the label */
	int nr_numbers;
	uint64_t count;
	char label[WORD_LEN];
	char last[WORD_LEN]; /* word of the line */
};

static void take_heading(struct parser *p)
{
	if (strcmp(p->word, p->cpu) == 0)
		p->column = p->nr_columns;
	p->nr_columns++;
}

static bool is_number(const char *word)
{
	return word[strspn(word, "0123456789")] == '\0';
}

/* "24:", the counts, then words about it: the last of them is the device. */
static void take_word(struct parser *p)
{
	if (p->label[0] == '\0') {
		memcpy(p->label, p->word, sizeof(p->label));
		p->label[strcspn(p->label, ":")] = '\0';
		return;
	}
	if (p->nr_words++ < p->nr_columns && is_number(p->word)) {
		uint64_t value = 0;

		for (const char *digit = p->word; *digit; digit++)
			value = value * 10 + (uint64_t)(*digit - '0');
		if (p->nr_numbers == p->column)
			p->count = value;
		p->nr_numbers++;
		return;
	}
	memcpy(p->last, p->word, sizeof(p->last));
}

static void end_word(struct parser *p)
{
	if (p->word_len == 0)
		return;
	p->word[p->word_len] = '\0';
	if (p->heading)
		take_heading(p);
	else
		take_word(p);
	p->word_len = 0;
}

static void add_source(const struct parser *p)
{
	struct irq_counts *c = p->counts;
	bool numbered = is_number(p->label);
	char name[2 * WORD_LEN + 1];

	if (c->nr == IRQ_MAX_SOURCES) {
		c->unlisted += p->count;
		return;
	}
	snprintf(name, sizeof(name), "%s%s%s", p->label, numbered ? " " : "",
		 numbered ? p->last : "");
	text_copy(c->source[c->nr].name, IRQ_NAME_LEN, name, sizeof(name));
	c->source[c->nr++].count = p->count;
}

/* A line with fewer counts than CPUs is no CPU's: "ERR: 0". */
static void end_line(struct parser *p)
{
	if (!p->heading && p->column >= 0 && p->nr_numbers == p->nr_columns)
		add_source(p);
	p->heading = false;
	p->nr_words = p->nr_numbers = 0;
	p->label[0] = p->last[0] = '\0';
}

static void take(struct parser *p, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isspace((unsigned char)text[i])) {
			if (p->word_len < WORD_LEN - 1)
				p->word[p->word_len++] = text[i];
			continue;
		}
		end_word(p);
		if (text[i] == '\n')
			end_line(p);
	}
}

void irq_counts_read(struct irq_counts *c, int fd, int cpu)
{
	struct parser p = {.counts = c, .column = -1, .heading = true};
	off_t at = 0;
	char text[4096];
	ssize_t len;

	c->known = false;
	c->unlisted = 0;
	c->nr = 0;
	snprintf(p.cpu, sizeof(p.cpu), "CPU%d", cpu);
	while ((len = pread(fd, text, sizeof(text), at)) > 0) {
		take(&p, text, (size_t)len);
		at += len;
	}
	c->known = len == 0 && p.column >= 0;
}

/* What a source had counted before; 0: it is new. */
static uint64_t count_before(const struct irq_counts *a, const char *name,
			     uint32_t guess)
{
	if (guess < a->nr && strcmp(a->source[guess].name, name) == 0)
		return a->source[guess].count;
	for (uint32_t i = 0; i < a->nr; i++)
		if (strcmp(a->source[i].name, name) == 0)
			return a->source[i].count;
	return 0;
}

/*
 * The kernel's counters are unsigned int (kstat_irqs_cpu(),
 * kstat_softirqs_cpu()): on a host that is up for long they wrap.
 */
static uint64_t counted(uint64_t before, uint64_t now)
{
	return (uint32_t)(now - before);
}

/* What b's n-th source has counted since a. */
static uint64_t counted_by(const struct irq_counts *a,
			   const struct irq_counts *b, uint32_t n)
{
	const struct irq_source *s = &b->source[n];

	return counted(count_before(a, s->name, n), s->count);
}

uint64_t irq_counts_total(const struct irq_counts *a,
			  const struct irq_counts *b)
{
	/* A sum of counters wraps where each of them does. */
	uint64_t total = counted(a->unlisted, b->unlisted);

	for (uint32_t i = 0; i < b->nr; i++)
		total += counted_by(a, b, i);
	return total;
}

unsigned int irq_counts_top(const struct irq_counts *a,
			    const struct irq_counts *b, struct irq_source *top,
			    unsigned int nr)
{
	unsigned int have = 0;

	for (uint32_t i = 0; i < b->nr; i++) {
		struct irq_source s = b->source[i];
		unsigned int at = have;

		s.count = counted_by(a, b, i);
		if (s.count == 0)
			continue;
		while (at > 0 && top[at - 1].count < s.count) {
			if (at < nr)
				top[at] = top[at - 1];
			at--;
		}
		if (at < nr)
			top[at] = s;
		if (have < nr)
			have++;
	}
	return have;
}
