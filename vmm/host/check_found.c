/* SPDX-License-Identifier: BSD-2-Clause */
/* check_found.c - see check_look.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/host/check_look.h"

static void say(struct check_found *f, enum check_status status,
		const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void say(struct check_found *f, enum check_status status,
		const char *fmt, va_list ap)
{
	char text[2 * CHECK_VALUE_LEN];

	f->status = status;
	vsnprintf(text, sizeof(text), fmt, ap);
	text_copy(f->value, sizeof(f->value), text, sizeof(text));
}

void found_good(struct check_found *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(f, CHECK_PASS, fmt, ap);
	va_end(ap);
}

void found_bad(const struct check *c, struct check_found *f, const char *fmt,
	       ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(f, c->bad, fmt, ap);
	va_end(ap);
}

void found_unknown(struct check_found *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(f, CHECK_UNKNOWN, fmt, ap);
	va_end(ap);
}

bool check_is_word(const char *list, const char *text)
{
	size_t len = strlen(text);

	for (; *list; list += *list == '|') {
		size_t word = strcspn(list, "|");

		if (word == len && strncmp(list, text, len) == 0)
			return true;
		list += word;
	}
	return false;
}

/* A path with {cpu}: of that CPU. */
static void path_of(const char *path, int cpu, char text[CHECK_PATH_LEN])
{
	static const char mark[] = "{cpu}";
	const char *at = strstr(path, mark);

	if (at)
		snprintf(text, CHECK_PATH_LEN, "%.*s%d%s", (int)(at - path),
			 path, cpu, at + strlen(mark));
	else
		snprintf(text, CHECK_PATH_LEN, "%s", path);
}

/* What it means that the file is not there. */
static void say_absent(const struct check *c, const struct check_host *h,
		       struct check_found *f, const char *why)
{
	if (!c->anchor || !tree_has(&h->tree, c->anchor))
		found_unknown(f, "%s", why);
	else
		found_is(c, f, c->absent_is == CHECK_PASS,
			 "not in this kernel");
}

bool check_read(const struct check *c, const struct check_host *h,
		struct check_found *f, int cpu, char text[CHECK_TEXT_LEN])
{
	char path[CHECK_PATH_LEN], why[TREE_WHY_LEN];
	int err;

	f->cpu = cpu;
	path_of(c->path, cpu, path);
	err = tree_read(&h->tree, path, text, CHECK_TEXT_LEN, why);
	if (err == -ENOENT && c->instead) {
		path_of(c->instead, cpu, path);
		err = tree_read(&h->tree, path, text, CHECK_TEXT_LEN, why);
	}
	snprintf(f->at, sizeof(f->at), "/%.120s", path);
	if (err == -ENOENT)
		say_absent(c, h, f, why);
	else if (err)
		found_unknown(f, "/%s %s", path, why);
	return err == 0;
}

bool check_read_at(const struct check_host *h, struct check_found *f,
		   const char *path, char *text, size_t len)
{
	char why[TREE_WHY_LEN];

	if (tree_read(&h->tree, path, text, len, why) == 0)
		return true;
	found_unknown(f, "/%.60s: %s", path, why);
	return false;
}
