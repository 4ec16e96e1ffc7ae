/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_hostile.c - a guest that misbehaves is reported as what it is, and
 * nothing of it reaches the host's terminal or ends the host's program.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/hostile.h"

/* The limit that ends what hangs; the others have to end by themselves. */
#define LIMIT_S 0.5

/* Nothing but text: no byte that a terminal obeys. */
static void must_be_text(const char *text, size_t len, const char *what)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		must(c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f),
		     "%s: byte %#04x at %zu", what, c, i);
	}
}

static void must_show_crash(const struct hostile *h, const struct run *r)
{
	json_t *crash = json_object_get(r->json, "crash");

	if (h->vector > 0)
		assert_int_equal(get_int(crash, "vector"), h->vector - 1);
	if (h->vector == 0 && crash)
		assert_null(json_object_get(crash, "vector"));
	if (h->symbol) {
		const char *symbol = get_text(crash, "symbol");

		must(strncmp(symbol, h->symbol, strlen(h->symbol)) == 0,
		     "the crash is at %s", symbol);
		must(strstr(r->proc.out, symbol), "%s is not shown", symbol);
	}
	if (h->insn && *h->insn == '\0')
		assert_string_equal(get_text(crash, "instruction"), "");
	else if (h->insn)
		must(strncmp(get_text(crash, "instruction"), h->insn,
			     strlen(h->insn)) == 0,
		     "the crash is in '%s'", get_text(crash, "instruction"));
}

static void hostile_is_held(void **state)
{
	const struct hostile *h = *state;
	const char *limit, *reason;
	char seconds[32], file[80];
	struct run r;

	test_begin();
	need_cpus(h->vcpus ? atoi(h->vcpus) : 1);
	if (h->deaf)
		need_interruption();
	snprintf(file, sizeof(file), "tests/hostile/%s.elf", h->payload);
	snprintf(seconds, sizeof(seconds), "%.3f",
		 (h->hangs ? LIMIT_S : 10.0) * slow());
	limit = seconds;
	run_now(&r, built("%s", file), "--limit", limit, "--vcpus",
		h->vcpus ? h->vcpus : "1", "--irqchip",
		h->irqchip ? h->irqchip : "split", h->how);
	if (r.proc.status == 77 && strstr(r.proc.err, "SCHED_FIFO"))
		skip(); /* this user may not */
	must_be_whole(&r);
	must(!h->hangs || r.proc.seconds < (LIMIT_S + 2) * slow(),
	     "with a limit of %s s it took %.1f s", limit, r.proc.seconds);
	must(strstr(h->verdicts, get_text(r.json, "verdict")),
	     "%s, wanted %s: %s", get_text(r.json, "verdict"), h->verdicts,
	     get_text(r.json, "reason"));
	reason = get_text(r.json, "reason");
	if (strcmp(get_text(r.json, "verdict"), "PASS") == 0)
		assert_string_equal(reason, "");
	else
		must(h->reason && strstr(reason, h->reason),
		     "wanted '%s', got '%s'", h->reason, reason);
	must_show_crash(h, &r);
	must_be_text(r.proc.out, r.proc.out_len, "standard output");
	must_be_text(r.proc.err, r.proc.err_len, "standard error");
	must_be_text(r.text, strlen(r.text), "the result file");
	if (h->check)
		h->check(&r);
	run_free(&r);
}

static void add_hostiles(struct test_list *list)
{
	for (size_t i = 0; i < nr_hostile_cases; i++) {
		const struct hostile *h = &hostile_cases[i];
		const char *how = h->how ? strchr(h->how, '=') + 1 : "";
		char name[160];

		snprintf(name, sizeof(name), "hostile_%s%s%s%s%s%s%s",
			 h->payload, *how ? "_" : "", how,
			 h->vcpus ? "_vcpus_" : "", h->vcpus ? h->vcpus : "",
			 h->irqchip ? "_irqchip_" : "",
			 h->irqchip ? h->irqchip : "");
		test_add(list, name, hostile_is_held, (void *)(uintptr_t)h);
	}
}
TEST_FAMILY(add_hostiles);

static bool has_case(const char *payload, const char *how)
{
	for (size_t i = 0; i < nr_hostile_cases; i++)
		if (strcmp(hostile_cases[i].payload, payload) == 0 &&
		    (!how || (hostile_cases[i].how &&
			      strcmp(hostile_cases[i].how, how) == 0)))
			return true;
	return false;
}

/* Every word of "  case  write   write|read|byte|beside". */
static void must_have_choices(const char *payload, char *choices)
{
	char how[64], *word;

	while ((word = strsep(&choices, "|")) != NULL) {
		snprintf(how, sizeof(how), "case=%s", word);
		must(has_case(payload, how), "%s %s is in no case", payload,
		     how);
	}
}

TEST(every_hostile_payload_has_its_cases)
{
	struct dirent *d;
	DIR *dir = opendir(built("tests/hostile"));
	size_t nr = 0;

	must(dir, "no %s", built("tests/hostile"));
	while ((d = readdir(dir)) != NULL) {
		char *suffix = strstr(d->d_name, ".elf");
		char choices[64];
		const char *line;
		struct proc p;

		if (!suffix)
			continue;
		nr++;
		latvisor(&p, "list", built("tests/hostile/%s", d->d_name),
			 NULL);
		*suffix = '\0';
		must(has_case(d->d_name, NULL), "%s is in no case", d->d_name);
		line = strstr(p.out, "\n  case ");
		if (line && sscanf(line, " case %*s %63s", choices) == 1)
			must_have_choices(d->d_name, choices);
		proc_free(&p);
	}
	closedir(dir);
	must(nr > 30, "%zu hostile payloads only", nr);
}
