/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.c - string functions as string instructions, which a host that
 * emulates ring 0 takes in one go.  -fno-builtin keeps the compiler from
 * turning a loop here into a call of itself.
 */
#include <stdint.h>

#include "guest-firmware/string.h"

void *memcpy(void *to, const void *from, size_t len)
{
	void *d = to;

	asm volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(len) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t len)
{
	char *d = to;
	const char *s = from;

	if ((uintptr_t)to - (uintptr_t)from >= len)
		return memcpy(to, from, len);
	while (len--)
		d[len] = s[len];
	return to;
}

void *memset(void *to, int c, size_t len)
{
	void *d = to;

	asm volatile("rep stosb" : "+D"(d), "+c"(len) : "a"(c) : "memory");
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a, *y = b;

	for (; len; len--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t len)
{
	const unsigned char *p = s;

	for (; len; len--, p++)
		if (*p == (unsigned char)c)
			return (void *)(uintptr_t)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p != '\0')
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] != '\0')
		n++;
	return n;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (*s == '\0')
			return (char *)(uintptr_t)found;
	}
}

/* Debian's libfdt.a is built with stack protection. */
void __stack_chk_fail(void)
{
	for (;;)
		asm volatile("ud2");
}
