/* SPDX-License-Identifier: BSD-2-Clause */
/* format.c - a small printf into a buffer. */
#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/format.h"
#include "guest-firmware/string.h"

#define NUMBER_LEN 20 /* 2^64 - 1 in decimal */
#define WIDTH_MAX  64

struct out {
	char *at, *end; /* end: the last byte, the NUL's */
	size_t cut;
};

struct spec {
	unsigned int width;
	bool zero;
	unsigned int longs;
};

static inline void put(struct out *o, char c)
{
	if (o->at != o->end)
		*o->at++ = c;
	else
		o->cut++;
}

/* In one go: cheap where every instruction is emulated. */
static void put_text(struct out *o, const char *text, size_t len)
{
	size_t room = (size_t)(o->end - o->at);
	size_t fits = len < room ? len : room;

	memcpy(o->at, text, fits);
	o->at += fits;
	o->cut += len - fits;
}

static void put_padding(struct out *o, char c, const struct spec *s, size_t len)
{
	for (; len < s->width; len++)
		put(o, c);
}

static void put_number(struct out *o, const struct spec *s, uint64_t value,
		       bool negative, unsigned int base)
{
	char text[NUMBER_LEN];
	size_t at = sizeof(text);
	size_t len;

	do {
		text[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	len = sizeof(text) - at + negative;
	if (!s->zero)
		put_padding(o, ' ', s, len);
	if (negative)
		put(o, '-');
	if (s->zero)
		put_padding(o, '0', s, len);
	put_text(o, text + at, sizeof(text) - at);
}

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	size_t len = strlen(text);

	put_padding(o, ' ', s, len);
	put_text(o, text, len);
}

static const char *parse_spec(struct spec *s, const char *p)
{
	*s = (struct spec){.width = 0};
	if (*p == '0') {
		s->zero = true;
		p++;
	}
	for (; *p >= '0' && *p <= '9'; p++)
		s->width = s->width * 10 + (unsigned int)(*p - '0');
	if (s->width > WIDTH_MAX)
		s->width = WIDTH_MAX;
	for (; *p == 'l'; p++)
		s->longs++;
	return p;
}

/* Everything but the plain text; p: behind the '%'. */
static const char *put_conversion(struct out *o, const char *p, va_list *ap)
{
	struct spec s;
	int64_t d;

	p = parse_spec(&s, p);
	switch (*p) {
	case 's':
		put_string(o, &s, va_arg(*ap, const char *));
		break;
	case 'c':
		put_padding(o, ' ', &s, 1);
		put(o, (char)va_arg(*ap, int));
		break;
	case 'd':
		d = s.longs ? va_arg(*ap, int64_t) : va_arg(*ap, int);
		put_number(o, &s, d < 0 ? -(uint64_t)d : (uint64_t)d, d < 0,
			   10);
		break;
	case 'u':
	case 'x':
		put_number(o, &s,
			   s.longs ? va_arg(*ap, uint64_t)
				   : va_arg(*ap, unsigned int),
			   false, *p == 'x' ? 16 : 10);
		break;
	case 'p':
		put_number(o, &s, (uint64_t)va_arg(*ap, void *), false, 16);
		break;
	case '%':
		put(o, '%');
		break;
	case '\0':
		return p - 1;
	default: /* not known: shown, its argument is not taken */
		put(o, '%');
		put(o, *p);
		break;
	}
	return p;
}

size_t format(char *buf, size_t len, size_t *cut, const char *fmt, va_list ap)
{
	struct out o = {.at = buf, .end = buf + len - 1};
	va_list args;

	va_copy(args, ap);
	for (const char *p = fmt; *p != '\0';) {
		const char *from = p;

		while (*p != '\0' && *p != '%')
			p++;
		put_text(&o, from, (size_t)(p - from));
		if (*p == '%')
			p = put_conversion(&o, p + 1, &args) + 1;
	}
	va_end(args);
	*o.at = '\0';
	*cut = o.cut;
	return (size_t)(o.at - buf);
}
