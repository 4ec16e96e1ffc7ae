/* SPDX-License-Identifier: BSD-2-Clause */
/* task.c - a context switch: what a function has to keep, and the stack. */
#include "payloads/msg-rr/task.h"

#define NR_SAVED 6 /* rbx, rbp, r12..r15: System V ABI, AMD64, 3.2.1 */

asm(".text\n"
    ".globl task_switch\n"
    "task_switch:\n"
    "push %rbx\n"
    "push %rbp\n"
    "push %r12\n"
    "push %r13\n"
    "push %r14\n"
    "push %r15\n"
    "mov %rsp, (%rdi)\n"
    "mov (%rsi), %rsp\n"
    "pop %r15\n"
    "pop %r14\n"
    "pop %r13\n"
    "pop %r12\n"
    "pop %rbp\n"
    "pop %rbx\n"
    "ret\n");

void task_init(struct task *task, void *top, void (*fn)(void))
{
	/* As after a call: the stack is 8 below a multiple of 16. */
	uint64_t *sp = (uint64_t *)top - 1;

	*--sp = (uint64_t)fn;
	for (int i = 0; i < NR_SAVED; i++)
		*--sp = 0;
	task->rsp = (uint64_t)sp;
}
