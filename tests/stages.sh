#!/bin/sh
# What .ci/run does, stage by stage: stages.sh ; ends with `N passed, N failed`, the sum.
#
#   gcc         `make test`: set-up, build, all tests
#   clang       all tests again, built with clang, where there is one or apt has it
#   sanitizers  with gcc under AddressSanitizer and UndefinedBehaviorSanitizer; what takes longest there
#               is left to `make check-asan`
# A stage that fails does not keep the others from running. On two cores it takes under ten minutes;
# what takes longer is in `make check-slow`. A stage that would end after fourteen minutes, by what
# the first one took, is left out and named: a slow machine still has its answer in time.
#   MAKE   the make to use
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/tally.sh
make=${MAKE:-make}
jobs=-j$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
out=$(mktemp) || exit 2
trap 'rm -f "$out" "$out.probe"' EXIT
trap 'exit 2' HUP INT TERM

stage() { # NAME MAKE-ARGUMENT...
    name=$1
    shift
    echo "== $name"
    { "$make" "$jobs" "$@" 2>&1; echo "status $?"; } | tee "$out"
    status=$(sed -n 's/^status //p' "$out" | tail -n 1)
    counted=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$out" | tail -n 1)
    bad=$(echo "${counted:-0 passed, 0 failed}" | sed 's/.*, \([0-9]*\) failed/\1/')
    [ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
    good=${counted%% *}
    passed=$((passed + ${good:-0}))
    failed=$((failed + bad))
}

begun=$(date +%s)
fits() { # TIMES NAME: there is time for so many times the first stage
    now=$(date +%s)
    first=${first:-$((now - begun))}
    [ $((now - begun + first * $1)) -lt 840 ] && return
    echo "== $2: left out, for want of time"
    return 1
}

# Leaks cannot be looked for under a tracer; without /proc the sanitizers do not even see their options.
sanitizers_work() {
    echo 'int main(void) { return 0; }' | ${CC:-cc} -xc - -fsanitize=address -o "$out.probe" || return
    "$out.probe" 2> /dev/null && return
    export ASAN_OPTIONS=detect_leaks=0
    "$out.probe" 2> /dev/null
}

heavy='test_conformance test_hostile test_salvage test_segment test_threads'
stage gcc test
if fits 1 clang; then
    sh tests/setup.sh clang
    if command -v clang > /dev/null; then
        HARSAN_SEEDS=1 stage clang -s check CC=clang B=build/cl
    else
        echo "== clang: not there"
    fi
fi
if fits 2 sanitizers; then
    if sanitizers_work; then
        stage sanitizers -s check-asan LEFT_OUT="$heavy"
    else
        echo "== sanitizers: they do not work here"
    fi
fi
tally
