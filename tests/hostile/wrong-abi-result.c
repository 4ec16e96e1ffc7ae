/* SPDX-License-Identifier: BSD-2-Clause */
/* wrong-abi-result.c - another ABI version in the result area is an ERROR. */
#include "guest-firmware/fw.h"

static void wrong_abi_result(void)
{
	fw_result()->abi_version = ABI_VERSION + 1;
}

PAYLOAD("wrong-abi-result", wrong_abi_result,
	.summary = "says that it speaks another ABI", .limit_ms = 2000);
