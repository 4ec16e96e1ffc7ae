/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cppcheck.h - what cppcheck has to know of libraries whose headers it does not
 * read: tests/lint.
 */
#define json_array_foreach(array, index, value) \
	for (index = 0; (value = json_array_get(array, index)) != 0; index++)
#define json_object_foreach(object, key, value) \
	for (key = 0; (value = json_object_get(object, key)) != 0;)
