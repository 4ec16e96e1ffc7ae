/* SPDX-License-Identifier: BSD-2-Clause */
/* test_text.c - text of a guest: bounded, and harmless to a terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/run/console.h"

TEST(text_copy_ends_at_the_first_nul)
{
	char to[16];

	text_copy(to, sizeof(to), "ab\0cd", 5);
	assert_string_equal(to, "ab");
	text_copy(to, sizeof(to), "", 1);
	assert_string_equal(to, "");
}

TEST(text_copy_needs_no_nul)
{
	const char from[4] = {'a', 'b', 'c', 'd'};
	char to[16];

	text_copy(to, sizeof(to), from, sizeof(from));
	assert_string_equal(to, "abcd");
	text_copy(to, sizeof(to), from, 0);
	assert_string_equal(to, "");
}

TEST(text_copy_stays_within_its_target)
{
	char to[8];

	memset(to, '!', sizeof(to));
	text_copy(to, 4, "abcdefgh", 8);
	assert_string_equal(to, "abc");
	assert_int_equal(to[4], '!');
	text_copy(to, 1, "abc", 3);
	assert_string_equal(to, "");
}

TEST(text_copy_replaces_what_is_not_printable)
{
	for (unsigned int c = 1; c < 256; c++) {
		char from = (char)c, to[2];

		text_copy(to, sizeof(to), &from, 1);
		assert_int_equal(to[0], c >= 0x20 && c < 0x7f ? c : '?');
		assert_int_equal(to[1], '\0');
	}
}

TEST(text_line_has_no_control_character)
{
	char line[] = "a\nb\tc\033[2J\x7f\xc2\x9b"
		      "31m";
	char name[] = "r\xc3\xa9sum\xc3\xa9.json";

	text_line(line);
	assert_string_equal(line, "a?b?c?[2J?\xc2?"
				  "31m");
	text_line(name);
	assert_string_equal(name, "r\xc3\xa9sum\xc3\xa9.json");
	for (unsigned int c = 1; c < 256; c++) {
		char one[] = {(char)c, '\0'};

		text_line(one);
		assert_int_equal((unsigned char)one[0],
				 c < 0x20 || c == 0x7f ? '?' : c);
	}
}

static void die_of_two_lines(void *arg)
{
	die("wanted one line, got '%s'", (const char *)arg);
}

static char two_lines[] = "one\ntwo\033[31m";

TEST(message_is_one_line_whatever_was_typed)
{
	assert_dies(die_of_two_lines, two_lines, "got 'one?two?[31m'");
}

static struct console *console_new(void)
{
	struct console *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	return c;
}

/* As the guest does it. */
static void print(struct console *c, const char *text)
{
	for (; *text; text++)
		c->data[c->head++ % CONSOLE_DATA_LEN] = *text;
}

static void assert_drains(struct console *c, const char *wanted)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(console_drain(c, out, CONSOLE_DATA_LEN),
			 strlen(wanted));
	fclose(out);
	assert_string_equal(text, wanted);
	assert_int_equal(c->tail, c->head);
	free(text);
}

TEST(console_gives_each_byte_once)
{
	struct console *c = console_new();

	assert_drains(c, "");
	print(c, "one\n");
	assert_drains(c, "one\n");
	assert_drains(c, "");
	print(c, "two\tthree");
	assert_drains(c, "two\tthree");
	free(c);
}

TEST(console_wraps_around)
{
	struct console *c = console_new();

	c->head = c->tail = CONSOLE_DATA_LEN - 3;
	print(c, "abcdef");
	assert_drains(c, "abcdef");
	c->head = c->tail = UINT64_MAX - 2;
	print(c, "ghijkl");
	assert_drains(c, "ghijkl");
	free(c);
}

TEST(console_escapes_control_characters)
{
	struct console *c = console_new();

	print(c, "\033[2J\r\a\b\x7f\x80\xff\v ok\n");
	assert_drains(c, "?[2J??????? ok\n");
	print(c, "a");
	c->data[c->head++ % CONSOLE_DATA_LEN] = '\0';
	assert_drains(c, "a?");
	free(c);
}

TEST(console_drops_the_text_without_a_target)
{
	struct console *c = console_new();

	print(c, "text");
	assert_int_equal(console_drain(c, NULL, CONSOLE_DATA_LEN), 4);
	assert_int_equal(c->tail, 4);
	assert_drains(c, "");
	free(c);
}

/* At most one ring, inside of the ring, whatever the guest wrote. */
TEST(console_survives_a_hostile_head_and_tail)
{
	static const uint64_t values[] = {0,
					  1,
					  CONSOLE_DATA_LEN - 1,
					  CONSOLE_DATA_LEN,
					  CONSOLE_DATA_LEN + 1,
					  1ull << 32,
					  1ull << 63,
					  UINT64_MAX};
	struct console *c = console_new();
	FILE *out = fopen("/dev/null", "we");

	assert_non_null(out);
	for (unsigned int i = 0; i < 64; i++) {
		c->head = values[i % 8];
		c->tail = values[i / 8];
		assert_in_range(console_drain(c, out, CONSOLE_DATA_LEN), 0,
				CONSOLE_DATA_LEN);
		assert_int_equal(c->tail, values[i % 8]);
		assert_int_equal(console_drain(c, out, CONSOLE_DATA_LEN), 0);
	}
	fclose(out);
	free(c);
}
