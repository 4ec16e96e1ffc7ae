/* SPDX-License-Identifier: BSD-2-Clause */
/* print.c - the text of each conversion, and the console's lock. */
#include "guest-firmware/string.h"
#include "payloads/selftest/selftest.h"

#define TEXT_LEN  64
#define UNTOUCHED '~'

static char text[TEXT_LEN];

/* Into the first len bytes of text. */
static __attribute__((format(printf, 2, 3))) void into(size_t len,
						       const char *fmt, ...)
{
	va_list ap;

	memset(text, UNTOUCHED, sizeof(text));
	va_start(ap, fmt);
	print_to_buffer(text, len, fmt, ap);
	va_end(ap);
}

static bool is(const char *wanted)
{
	size_t len = strlen(wanted);

	must(memcmp(text, wanted, len + 1) == 0,
	     "print: wanted the text '%s', got '%s'", wanted, text);
	must(text[len + 1] == UNTOUCHED, "print: '%s' has more than its end",
	     wanted);
	return true;
}

#define gives(wanted, ...) (into(sizeof(text) - 1, __VA_ARGS__), is(wanted))

static bool numbers(void)
{
	return gives("0 7 4294967295", "%u %u %u", 0u, 7u, UINT32_MAX) &&
	       gives("0 -1 2147483647 -2147483648", "%d %d %d %d", 0, -1,
		     INT32_MAX, INT32_MIN) &&
	       gives("0 9 abcdef ffffffff", "%x %x %x %x", 0u, 9u, 0xabcdefu,
		     UINT32_MAX) &&
	       gives("18446744073709551615 fedcba9876543210", "%lu %lx",
		     UINT64_MAX, 0xfedcba9876543210ul) &&
	       gives("-9223372036854775808 9223372036854775807", "%ld %ld",
		     INT64_MIN, INT64_MAX) &&
	       gives("-5000000000 5000000000 12a05f200", "%lld %llu %llx",
		     -5000000000ll, 5000000000ull, 5000000000ull) &&
	       gives("c0ffee", "%p", (void *)0xc0ffee);
}

static bool widths(void)
{
	return gives("[   42][00042][  -42][-0042]", "[%5u][%05u][%5d][%05d]",
		     42u, 42u, -42, -42) &&
	       gives("[  ff][00ff][        ff]", "[%4x][%04x][%10lx]", 0xffu,
		     0xffu, 0xfful) &&
	       gives("[12345][   go][gone][  c]", "[%2u][%5s][%2s][%3c]",
		     12345u, "go", "gone", 'c');
}

static bool words(void)
{
	return gives("", "%s", "") &&
	       gives("a word, c, 100%", "a %s, %c, %u%%", "word", 'c', 100u);
}

static bool cuts(void)
{
	into(5, "cut %s", "off");
	if (!is("cut "))
		return false;
	into(5, "%u", 12345678u);
	if (!is("1234"))
		return false;
	into(1, "%s", "none of it");
	return is("");
}

static _Atomic uint64_t here;

/* One line each; that they are whole is seen on the host's side. */
static void say(void *arg)
{
	(void)arg;
	meet(&here);
	print("test print: this is vCPU %lu of %u\n", me()->id, nr_vcpus());
}

bool selftest_print(void)
{
	if (!numbers() || !widths() || !words() || !cuts())
		return false;
	on_all_vcpus(say, NULL);
	return true;
}
