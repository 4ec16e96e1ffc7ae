# SPDX-License-Identifier: BSD-2-Clause
# The only makefile.  "make help" tells what it does; V=1 shows commands.

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
WERROR  ?= 1
V       ?= 0
BUILD   ?= build
KVM     ?= /dev/kvm

ifeq ($(V),0)
Q     := @
quiet  = @printf '  %-7s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$@)'
else
Q     :=
quiet  =
endif

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# Sources: adding a file is all it takes.
VMM_SRC     := $(wildcard vmm/*.c vmm/*/*.c vmm/*/*/*.c devices/*.c)
FW_SRC      := $(wildcard guest-firmware/*.c guest-firmware/*.S)
PAYLOAD_SRC := $(wildcard payloads/*.c)
PART_SRC    := $(wildcard payloads/*/*.c)
HOSTILE_SRC := $(wildcard tests/hostile/*.c)
UNIT_SRC    := $(wildcard tests/unit/*.c)
FUNC_SRC    := $(wildcard tests/functional/*.c)

VMM_OBJ  := $(VMM_SRC:%.c=$(BUILD)/host/%.o)
FW_OBJ   := $(patsubst %,$(BUILD)/guest/%.o,$(basename $(FW_SRC)))
PAYLOADS := $(PAYLOAD_SRC:payloads/%.c=$(BUILD)/payloads/%.elf)
EXACT    := $(BUILD)/tests/minimal \
	$(patsubst %,$(BUILD)/tests/bench/%.elf,outl-loop record-loop)
COMPLETIONS := $(patsubst %,$(BUILD)/completion.%,bash zsh fish)
HOSTILES := $(HOSTILE_SRC:tests/hostile/%.c=$(BUILD)/tests/hostile/%.elf)
# Of sources that are gone.
STALE := $(filter-out $(PAYLOADS) $(HOSTILES), \
	$(wildcard $(BUILD)/payloads/*.elf $(BUILD)/tests/hostile/*.elf))

WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference \
	-Wredundant-decls
ifneq ($(WERROR),0)
WARN += -Werror
endif
# By what it says: cc may be clang.
CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
ifeq ($(CLANG),)
WARN += -Wduplicated-cond -Wlogical-op
endif

COMMON := -std=gnu11 -g -O2 -I. -ffile-prefix-map=$(CURDIR)=. -fno-common
HOST_CFLAGS  := $(COMMON) $(WARN) -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fPIE -Wstack-usage=32768
# No address is known beforehand, and nothing that is decided at the start can be
# written later.
HARD_LDFLAGS := -Wl,-z,relro,-z,now,-z,noexecstack
ifneq ($(CLANG),)
HOST_CFLAGS  := $(filter-out -Wstack-usage=%,$(HOST_CFLAGS))
endif
GUEST_CFLAGS := $(COMMON) $(WARN) -ffreestanding -fno-builtin -fno-pic \
	-mno-red-zone -mgeneral-regs-only -fno-stack-protector \
	-fcf-protection=none -fno-asynchronous-unwind-tables \
	-fno-strict-aliasing -mcmodel=small
# What a debugger reads stays: run --exits shows source lines.
GUEST_LDFLAGS := -nostdlib -static -z noexecstack --orphan-handling=error \
	--fatal-warnings --build-id=none -z max-page-size=4096
LIBS := -lfdt -lcapstone -ldw -lelf -ljansson -lseccomp -ltraceevent -lm -lpthread

## all: the program and its payloads, in build/ (the default)
all: $(BUILD)/.tools
	$(Q)$(MAKE) build

build: $(BUILD)/latvisor $(PAYLOADS)
	$(if $(STALE),$(Q)rm -f $(STALE))
	@:

# Only looks, and says what to type; bench and check install by themselves.
$(BUILD)/.tools:
	$(Q)tests/prereqs build check
	@mkdir -p $(BUILD) && touch $@

## bench: installs what is missing, builds, measures; results in results/
bench:
	$(Q)tests/prereqs build
	$(Q)$(MAKE) build
	$(Q)if [ -e $(KVM) ]; then \
		$(BUILD)/latvisor bench --out results $(BENCH_ARGS); \
	else \
		echo "There is no $(KVM) here, so nothing can be timed: the same" \
			"on an emulated CPU, in instructions (docs/lab.md)"; \
		$(MAKE) lab; \
	fi

## check: installs what is missing, builds, runs every test
check:
	$(Q)tests/prereqs build test $(if $(filter true,$(CI)),fuzz)
	$(Q)$(MAKE) build tests
	$(Q)[ -n "$$(tests/fuzz/run why-not)" ] || $(MAKE) fuzzers
	$(Q)BUILD=$(BUILD) tests/run

## check-sanitized: hostile guests against builds of ASan, UBSan and TSan
check-sanitized:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build tests sanitized
	$(Q)BUILD=$(BUILD) tests/run sanitized

# The program twice more, each in a folder of its own.  Warnings are the other
# build's; into what _FORTIFY_SOURCE calls no sanitizer looks.
sanitize = $(MAKE) BUILD=$(BUILD)/$(1) STATIC= LDFLAGS='$(2)' \
	CFLAGS='-O1 -U_FORTIFY_SOURCE -w $(2)' $(BUILD)/$(1)/latvisor
sanitized:
	$(Q)$(call sanitize,asan,$(SAN))
	$(Q)$(call sanitize,tsan,-fsanitize=thread -fno-omit-frame-pointer)

## check-faults: each system call fails once; limits, full disks, signals
check-faults:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build tests
	$(Q)BUILD=$(BUILD) tests/faults/run

# What only the emulated machines want is looked for by them: without it they skip.
## check-nested: the functional tests on a stock KVM in software emulation
check-nested:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build tests
	$(Q)BUILD=$(BUILD) tests/nested/run

## check-lab: the functional tests on a stock kvm_intel, in the laboratory
check-lab:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build tests $(EXACT)
	$(Q)BUILD=$(BUILD) tests/lab/check

## lab: a stock KVM on an emulated CPU, figures in instructions (docs/lab.md)
lab:
	$(Q)tests/prereqs build lab
	$(Q)$(MAKE) build
	$(Q)BUILD=$(BUILD) tests/lab/run

## lab-profile: every instruction of one sample there, by function
lab-profile:
	$(Q)tests/prereqs build lab
	$(Q)$(MAKE) build
	$(Q)BUILD=$(BUILD) tests/lab/profile

## lab-table: that of several kernels, side by side (LAB_KERNELS, LAB_VENDORS)
lab-table:
	$(Q)tests/prereqs build lab
	$(Q)$(MAKE) build
	$(Q)BUILD=$(BUILD) tests/lab/boots table

## lab-spread: how far its boots of one kernel are apart (LAB_SEEDS)
lab-spread:
	$(Q)tests/prereqs build lab
	$(Q)$(MAKE) build
	$(Q)BUILD=$(BUILD) tests/lab/boots spread

## lab-exact: tests that pin what latvisor itself costs, to the instruction
lab-exact:
	$(Q)tests/prereqs build lab
	$(Q)$(MAKE) build $(EXACT)
	$(Q)BUILD=$(BUILD) tests/lab/exact

## bench-self: the program's own speed and size, as ratios in one run
bench-self:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build $(BUILD)/tests/minimal $(BUILD)/tests/spawn \
		$(BUILD)/tests/bench/outl-loop.elf
	$(Q)BUILD=$(BUILD) tests/bench/self

## soak: does anything grow with 10000 VMs, 20 at once, an hour at full rate
soak:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build $(BUILD)/tests/hostile/exit-storm.elf
	$(Q)BUILD=$(BUILD) tests/bench/soak

## bench-truth: do intervals hold the truth, do identical runs agree
bench-truth:
	$(Q)tests/prereqs build test
	$(Q)$(MAKE) build $(BUILD)/tests/coverage
	$(Q)$(BUILD)/tests/coverage
	$(Q)BUILD=$(BUILD) tests/bench/disjoint

## mutants: breaks what is promised in many ways; a test must fail for each
mutants:
	$(Q)tests/prereqs build test
	$(Q)tests/mutants

## lint: format, compilers' and checkers' warnings, licences, include rules
lint:
	$(Q)tests/prereqs build test lint
	$(Q)BUILD=$(BUILD) tests/lint

## format: lets clang-format rewrite every source
format:
	$(Q)git ls-files -co --exclude-standard '*.c' '*.h' \
		':!linker-scripts' | xargs clang-format -i

## fuzz: libFuzzer on all that parses, FUZZ_SECONDS or FUZZ_RUNS each
fuzz:
	$(Q)tests/prereqs build test fuzz
	$(Q)$(MAKE) build fuzzers
	$(Q)BUILD=$(BUILD) FUZZ_SUB_BITS=$(FUZZ_SUB_BITS) tests/fuzz/run long

# All of them, with all that they link, by clang in a folder of its own.
FUZZ_SUB_BITS := 4
fuzzers:
	$(Q)$(MAKE) CC=clang BUILD=$(BUILD)/fuzz \
		CFLAGS='-U_FORTIFY_SOURCE -w $(SAN) -fsanitize=fuzzer-no-link \
			-DHIST_SUB_BITS=$(FUZZ_SUB_BITS)u' \
		LDFLAGS='$(SAN) -fsanitize=fuzzer' all-fuzzers

# What is installed, and where: FILE:FOLDER[:NAME], below PREFIX.
INSTALLED := $(BUILD)/stripped/latvisor:bin \
	$(BUILD)/stripped/latvisor.debug:bin/.debug \
	$(PAYLOADS:%=%:lib/latvisor/payloads) \
	$(BUILD)/latvisor.1:share/man/man1 \
	$(BUILD)/completion.bash:share/bash-completion/completions:latvisor \
	$(BUILD)/completion.zsh:share/zsh/site-functions:_latvisor \
	$(BUILD)/completion.fish:share/fish/vendor_completions.d:latvisor.fish \
	LICENSE:share/doc/latvisor README.md:share/doc/latvisor \
	CHANGES.md:share/doc/latvisor \
	$(foreach f,$(wildcard docs/*.md),$(f):share/doc/latvisor/docs) \
	$(foreach f,$(wildcard docs/suite/*.md),$(f):share/doc/latvisor/docs/suite)

# each COMMAND: for everything that is installed; $$1: the file, $$to: its place.
each = $(Q)for i in $(INSTALLED); do \
		set -- $$(echo $$i | tr : ' '); \
		to=$(DESTDIR)$(PREFIX)/$$2/$${3:-$$(basename $$1)}; \
		$(1) || exit 1; \
	done

## install: to $(DESTDIR)$(PREFIX)
install: all
	$(Q)tests/prereqs man check
	$(Q)$(MAKE) $(BUILD)/stripped/latvisor $(BUILD)/latvisor.1 $(COMPLETIONS)
	$(call each,install -D -m $$([ $$2 = bin ] && echo 755 || echo 644) $$1 $$to)

## uninstall: removes what install has put there, and folders of its own
uninstall:
	$(call each,rm -f $$to)
	$(Q)cd $(DESTDIR)$(PREFIX) && for d in lib/latvisor/payloads lib/latvisor \
		share/doc/latvisor/docs/suite share/doc/latvisor/docs \
		share/doc/latvisor bin/.debug; do \
		rmdir $$d 2>/dev/null || true; \
	done

# What a debugger reads is apart, and found by name.
$(BUILD)/stripped/latvisor: $(BUILD)/latvisor
	@mkdir -p $(@D)
	$(Q)objcopy --only-keep-debug $< $@.debug
	$(Q)objcopy --strip-debug --strip-unneeded $< $@
	$(Q)cd $(@D) && objcopy --add-gnu-debuglink=latvisor.debug latvisor

$(BUILD)/stripped/latvisor.debug: $(BUILD)/stripped/latvisor
	@:

## dist: the sources of this commit as a tar file, in build/
dist: $(BUILD)/version.h
	$(Q)version=$$(sed -n 's/.*LATVISOR_VERSION "\(.*\)"/\1/p' $<); \
	name=latvisor-$$version; \
	rm -rf $(BUILD)/dist && mkdir -p $(BUILD)/dist/$$name && \
	git archive HEAD | tar -xf - -C $(BUILD)/dist/$$name && \
	echo $$version >$(BUILD)/dist/$$name/VERSION && \
	tar -czf $(BUILD)/$$name.tar.gz --owner=0 --group=0 --sort=name \
		--mtime="@$$(git log -1 --format=%ct)" -C $(BUILD)/dist $$name && \
	rm -rf $(BUILD)/dist && echo "$(BUILD)/$$name.tar.gz"

## clean: removes build/
clean:
	$(Q)rm -rf $(BUILD)

## help: this list
help:
	@sed -n 's/^## //p' Makefile | awk -F': ' \
		'{printf "  make %-13s %s\n", $$1, $$2}'
	@echo "  variables: CC, V=1, WERROR=0, PREFIX, DESTDIR, BENCH_ARGS"

.PHONY: all build bench check check-faults check-sanitized sanitized \
	check-nested check-lab lab lab-exact \
	lab-profile lab-table lab-spread bench-self soak bench-truth mutants lint format fuzz fuzzers \
	all-fuzzers install \
	uninstall dist clean help tests FORCE

# With other flags an object is another one.
$(BUILD)/host/%.o: %.c Makefile
	$(call quiet,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/guest/%.o: %.c Makefile
	$(call quiet,GUESTCC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/guest/%.o: %.S
	$(call quiet,GUESTAS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/payload.lds: linker-scripts/payload.lds.S
	$(call quiet,LDS)
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x assembler-with-cpp -I. -MMD -MP -MT $@ \
		-MF $@.d -o $@ $<

# The version, and the commit: of this clone, not of one that it was unpacked in.
$(BUILD)/version.h: FORCE
	@mkdir -p $(@D)
	@commit= version=$$(cat VERSION); \
	if [ "$$(git rev-parse --show-toplevel 2>/dev/null)" = "$(CURDIR)" ]; then \
		commit=$$(git describe --always --dirty --exclude='*' --abbrev=12 \
			2>/dev/null || true); \
		version=$$(git describe --tags --match 'v[0-9]*' --dirty \
			2>/dev/null | sed 's/^v//' | grep . || \
			echo "$$version$${commit:+-g$$commit}"); \
	fi; \
	printf '#define LATVISOR_VERSION "%s"\n#define LATVISOR_COMMIT "%s"\n' \
		"$$version" "$$commit" >$@.new; \
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Only that one is compiled anew with each commit.
$(BUILD)/host/vmm/base/version.o $(BUILD)/unit/vmm/base/version.o: $(BUILD)/version.h
$(BUILD)/host/vmm/base/version.o: HOST_CFLAGS += -include $(BUILD)/version.h
$(BUILD)/unit/vmm/base/version.o: TEST_CFLAGS += -include $(BUILD)/version.h

# Changes when a source came or went: what is linked is in linker sets.
$(BUILD)/objects: FORCE
	@mkdir -p $(@D)
	@echo '$(VMM_OBJ) $(FW_OBJ) $(PART_SRC)' | cmp -s - $@ || \
		echo '$(VMM_OBJ) $(FW_OBJ) $(PART_SRC)' > $@
FORCE:

# Static when every archive is there (it runs in any initramfs); libelf's archive
# wants zlib, newer ones zstd too.  No sanitizer can be linked so.
STATIC = "-static-pie -lz" "-static-pie -lz -lzstd"
$(BUILD)/latvisor: $(VMM_OBJ) $(BUILD)/objects
	$(call quiet,LINK)
	$(Q)for libs in $(STATIC) -pie; do \
		$(CC) -o $@ $(VMM_OBJ) $(LDFLAGS) $(HARD_LDFLAGS) $(LIBS) \
			$$libs 2>$(BUILD)/link.log && exit 0; \
	done; cat $(BUILD)/link.log >&2; exit 1

# A payload is its file and those in the folder of its name.
parts = $(patsubst %.c,$(BUILD)/guest/%.o,$(filter payloads/$(1)/%,$(PART_SRC)))
link_payload = $(LD) $(GUEST_LDFLAGS) -T $(BUILD)/payload.lds -o $@ \
	$(filter %.o,$^) "$$($(CC) -print-file-name=libfdt.a)"

.SECONDARY:
.SECONDEXPANSION:
$(BUILD)/payloads/%.elf: $(BUILD)/guest/payloads/%.o $$(call parts,$$*) \
		$(FW_OBJ) $(BUILD)/payload.lds $(BUILD)/objects
	$(call quiet,PAYLOAD)
	@mkdir -p $(@D)
	$(Q)$(link_payload)

$(BUILD)/tests/hostile/%.elf: $(BUILD)/guest/tests/hostile/%.o $(FW_OBJ) \
		$(BUILD)/payload.lds
	$(call quiet,HOSTILE)
	@mkdir -p $(@D)
	$(Q)$(link_payload)

# The commands' part of the page is what the program says of them.
$(BUILD)/latvisor.1.scd: docs/latvisor.1.scd $(BUILD)/latvisor
	@mkdir -p $(@D)
	$(Q)$(BUILD)/latvisor help man > $@.commands
	$(Q)sed -e '/^@COMMANDS@$$/{r $@.commands' -e 'd;}' $< > $@

$(BUILD)/latvisor.1: $(BUILD)/latvisor.1.scd
	$(call quiet,MAN)
	$(Q)scdoc < $< > $@

$(BUILD)/completion.%: $(BUILD)/latvisor
	$(Q)$(BUILD)/latvisor help $* > $@

# Unit tests: everything but main.c, under ASan and UBSan.
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
UNIT_UNDER_TEST := $(filter-out vmm/main.c,$(VMM_SRC)) guest-firmware/format.c
UNIT_OBJ := $(patsubst %.c,$(BUILD)/unit/%.o,$(UNIT_SRC) $(UNIT_UNDER_TEST))
TEST_CFLAGS := $(filter-out -Werror -Wstack-usage=% -D_FORTIFY_SOURCE=2 \
	-Wnull-dereference,$(HOST_CFLAGS)) -O1

$(BUILD)/unit/%.o: %.c Makefile
	$(call quiet,UNITCC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(TEST_CFLAGS) $(SAN) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit: $(UNIT_OBJ)
	$(call quiet,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -no-pie $(SAN) -Wl,--wrap=kvm_ioctl_named,--wrap=__kvm_ioctl \
		-o $@ $^ -lcmocka $(LIBS)

$(BUILD)/tests/functional: $(FUNC_SRC:%.c=$(BUILD)/host/%.o)
	$(call quiet,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -no-pie -o $@ $^ -lcmocka -ljansson -lm

FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))

all-fuzzers: $(FUZZERS)
	@:

# A fuzzer has what it needs of the program, and all devices.
$(BUILD)/vmm.a: $(filter-out %/main.o,$(VMM_OBJ)) $(BUILD)/objects
	$(Q)rm -f $@
	$(Q)ar rcs $@ $(filter %.o,$^)

$(BUILD)/fuzz_%: $(BUILD)/host/tests/fuzz/fuzz_%.o \
		$(BUILD)/host/tests/unit/elf_image.o \
		$(filter $(BUILD)/host/devices/%,$(VMM_OBJ)) $(BUILD)/vmm.a
	$(call quiet,LINK)
	$(Q)$(CC) -no-pie -o $@ $^ $(LDFLAGS) $(LIBS)

# What the unit tests simulate, at full size.
$(BUILD)/tests/coverage: $(BUILD)/host/tests/bench/coverage.o \
		$(BUILD)/host/tests/unit/simulated.o $(BUILD)/vmm.a
	$(call quiet,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -no-pie -o $@ $^ -lm

$(BUILD)/tests/%: $(BUILD)/host/tests/bench/%.o
	$(call quiet,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -no-pie -static -o $@ $^ 2>/dev/null || \
		$(CC) -no-pie -o $@ $^

$(BUILD)/tests/bench/%.elf: $(BUILD)/guest/tests/bench/%.o $(FW_OBJ) \
		$(BUILD)/payload.lds
	$(call quiet,PAYLOAD)
	@mkdir -p $(@D)
	$(Q)$(link_payload)

# The simulation, too: nothing else would tell that it does not build any more.
tests: $(HOSTILES) $(BUILD)/tests/unit $(BUILD)/tests/functional \
	$(BUILD)/tests/coverage \
	$(BUILD)/latvisor.1 $(COMPLETIONS)

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')
