/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dwarf.lds.h - the debug sections of gcc and clang, named one by one so that
 * --orphan-handling=error can catch everything else.
 */
#define DWARF(name) name 0 : { *(name) }

#define DWARF_SECTIONS                                                         \
	DWARF(.debug_info)                                                     \
	DWARF(.debug_abbrev)                                                   \
	DWARF(.debug_line)                                                     \
	DWARF(.debug_line_str)                                                 \
	DWARF(.debug_str)                                                      \
	DWARF(.debug_str_offsets)                                              \
	DWARF(.debug_addr)                                                     \
	DWARF(.debug_aranges)                                                  \
	DWARF(.debug_ranges)                                                   \
	DWARF(.debug_rnglists)                                                 \
	DWARF(.debug_loc)                                                      \
	DWARF(.debug_loclists)                                                 \
	DWARF(.debug_frame)
