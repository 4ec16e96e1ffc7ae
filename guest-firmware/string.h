/* SPDX-License-Identifier: BSD-2-Clause */
/* string.h - what the compiler and libfdt call by these names (C11 7.24). */
#ifndef FW_STRING_H
#define FW_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int c, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void *memchr(const void *s, int c, size_t len);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t len);
char *strrchr(const char *s, int c);
void __stack_chk_fail(void);

#endif
