# harsan: build, test, install. `make help` lists the targets.
#
# The user's CC, CFLAGS, LDFLAGS, PREFIX and DESTDIR are respected; ours stand in variables of their
# own. Everything made goes to build/.

PREFIX  ?= /usr/local
DESTDIR ?=
CFLAGS  ?= -O3 -g
B       := build

VERSION := $(shell sed -n 's/^\#define HARSAN_VERSION "\(.*\)"/\1/p' include/harsan.h)
SOVERSION := 0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wimplicit-fallthrough -Wswitch-enum -Werror
# Of these, what compiler and linker take. FORTIFY needs optimisation, and has a third level in newer
# C libraries.
comma := ,
PROBE = $(CC) -Werror -x c /dev/null -o /dev/null
takes = $(foreach f,$2,$(shell $(PROBE) $1 $f 2>/dev/null && printf '%s\n' '$f'))
HARDEN := $(call takes,-S,-fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
            -mbranch-protection=standard)
HARDEN += $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE \
            -D_FORTIFY_SOURCE=$(or $(patsubst -D_FORTIFY_SOURCE=%,%,$(call takes,-S -O2 \
            -include stdio.h,-D_FORTIFY_SOURCE=3)),2))
STD  := -std=c11 -D_POSIX_C_SOURCE=200809L
OUR_CFLAGS  := $(STD) $(WARN) $(HARDEN) -fPIC -fvisibility=hidden -Iinclude -Isrc -MMD -MP
OUR_LDFLAGS := $(call takes,-shared,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now \
                 -Wl$(comma)-z$(comma)noexecstack)
LIBS := -lyajl -lpcre2-8 -lz -lsodium -pthread

LIB_SRC := $(filter-out $(wildcard src/cli_*.c),$(wildcard src/*.c))
CLI_SRC := $(wildcard src/cli_*.c)
LIB_OBJ := $(LIB_SRC:src/%.c=$B/%.o) $B/rules_builtin.o
CLI_OBJ := $(CLI_SRC:src/%.c=$B/%.o) $B/cli_css.o
RULES   := $(sort $(filter-out %.schema.json,$(wildcard rules/*.json)))
LEFT_OUT :=
TESTS   := $(filter-out $(LEFT_OUT:%=$B/%),$(patsubst tests/test_%.c,$B/test_%,$(wildcard tests/test_*.c)))

.SECONDARY:
.PHONY: all lib demo ci test check check-asan check-cfi check-msan check-tsan \
        check-slow check-valgrind coverage conformance har-validator load bench \
        bench-growth bench-hostile leakbench leakreport browser corpus fuzz fuzz-run fuzz-seeds \
        fuzz-afl afl-run setup install \
        uninstall fmt lint clean help

# What stands behind ## is what `make help` says of a target.
all: $B/harsan lib ## the command and both libraries (what make alone does)

# ---- build

lib: $B/libharsan.a $B/libharsan.so.$(VERSION) $B/harsan.pc ## the libraries

$B/%.o: src/%.c | $B/.ready
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$B/rules_builtin.c: rules/embed.sh $(RULES) | $B/.ready
	sh rules/embed.sh $(RULES) > $@.tmp && mv $@.tmp $@

$B/rules_builtin.o: $B/rules_builtin.c
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$B/cli_css.c: src/cli_css.sh src/cli_report.css | $B/.ready
	sh src/cli_css.sh src/cli_report.css > $@.tmp && mv $@.tmp $@

$B/cli_css.o: $B/cli_css.c
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$B/libharsan.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$B/libharsan.so.$(VERSION): $(LIB_OBJ)
	$(CC) -shared -Wl,-soname,libharsan.so.$(SOVERSION) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/harsan: $(CLI_OBJ) $B/libharsan.a
	$(CC) -pie $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/.ready:
	mkdir -p $B/tests $B/fuzz && touch $@

# ---- try it

# Installs what is missing, builds, cleans a sample and shows what became of it.
demo: setup ## builds, cleans a recorded session, shows what changed
	$(MAKE) -s all
	@sh samples/demo.sh $B/harsan

# ---- test

# What .ci/run does: `test`, then with clang and under sanitizers.
ci: ## what .ci/run does: test, the same with clang, most of it under sanitizers
	@MAKE="$(MAKE)" sh tests/stages.sh

test: setup ## sets up, builds, runs all tests
	$(MAKE) -s check

FUZZ_TARGETS := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
REPLAYS      := $(FUZZ_TARGETS:%=$B/fuzz/replay_%)

# Linked with one file of the command and no helper: what it gives up, it gives up for good.
$B/test_sandbox: $B/tests/test_sandbox.o $B/cli_sandbox.o
	$(CC) $^ $(LDFLAGS) -lcmocka -pthread -o $@

# The command with each of its calls failing in turn, and killed: a library that is loaded into it, and
# what drives it.
FAULTS := $B/faults/shim.so $B/faults/drive $B/faults/kill $B/faults/wipe
LOAD   := $B/faults/load $B/faults/soak

$B/faults/shim.so: $(addprefix tests/faults/,shim.c pipe.c pipe.h fault.h)
	mkdir -p $(@D) && $(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared $(filter %.c,$^) -o $@ -ldl

$B/faults/plain.so: tests/faults/plain.c
	mkdir -p $(@D) && $(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared $< -o $@

$B/faults/load: tests/faults/load.c
	mkdir -p $(@D) && $(CC) $(STD) $(WARN) $(CFLAGS) $< $(LDFLAGS) -o $@

$B/faults/soak: tests/faults/soak.c $B/libharsan.a
	mkdir -p $(@D) && $(CC) $(STD) $(WARN) $(CFLAGS) -Iinclude $^ $(LDFLAGS) $(LIBS) -o $@

$B/faults/%: tests/faults/%.c $(addprefix tests/faults/,box.c box.h pipe.c pipe.h fault.h)
	mkdir -p $(@D) && $(CC) $(STD) $(WARN) $(CFLAGS) $(filter %.c,$^) $(LDFLAGS) -o $@

check: all $(TESTS) $(REPLAYS) $(FAULTS) ## the same without the set-up
	MAKE="$(MAKE)" sh tests/run.sh $B $(TESTS)

# Whatever in tests/ is no test is a helper, linked with every test.
HELPERS := $(patsubst tests/%.c,$B/tests/%.o,$(filter-out tests/test_% tests/bench_%,$(wildcard tests/*.c)))

$B/tests/%.o: tests/%.c | $B/.ready
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -Itests -c $< -o $@

# The command but its main, for the tests of its parts.
$B/libcli.a: $(filter-out $B/cli_main.o,$(CLI_OBJ))
	rm -f $@ && $(AR) rcs $@ $^

$B/test_%: $B/tests/test_%.o $(HELPERS) $B/libcli.a $B/libharsan.a
	$(CC) $< $(HELPERS) $B/libcli.a $B/libharsan.a $(LDFLAGS) $(LIBS) -lcmocka -o $@

# The same under AddressSanitizer and UndefinedBehaviorSanitizer.
check-asan: ## check under AddressSanitizer and UndefinedBehaviorSanitizer
	HARSAN_SEEDS=1 $(MAKE) -s check B=$B/asan CFLAGS="-O1 -g -fsanitize=address,undefined \
	    -fno-sanitize-recover=undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE" \
	    LDFLAGS="-fsanitize=address,undefined"

# Sessions on threads, and the command with them, under ThreadSanitizer.
TSAN := CFLAGS="-O1 -g -fsanitize=thread -U_FORTIFY_SOURCE" LDFLAGS="-fsanitize=thread"
check-tsan: ## what has threads under ThreadSanitizer
	$(MAKE) -s B=$B/tsan $(TSAN) $B/tsan/harsan $B/tsan/test_threads
	HARSAN_TEST=test_threads $B/tsan/test_threads
	HARSAN=$B/tsan/harsan sh tests/cli/run.sh threads filter gzip report second_pass spool

# The same under MemorySanitizer, which is clang's. It knows nothing of what libraries write that are not
# built with it: the calls that do are wrapped. What measures time is left out: it looks at all that a
# function is given, not at what the function looks at.
MSAN_CALLS = $(shell sed -n 's/^WRAP.[^,]*, \([a-zA-Z0-9_]*\),.*/\1/p' tests/msan/wrap.c)
MSAN := -O1 -g -fsanitize=memory -fno-omit-frame-pointer -U_FORTIFY_SOURCE
check-msan: $B/msan/wrap.o ## check under MemorySanitizer, with clang
	HARSAN_SEEDS=1 $(MAKE) -s check B=$B/msan LEFT_OUT=test_hostile CC=$(FUZZ_CC) CFLAGS="$(MSAN)" \
	    LDFLAGS="-fsanitize=memory $(MSAN_CALLS:%=-Wl,--wrap=%)" LIBS="$B/msan/wrap.o $(LIBS)"

$B/msan/wrap.o: tests/msan/wrap.c
	mkdir -p $(@D) && $(FUZZ_CC) $(STD) $(WARN) -O1 -g -fPIC -c $< -o $@

# Every call through a pointer has to reach a function of its type: clang's fine-grained control-flow
# integrity, which needs the whole program at the link.
CFI = CC=$(FUZZ_CC) AR=$(or $(shell command -v llvm-ar || command -v llvm-ar-14),llvm-ar) \
       CFLAGS="-O2 -g -flto -fsanitize=cfi -fno-sanitize-trap=cfi -fcf-protection=none" \
       LDFLAGS="-O2 -flto -fsanitize=cfi -fno-sanitize-trap=cfi -fuse-ld=lld"
check-cfi: ## the command with clang's control-flow integrity
	$(MAKE) -s B=$B/cfi $(CFI) $B/cfi/harsan
	HARSAN=$B/cfi/harsan sh tests/cli/run.sh
	HARSAN=$B/cfi/harsan sh tests/reports.sh
	HARSAN=$B/cfi/harsan sh tests/check.sh

# Samples and some unit tests under memcheck.
check-valgrind: all $(TESTS) $B/faults/plain.so ## samples and some unit tests under valgrind
	sh tests/valgrind.sh $B

# Thousands of random layer stacks, and hundreds of random texts for threads, in place of a few; every
# call failed, not some; more kills; many at once.
check-slow: all $(TESTS) $(FAULTS) $(LOAD) ## thousands of layer stacks, every call failed, kills, load
	HARSAN_STACKS=10000 $B/test_layers
	HARSAN_SEEDS=50 $B/test_threads
	HARSAN_FAULTS=all $B/test_faults
	HARSAN_FAULTS=all $B/faults/drive $B/harsan $B/faults/shim.so
	HARSAN_KILLS=2000 $B/faults/kill $B/harsan $B/faults/shim.so
	$(MAKE) -s check-valgrind load

# A portal's pattern: many processes at once over good, broken and hostile inputs; one process with
# many sessions.
load: $B/harsan $(LOAD) ## 200 processes at once, 100,000 sessions in one
	$B/faults/load $B/harsan 200
	$B/faults/soak 100000

# What of src/ the tests run, by gcov. The sandbox stays off: profiles are written at the end.
coverage: ## what of src/ the tests run (gcov)
	rm -f $B/coverage/*.gcda
	$(MAKE) -s check B=$B/coverage CFLAGS="-O1 -g --coverage -DHARSAN_NO_SANDBOX" LDFLAGS=--coverage
	@sh tests/coverage.sh $B/coverage

# JSONTestSuite, from a checkout of its repository: make conformance SUITE=PATH
conformance: $B/harsan ## SUITE=PATH: a checkout of JSONTestSuite
	@sh tests/conformance.sh $B/harsan "$(SUITE)"

# Valid as HAR stays valid, by a validator that is installed elsewhere: npm install har-validator
har-validator: $B/harsan ## VALIDATOR=node_modules, which holds har-validator
	@sh tests/har_validator.sh $B/harsan "$(VALIDATOR)"

# Speed and memory against json_verify, jq and cat on inputs of its own; growth of both with the size
# of the input; work for texts that are made to cost.
bench: $B/harsan ## speed and memory; MB=50 ROUNDS=5
	@CC="$(CC)" sh tests/bench.sh $B speed

bench-growth: $B/harsan ## time and memory by size of input; MB=2000 is the largest
	@CC="$(CC)" sh tests/bench.sh $B growth

bench-hostile: $B/harsan ## instructions for texts that are made to cost
	@CC="$(CC)" sh tests/bench.sh $B hostile

# With planted secrets and with real captures, where the folder that holds them is there.
leakbench: $B/harsan ## planted secrets in outputs, where their folder is there
	@sh tests/leakbench.sh $B/harsan

# The same for what reports tell, over a hundred seeds.
leakreport: $B/harsan ## planted secrets in reports, likewise
	@sh tests/leakreport.sh $B/harsan

# The HTML reports in headless Chromium, where there is one. SHOTS=folder keeps pictures.
browser: $B/harsan ## the HTML reports in headless Chromium; SHOTS=folder
	@sh tests/browser.sh $B/harsan $(SHOTS)

corpus: $B/harsan ## real captures, where their folder is there
	@sh tests/corpus.sh $B/harsan

# ---- fuzz

FUZZ_SECONDS ?= 60
FUZZ_RUN     ?= $(FUZZ_TARGETS)
FUZZ_CC      ?= clang
FUZZ_SAN     := -O1 -g -fno-omit-frame-pointer -U_FORTIFY_SOURCE -fsanitize=address,undefined \
                -fno-sanitize-recover=undefined
# Without calls at comparisons: most here are of sizes, and they took half of the time. What is worth
# comparing is in the dictionaries, or goes through memcmp.
FUZZ_COV     := -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp

$B/fuzz/%.o: fuzz/%.c | $B/.ready
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

# Sizes that inputs of a few kilobytes go beyond (src/base_scale.h), ahead of what the library has.
FUZZ_SMALL := $(patsubst %,$B/fuzz/small_%.o,$(shell sh fuzz/small.sh src))
FUZZ_PARTS := $B/fuzz/check.o $B/fuzz/crew.o $B/fuzz/said.o $(FUZZ_SMALL) $B/libcli.a $B/libharsan.a
$B/fuzz/fuzz_%.o $B/fuzz/small_%.o: OUR_CFLAGS += -DHARSAN_SMALL=16

$B/fuzz/small_%.o: src/%.c | $B/.ready
	$(CC) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

# Runs a target's seeds without a fuzzer: part of `make test`.
$B/fuzz/replay_%: $B/fuzz/fuzz_%.o $B/fuzz/replay.o $(FUZZ_PARTS)
	$(CC) $^ $(LDFLAGS) $(LIBS) -o $@

# Every target for FUZZ_SECONDS, with clang and its sanitizers. What fails is kept in
# build/clang/fuzz/ and runs again by: build/clang/fuzz/fuzz_TARGET FILE
fuzz: ## every target for FUZZ_SECONDS=60 with clang
	$(MAKE) -s fuzz-run B=$B/clang CC=$(FUZZ_CC) CFLAGS="$(FUZZ_SAN) $(FUZZ_COV)" \
	    LDFLAGS="-fsanitize=address,undefined"

# Changes inputs of its own accord: only where there is a fuzzer.
$B/fuzz/fuzz_clean $B/fuzz/fuzz_check: $B/fuzz/shape.o

$B/fuzz/fuzz_%: $B/fuzz/fuzz_%.o $(FUZZ_PARTS)
	$(CC) -fsanitize=fuzzer $^ $(LDFLAGS) $(LIBS) -o $@

# A short quarantine: pages that come fresh for every session cost more than what it does. And no
# entropic schedule: it counts every feature of every input again, and one of ours has thousands of
# them, which took 60% of the time.
FUZZ_ENV := ASAN_OPTIONS=quarantine_size_mb=2:thread_local_quarantine_size_kb=256
FUZZ_WAY := -max_len=4096 -entropic=0 -reload=0
fuzz-run: $(FUZZ_RUN:%=$B/fuzz/fuzz_%)
	@for t in $(FUZZ_RUN); do \
	    mkdir -p $B/fuzz/found/$$t && \
	    $(FUZZ_ENV) $B/fuzz/fuzz_$$t $B/fuzz/found/$$t fuzz/corpus/$$t -dict=fuzz/$$t.dict $(FUZZ_WAY) \
	        -timeout=5 -rss_limit_mb=2048 -max_total_time=$(FUZZ_SECONDS) \
	        -artifact_prefix=$B/fuzz/$$t- -print_final_stats=1 || exit 1; \
	done

# What `fuzz` begins with, besides fuzz/corpus: the samples, entry by entry, in as few inputs as have
# their coverage.
fuzz-seeds: $B/harsan ## seeds from the samples, minimised, for `fuzz`
	$(MAKE) -s B=$B/clang CC=$(FUZZ_CC) CFLAGS="$(FUZZ_SAN) $(FUZZ_COV)" \
	    LDFLAGS="-fsanitize=address,undefined" $(FUZZ_RUN:%=$B/clang/fuzz/fuzz_%)
	@for t in $(FUZZ_RUN); do \
	    $(FUZZ_ENV) sh fuzz/seeds.sh $B/harsan $B/clang/fuzz/fuzz_$$t $$t \
	        $B/clang/fuzz/found/$$t || exit 1; \
	done

# The same entry under AFL++, which has a driver for it (-fsanitize=fuzzer): other mutations, other
# coverage. Without sanitizers, for speed: run what it finds in build/afl/fuzz/found again with those
# of `fuzz`. FUZZ_RUN names targets.
AFL_CC  ?= afl-clang-fast
AFL_RUN := AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_AUTORESUME=1 \
           AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 afl-fuzz
fuzz-afl: ## the same with AFL++; FUZZ_RUN="clean json"
	AFL_QUIET=1 $(MAKE) -s afl-run B=$B/afl CC=$(AFL_CC) CFLAGS="-O1 -g -U_FORTIFY_SOURCE"

afl-run: $(FUZZ_RUN:%=$B/fuzz/fuzz_%)
	@for t in $(FUZZ_RUN); do \
	    mkdir -p $B/fuzz/found && \
	    $(AFL_RUN) -i fuzz/corpus/$$t -o $B/fuzz/found/$$t -x fuzz/$$t.dict -G 4096 -t 5000 \
	        -V $(FUZZ_SECONDS) -- $B/fuzz/fuzz_$$t > $B/fuzz/$$t.log || { tail $B/fuzz/$$t.log; exit 1; }; \
	    echo "$$t: $$(ls $B/fuzz/found/$$t/default/crashes | grep -c ^id) crashes"; \
	done

# ---- set-up

# Debian and Ubuntu by apt; the README names the packages for others. Nothing is fetched from elsewhere.
setup: ## installs what is missing (Debian, Ubuntu)
	@sh tests/setup.sh

# ---- install

install: all ## PREFIX=/usr/local, DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig \
	    $(DESTDIR)$(PREFIX)/share/harsan
	install -m 644 rules/*.schema.json $(DESTDIR)$(PREFIX)/share/harsan
	install -m 755 $B/harsan $(DESTDIR)$(PREFIX)/bin/harsan
	install -m 644 include/harsan.h $(DESTDIR)$(PREFIX)/include/harsan.h
	install -m 644 $B/libharsan.a $(DESTDIR)$(PREFIX)/lib/libharsan.a
	install -m 755 $B/libharsan.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libharsan.so.$(VERSION)
	ln -sf libharsan.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libharsan.so.$(SOVERSION)
	ln -sf libharsan.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libharsan.so
	sed 's|^prefix=.*|prefix=$(PREFIX)|' $B/harsan.pc > $(DESTDIR)$(PREFIX)/lib/pkgconfig/harsan.pc
	chmod 644 $(DESTDIR)$(PREFIX)/lib/pkgconfig/harsan.pc

uninstall: ## takes it away again
	rm -f $(DESTDIR)$(PREFIX)/bin/harsan $(DESTDIR)$(PREFIX)/include/harsan.h \
	    $(DESTDIR)$(PREFIX)/lib/libharsan.a $(DESTDIR)$(PREFIX)/lib/libharsan.so \
	    $(DESTDIR)$(PREFIX)/lib/libharsan.so.$(SOVERSION) \
	    $(DESTDIR)$(PREFIX)/lib/libharsan.so.$(VERSION) \
	    $(DESTDIR)$(PREFIX)/lib/pkgconfig/harsan.pc
	rm -rf $(DESTDIR)$(PREFIX)/share/harsan

$B/harsan.pc: Makefile include/harsan.h | $B/.ready
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: harsan' \
	    'Description: makes a HAR file safe to hand to somebody else' 'Version: $(VERSION)' \
	    'Requires.private: yajl libpcre2-8 zlib libsodium' 'Libs: -L$${prefix}/lib -lharsan' \
	    'Cflags: -I$${prefix}/include' > $@

# ---- care

# No more than what differs from BASE: tables are set by hand, in columns that no formatter keeps.
BASE ?= HEAD
fmt: ## clang-format over the lines changed since BASE=HEAD
	git clang-format --quiet --force $(BASE) -- include src tests fuzz

LINT_PATHS := -Iinclude -Isrc -Ifuzz -Itests
TIDY := -clang-analyzer-security.insecureAPI.*,-clang-analyzer-optin.performance.Padding

# File by file: over several at once clang's analyzer takes every va_list for uninitialised. cppcheck
# stumbles over compound literals in a conditional expression.
lint: ## clang-tidy and cppcheck
	@for f in src/*.c fuzz/*.c tests/*.c tests/*/*.c; do \
	    clang-tidy --quiet --warnings-as-errors='*' --checks=$(TIDY) $$f -- $(STD) $(LINT_PATHS) \
	        2> /dev/null || exit 1; \
	done
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
	    --suppress=internalAstError $(LINT_PATHS) --inline-suppr src fuzz tests

clean: ## removes build/
	rm -rf $B

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

-include $(wildcard $B/*.d $B/tests/*.d $B/fuzz/*.d)
