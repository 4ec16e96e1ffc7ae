/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * option_values.h - the values of the command line's options, from text.  All
 * die with what was wanted and what was got.
 */
#ifndef VMM_COMMANDS_OPTION_VALUES_H
#define VMM_COMMANDS_OPTION_VALUES_H

#include "vmm/commands/command.h"

/* A whole number, like 20 or 1e6; option: its name without the dashes. */
unsigned long parse_count(const char *option, const char *arg,
			  unsigned long min, unsigned long max);

/* A time from min to max seconds, in whole ones; a plain number is seconds. */
uint64_t parse_seconds(const char *option, const char *arg, uint64_t min,
		       uint64_t max);

/* A command_option's set(): the value of the option of that name, into
 * o->config. */
void parse_irqchip(struct options *o, const char *arg);
void parse_disable_exits(struct options *o, const char *arg);
void parse_page_size(struct options *o, const char *arg);
void parse_mem(struct options *o, const char *arg);
void parse_limit(struct options *o, const char *arg);
void parse_duration(struct options *o, const char *arg);
void parse_halt_poll(struct options *o, const char *arg);
void parse_dma_latency(struct options *o, const char *arg);
void parse_break_at(struct options *o, const char *arg);
void parse_fail_if(struct options *o, const char *arg); /* one more */
void parse_cpus(struct options *o, const char *arg);
void parse_sched(struct options *o, const char *arg);
void parse_housekeeping(struct options *o, const char *arg);
void parse_json(struct options *o, const char *arg);

/* A list of --cpus, of the machine that the tree is of. */
void take_cpus(struct placement_wish *p, const struct tree *tree,
	       const char *arg);

/* Limits in a unit that c->ticks does not have. */
void check_units(const struct config *c);

#endif
