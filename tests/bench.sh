#!/bin/sh
# Measures harsan: bench.sh BUILD-DIR speed|growth|hostile
#
# speed    On six kinds of input (bench_gen.c; `gzip` is the web pages compressed), in turn: cat, jq -c .,
#          json_verify (yajl validating and doing nothing else), harsan in one pass, with one job,
#          with two. A ratio is taken within a round, where the machine is the same for all, and the
#          median of the rounds is shown. With valgrind, instructions per input byte too: these do
#          not depend on what else the machine does.
# growth   Time and memory of harsan for inputs from 10 MB up, in turn. Fails when a byte of one size
#          costs over a tenth more or less than a byte of the others (bench_growth.awk).
# hostile  Instructions per input byte for texts made to cost, at one size and at four times that.
#          Fails when they are more than the text's bound, or grow. bench_hostile.tsv: name, how it is
#          fed, largest size in KB, bound, kind for bench_gen. Bounds are half as much again as what
#          was measured.
#
# Each fails when harsan takes more memory than it promises.
#
#   MB=50 ROUNDS=5   speed: size of each input and number of rounds
#   MB=2000 ROUNDS=5 growth: the largest input; those above 2000 are run once, for their memory
#   ROWS=REGEX       hostile: only the texts whose names match
#   CC               the compiler for the helpers
# Figures go to BUILD-DIR/bench-*.json as well. What is not installed is left out, and said to be.
set -eu
LC_ALL=C
export LC_ALL
build=$1
what=$2
tests=$(dirname "$0")
rounds=${ROUNDS:-5}
memory=64 # MiB, promised for any input
raw=$build/bench.raw
input=$build/bench.har

compile() { # HELPER FLAGS...
    helper=$1
    shift
    "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -O2 "$tests/$helper.c" "$@" -o "$build/$helper"
}
compile bench_gen -lz
compile bench_run
compile bench_chunks -I"$tests/../include" "$build/libharsan.a" -lyajl -lpcre2-8 -lz -lsodium -pthread
trap 'rm -f "$input"* "$raw" "$build/bench.callgrind" "$build/bench.log"' EXIT
trap 'exit 2' HUP INT TERM
: > "$raw"

has() { command -v "$1" > /dev/null 2>&1; }

missing=
for tool in json_verify jq valgrind; do
    has $tool || missing="$missing $tool"
done
[ -z "$missing" ] || echo "not measured, because it is not installed:$missing"

bytes_of() { wc -c < "$1" | tr -d ' '; }

cost() { # FILE COMMAND...: milliseconds, KiB and milliseconds of processor, with FILE on standard input
    "$build/bench_run" "$@" || { shift; echo "$*: failed" >&2; exit 1; }
}

# Instructions that a command needs, start-up included.
instructions() { # COMMAND...
    valgrind --tool=callgrind --callgrind-out-file="$build/bench.callgrind" "$@" \
        > "$build/bench.log" 2>&1 || { cat "$build/bench.log" >&2; exit 1; }
    sed -n 's/^summary: //p; s/^totals: //p' "$build/bench.callgrind" | tail -1
}

clean="$build/harsan clean -q --no-report -f -o /dev/null"

# ---------------------------------------------------------------- speed

measure() { # KIND ROUND TOOL COMMAND...
    row="$1 $2 $3"
    shift 3
    case $missing in
    *" $1"*) return 0 ;;
    esac
    echo "$row $(cost "$input" "$@") $(bytes_of "$input")" >> "$raw"
}

measure_kind() { # KIND FILE
    round=1
    while [ $round -le "$rounds" ]; do
        measure "$1" $round cat cat
        measure "$1" $round json_verify json_verify -q
        measure "$1" $round one-pass $clean -j1 --one-pass "$2"
        measure "$1" $round harsan-j1 $clean -j1 "$2"
        measure "$1" $round harsan-j2 $clean -j2 "$2"
        measure "$1" $round jq jq -c .
        round=$((round + 1))
    done
}

# Instructions per byte: of the difference between two sizes, so that start-up does not count.
measure_instructions() { # KIND
    has valgrind || return 0
    "$build/bench_gen" "$1" 500 > "$input"
    few=$(instructions $clean -j1 "$input") at=$(bytes_of "$input")
    "$build/bench_gen" "$1" 2500 > "$input"
    many=$(instructions $clean -j1 "$input")
    echo "$1 0 instructions $many $few $(($(bytes_of "$input") - at))" >> "$raw"
}

start_up() {
    printf '{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}' > "$input"
    round=1
    while [ $round -le 21 ]; do
        cost "$input" $clean "$input"
        round=$((round + 1))
    done | sort -n | awk 'NR == 11 { printf "from start to exit on a HAR without entries: %.1f ms\n", $1 }'
}

speed() {
    mb=${MB:-50}
    for kind in web api tiny media giant; do
        "$build/bench_gen" $kind "${mb}000" > "$input"
        measure_kind $kind "$input"
        if [ $kind = web ]; then
            gzip -1 -c "$input" > "$input.gz"
            measure_kind gzip "$input.gz"
        fi
        measure_instructions $kind
    done
    start_up
    echo "$mb MB each, medians of $rounds rounds; also in $build/bench-speed.json"
    awk -v json="$build/bench-speed.json" -v mb="$mb" -v rounds="$rounds" -v memory=$memory \
        -f "$tests/bench_median.awk" -f "$tests/bench.awk" "$raw"
}

# ---------------------------------------------------------------- growth

grown() { # KIND MB ROUND FILE: one line for each number of jobs
    for jobs in 1 2; do
        # What takes a moment is run ten times: the clock of the processor is coarse.
        runs=$(($2 < 100 ? 10 : 1))
        done=0
        while [ $done -lt $runs ]; do
            echo "$1 $2 $3 $jobs $(cost "$4" $clean -j$jobs "$4") $(bytes_of "$4")" >> "$raw"
            done=$((done + 1))
        done
    done
}

growth() {
    largest=${MB:-2000}
    sizes=
    for mb in 1 10 30 100 300 1000 2000; do
        [ $mb -le "$largest" ] || continue
        sizes="$sizes $mb"
        "$build/bench_gen" web "${mb}000" > "$input.$mb"
    done
    round=1
    while [ $round -le "$rounds" ]; do
        for mb in $sizes; do
            grown web $mb $round "$input.$mb"
        done
        round=$((round + 1))
    done
    rm -f "$input".*
    for mb in 5000 10000; do
        [ $mb -le "$largest" ] || continue
        "$build/bench_gen" web "${mb}000" > "$input"
        grown web $mb 1 "$input"
    done
    if [ "$largest" -ge 1000 ]; then
        "$build/bench_gen" giant 1000000 > "$input"
        grown giant 1000 1 "$input"
    fi
    awk -v json="$build/bench-growth.json" -v memory=$memory \
        -f "$tests/bench_median.awk" -f "$tests/bench_growth.awk" "$raw"
}

# ---------------------------------------------------------------- hostile texts

# Name, how and bound; instructions and bytes at a sixteenth, a fourth and all of the size; the peak at
# all of it; for chunks the instructions in large chunks too. What is large is counted up to a fourth
# of its size, and run at all of it: milliseconds of processor at both.
hostile_row() { # NAME HOW KB BOUND KIND
    figures=
    large=
    full=$3
    [ "$2" != large ] || full=$(($3 / 4))
    for kb in $((full / 16)) $((full / 4)) $full; do
        "$build/bench_gen" "$5" $kb > "$input"
        file=$input
        case $2 in
        gzip)
            gzip -9 -f "$input" && file=$input.gz
            figures="$figures	$(instructions $clean -j1 "$file")"
            ;;
        chunks)
            figures="$figures	$(instructions "$build/bench_chunks" 1 "$file")"
            large="$large	$(instructions "$build/bench_chunks" 65536 "$file")"
            ;;
        *) figures="$figures	$(instructions $clean -j1 "$file")" ;;
        esac
        figures="$figures	$(bytes_of "$file")"
    done
    if [ "$2" = large ]; then
        large="	$(cost "$file" $clean -j1 "$file" | cut -d' ' -f3)"
        "$build/bench_gen" "$5" "$3" > "$input"
        large="$large	$(cost "$file" $clean -j1 "$file" | cut -d' ' -f3)"
    fi
    peak=$(cost "$file" $clean -j2 "$file" | cut -d' ' -f2)
    printf '%s\n' "$1	$2	$4$figures	$peak$large"
}

hostile() {
    has valgrind || { echo "needs valgrind: work is counted in instructions"; exit 1; }
    grep -E "${ROWS:-.}" "$tests/bench_hostile.tsv" > "$input.rows"
    printf '%-26s %-7s %12s %12s %8s %8s %8s\n' text fed instr/byte "four times" growth bound MiB
    while IFS='	' read -r name how kb bound kind; do
        hostile_row "$name" "$how" "$kb" "$bound" "$kind" >> "$raw"
        tail -1 "$raw" | awk -v memory=$memory -f "$tests/bench_hostile.awk" || true # judged below
    done < "$input.rows"
    echo "also in $build/bench-hostile.json"
    awk -v json="$build/bench-hostile.json" -v memory=$memory -f "$tests/bench_hostile.awk" "$raw" > /dev/null
}

case $what in
speed | growth | hostile) "$what" ;;
*) echo "usage: bench.sh BUILD-DIR speed|growth|hostile" >&2; exit 2 ;;
esac
