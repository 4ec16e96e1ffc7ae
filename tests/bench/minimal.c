/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * minimal.c - the least program that runs a guest on /dev/kvm, to measure
 * latvisor against: no device, no check, no report.
 *
 *	minimal hello none|split|kernel	the guest's text to standard output
 *	minimal outl CPU N [BATCHES]	cycles of one OUT: N in a batch, the
 *					least of the batches (1)
 *
 * With TIMELINE in the environment its steps go to standard error, in the words
 * of "latvisor run --timeline".
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define RAM_LEN	    0x80000u
#define CODE	    0x40000u
#define RESULT	    0x30000u /* a batch's cycles each, or the text */
#define MAX_BATCHES 1000u
#define PML4	    0x10000u
#define PORT_END    0xf4
#define PORT_OUT    0x510

/* clang-format off */
extern const char guest_hello[], guest_outl[], guest_end[];
asm(".pushsection .rodata\n"
    "guest_hello: mov $" "0x30000" ", %edi\n"
    "lea 1f(%rip), %rsi\n"
    "mov $22, %ecx\n"
    "rep movsb\n"
    "out %al, $0xf4\n"
    "1: .ascii \"hello from vCPU 0\\n\\0\\0\\0\\0\"\n"
    "guest_outl: mov $0x30000, %ebx\n"
    "3: mov %edi, %ecx\n"	/* N in rdi, batches in rsi */
    "lfence; rdtsc; mov %eax, %r8d\n"
    "mov $0x510, %edx\n"
    "2: out %eax, %dx\n"
    "dec %ecx\n"
    "jnz 2b\n"
    "lfence; rdtsc; sub %r8d, %eax\n"
    "mov %eax, (%rbx)\n"
    "add $4, %ebx\n"
    "dec %esi\n"
    "jnz 3b\n"
    "out %al, $0xf4\n"
    "guest_end:\n"
    ".popsection\n");
/* clang-format on */

static void need(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static struct {
	const char *what;
	struct timespec at;
} marks[16];
static int nr_marks;

static void mark(const char *what)
{
	marks[nr_marks].what = what;
	clock_gettime(CLOCK_MONOTONIC, &marks[nr_marks++].at);
}

static void print_marks(void)
{
	for (int i = 1; i < nr_marks; i++) {
		const struct timespec *a = &marks[i - 1].at, *b = &marks[i].at;

		fprintf(stderr, "timeline + %.3f  %s\n",
			(double)(b->tv_sec - a->tv_sec) * 1e3 +
				(double)(b->tv_nsec - a->tv_nsec) / 1e6,
			marks[i].what);
	}
}

/* Long mode; RAM identity-mapped by 4K pages, as latvisor's guests have it. */
static void enter(int vcpu, unsigned char *ram, uint64_t rdi, uint64_t rsi)
{
	struct kvm_segment seg = {.limit = ~0u,
				  .selector = 8,
				  .type = 11,
				  .present = 1,
				  .s = 1,
				  .l = 1,
				  .g = 1};
	struct kvm_regs regs = {
		.rip = CODE, .rflags = 2, .rdi = rdi, .rsi = rsi};
	uint64_t *table = (uint64_t *)(void *)(ram + PML4);
	struct kvm_sregs s;

	for (uint64_t level = 0; level < 3; level++)
		table[level * 512] = (PML4 + (level + 1) * 0x1000) | 0x23;
	for (uint64_t page = 0; page < RAM_LEN / 0x1000; page++)
		table[3 * 512 + page] = page * 0x1000 | 0x63;
	need(ioctl(vcpu, KVM_GET_SREGS, &s) == 0, "KVM_GET_SREGS");
	s.cs = seg;
	seg.type = 3;
	seg.l = 0;
	seg.selector = 16;
	s.ds = s.es = s.fs = s.gs = s.ss = seg;
	s.cr0 = 0x80010033;
	s.cr3 = PML4;
	s.cr4 = 0x20;
	s.efer = 0x500;
	need(ioctl(vcpu, KVM_SET_SREGS, &s) == 0, "KVM_SET_SREGS");
	need(ioctl(vcpu, KVM_SET_REGS, &regs) == 0, "KVM_SET_REGS");
}

static void create_irqchip(int vm, const char *kind)
{
	struct kvm_enable_cap split = {.cap = KVM_CAP_SPLIT_IRQCHIP,
				       .args = {24}};

	if (strcmp(kind, "split") == 0)
		need(ioctl(vm, KVM_ENABLE_CAP, &split) == 0, "split irqchip");
	else if (strcmp(kind, "kernel") == 0)
		need(ioctl(vm, KVM_CREATE_IRQCHIP, 0) == 0, "irqchip");
}

static void become_realtime(int cpu)
{
	struct sched_param sp = {.sched_priority = 80};
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	need(sched_setaffinity(0, sizeof(one), &one) == 0, "affinity");
	need(sched_setscheduler(0, SCHED_FIFO, &sp) == 0, "SCHED_FIFO");
	need(mlockall(MCL_CURRENT | MCL_FUTURE) == 0, "mlockall");
}

static uint64_t number(int argc, char **argv, int i)
{
	return argc > i ? strtoull(argv[i], NULL, 10) : 1;
}

static unsigned char *add_memory(int vm)
{
	unsigned char *ram;

	ram = mmap(NULL, RAM_LEN, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	need(ram != MAP_FAILED, "mmap");
	mark("guest memory");
	need(ioctl(vm, KVM_SET_USER_MEMORY_REGION,
		   &(struct kvm_userspace_memory_region){
			   .memory_size = RAM_LEN,
			   .userspace_addr = (uintptr_t)ram}) == 0,
	     "KVM_SET_USER_MEMORY_REGION");
	mark("memory slots");
	return ram;
}

int main(int argc, char **argv)
{
	bool hello = argc == 3 && strcmp(argv[1], "hello") == 0;
	const char *code = hello ? guest_hello : guest_outl;
	const char *end = hello ? guest_outl : guest_end;
	struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[256];
	} cpuid = {.head = {.nent = 256}};
	int kvm, vm, vcpu;
	struct kvm_run *run;
	uint64_t n = number(argc, argv, 3), batches = number(argc, argv, 4);
	unsigned char *ram;
	uint32_t *t;

	mark("start");
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	need(hello || (argc >= 4 && n && batches && batches <= MAX_BATCHES),
	     "hello KIND, or outl CPU N [BATCHES]");
	if (!hello)
		become_realtime(atoi(argv[2]));
	need(kvm >= 0, "/dev/kvm");
	mark("/dev/kvm");
	need((vm = ioctl(kvm, KVM_CREATE_VM, 0)) >= 0, "KVM_CREATE_VM");
	mark("KVM_CREATE_VM");
	create_irqchip(vm, hello ? argv[2] : "split");
	mark("irqchip");
	ram = add_memory(vm);
	memcpy(ram + CODE, code, (size_t)(end - code));
	need((vcpu = ioctl(vm, KVM_CREATE_VCPU, 0)) >= 0, "KVM_CREATE_VCPU");
	run = mmap(NULL, (size_t)ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
		   PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	need(run != MAP_FAILED, "kvm_run");
	mark("vCPUs");
	need(ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid) == 0, "CPUID");
	mark("KVM_GET_SUPPORTED_CPUID");
	need(ioctl(vcpu, KVM_SET_CPUID2, &cpuid) == 0, "KVM_SET_CPUID2");
	enter(vcpu, ram, n, batches);
	mark("vCPU state");
	do
		need(ioctl(vcpu, KVM_RUN, 0) == 0, "KVM_RUN");
	while (run->exit_reason == KVM_EXIT_IO && run->io.port == PORT_OUT);
	need(run->exit_reason == KVM_EXIT_IO && run->io.port == PORT_END,
	     "the guest's end");
	mark("guest ended");
	t = (uint32_t *)(void *)(ram + RESULT);
	if (hello) {
		fputs((char *)t, stdout);
		fflush(stdout);
		mark("report");
		if (getenv("TIMELINE"))
			print_marks();
		return 0;
	}
	for (uint64_t i = 1; i < batches; i++)
		t[0] = t[i] < t[0] ? t[i] : t[0];
	printf("%.2f\n", (double)t[0] / (double)n);
	return 0;
}
