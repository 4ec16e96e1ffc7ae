/* SPDX-License-Identifier: BSD-2-Clause */
/* option_values.c - see option_values.h. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/payload.h"
#include "vmm/base/die.h"
#include "vmm/base/file_place.h"
#include "vmm/base/units.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/exits.h"

#define NS_PER_US 1000ull
#define NS_PER_MS 1000000ull
#define NS_PER_S  1000000000ull

unsigned long parse_count(const char *option, const char *arg,
			  unsigned long min, unsigned long max)
{
	struct quantity q;
	uint64_t value;

	if (!quantity_parse(&q, arg, strlen(arg)) ||
	    !quantity_count(&q, &value) || value < min || value > max)
		die("--%s wants a number from %lu to %lu, got '%s'", option,
		    min, max, arg);
	return value;
}

/* "64K", "16M", "1G"; plain numbers are bytes. */
static uint64_t parse_size(const char *option, const char *arg)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(arg, &end, 10);
	suffix = *end ? strchr(suffixes, toupper((unsigned char)*end)) : NULL;
	if (errno || end == arg || !isdigit((unsigned char)*arg) ||
	    (*end && (!suffix || end[1])) || value == 0 ||
	    value > LAYOUT_RAM_MAX)
		die("--%s wants a size like 64K, 16M or 1G, got '%s'", option,
		    arg);
	return suffix ? value << 10 * (suffix - suffixes + 1) : value;
}

void parse_mem(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	c->machine.mem_len = parse_size("mem", arg);
}

void parse_irqchip(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	for (int i = IRQCHIP_SPLIT; i <= IRQCHIP_NONE; i++) {
		if (strcmp(arg, irqchip_name((enum irqchip)i)) == 0) {
			c->machine.irqchip = (enum irqchip)i;
			return;
		}
	}
	die("--irqchip wants split, kernel or none, got '%s'", arg);
}

void parse_disable_exits(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	for (const char *p = arg;; p++) {
		size_t len = strcspn(p, ",");
		uint32_t bit = exits_bit(p, len);

		if (!bit)
			die("--disable-exits wants a list of hlt, pause, mwait "
			    "and cstate, got '%s'",
			    arg);
		c->machine.disable_exits |= bit;
		p += len;
		if (*p == '\0')
			return;
	}
}

void parse_page_size(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	c->machine.page_len = parse_size("page-size", arg);
	if (c->machine.page_len != 4096 && c->machine.page_len != 2u << 20 &&
	    c->machine.page_len != 1u << 30)
		die("--page-size wants 4K, 2M or 1G, got '%s'", arg);
}

/* A time whose unit is plain_ns where it has none, from min to max ns. */
static uint64_t parse_time(const char *option, const char *arg,
			   uint64_t plain_ns, uint64_t min, uint64_t max,
			   const char *example)
{
	struct quantity q;
	uint64_t ns;

	if (!quantity_parse(&q, arg, strlen(arg)) ||
	    !quantity_ns(&q, plain_ns, &ns) || ns < min || ns > max)
		die("--%s wants a time with its unit (" UNITS_SHORT
		    " or h), like %s, got '%s'",
		    option, example, arg);
	return ns;
}

uint64_t parse_seconds(const char *option, const char *arg, uint64_t min,
		       uint64_t max)
{
	char example[64];

	snprintf(example, sizeof(example), "90s or 2h, from %ju s to %ju s",
		 (uintmax_t)min, (uintmax_t)max);
	return parse_time(option, arg, NS_PER_S, min * NS_PER_S, max * NS_PER_S,
			  example) /
	       NS_PER_S;
}

void parse_limit(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	c->limit_ms = parse_time("limit", arg, NS_PER_S, NS_PER_MS,
				 RUN_MAX_S * NS_PER_S,
				 "10s or 5m, from 1ms to 8784h") /
		      NS_PER_MS;
}

void parse_duration(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	c->duration_ns = parse_time("duration", arg, NS_PER_S, NS_PER_MS,
				    RUN_MAX_S * NS_PER_S,
				    "30s or 10m, from 1ms to 8784h");
}

void parse_halt_poll(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	c->machine.halt_poll_ns = (int64_t)parse_time(
		"halt-poll", arg, 1, 0, NS_PER_S, "200us, up to 1s");
}

/* A plain number is us, as the kernel has it. */
void parse_dma_latency(struct options *o, const char *arg)
{
	struct placement_wish *p = &o->config.placement;
	uint64_t ns;

	if (strcmp(arg, "none") == 0) {
		p->dma_latency_us = DMA_LATENCY_NONE;
		return;
	}
	ns = parse_time("dma-latency", arg, NS_PER_US, 0,
			DMA_LATENCY_MAX_US * (uint64_t)NS_PER_US,
			"20us, in whole us up to 2000s, or none");
	if (ns % NS_PER_US)
		die("--dma-latency wants whole us, got '%s'", arg);
	p->dma_latency_us = (int32_t)(ns / NS_PER_US);
}

#define BREAK_AT_MAX   1000000000000ull /* ns or cycles: 1000 s of ns */
#define BREAK_AT_INSNS "instructions"

/* A plain number is us, as cyclictest's -b. */
void parse_break_at(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	struct quantity q;
	bool cycles;

	c->break_at_ns = c->break_at_cycles = 0;
	if (!quantity_parse(&q, arg, strlen(arg)))
		q = (struct quantity){.unit = "?"};
	c->break_at_insns = strcmp(q.unit, BREAK_AT_INSNS) == 0;
	cycles = c->break_at_insns || strcmp(q.unit, "cycles") == 0;
	if (cycles && quantity_scale(&q, 1, &c->break_at_cycles) &&
	    c->break_at_cycles && c->break_at_cycles <= BREAK_AT_MAX)
		return;
	c->break_at_cycles = 0;
	if (!cycles && quantity_ns(&q, NS_PER_US, &c->break_at_ns) &&
	    c->break_at_ns && c->break_at_ns <= BREAK_AT_MAX)
		return;
	die("--break-at wants a time with its unit (" UNITS_SHORT
	    ", h or cycles), like 100us, up to 1000s; got '%s'",
	    arg);
}

void check_units(const struct config *c)
{
	const bool insns = c->ticks.insns;

	if (c->break_at_insns && !insns)
		die("--break-at wants a time in ns, us, ms, s or cycles here, "
		    "got instructions: this host's clock counts none");
	for (unsigned int i = 0; i < c->nr_thresholds; i++) {
		const struct threshold *t = &c->thresholds[i];

		if (threshold_is_count(t) || t->unit == THRESHOLD_CYCLES ||
		    insns == (t->unit == THRESHOLD_INSNS))
			continue;
		if (insns)
			die("--fail-if '%s' wants a number of instructions "
			    "here, like 5000instructions, got a time: this "
			    "host's clock counts instructions",
			    t->text);
		die("--fail-if '%s' wants a time in ns, us, ms, s or cycles "
		    "here, got instructions: this host's clock counts none",
		    t->text);
	}
}

void parse_fail_if(struct options *o, const char *arg)
{
	struct config *c = &o->config;
	char error[256];

	if (c->nr_thresholds == THRESHOLD_MAX)
		die("--fail-if can be given %d times, got one more: '%s'",
		    THRESHOLD_MAX, arg);
	if (threshold_parse(&c->thresholds[c->nr_thresholds], arg, error,
			    sizeof(error)))
		die("--fail-if: %s", error);
	c->nr_thresholds++;
}

void parse_json(struct options *o, const char *arg)
{
	/* What is a table there goes to standard error, too. */
	o->config.output.json = file_is_stdout(arg) ? "-" : arg;
}
