#!/bin/sh
# Measures harsan: bench.sh BUILD-DIR speed|growth|hostile
#
# speed    On six kinds of input (bench_gen.c; `gzip` is the web pages compressed), in turn: cat, jq -c .,
#          json_verify (yajl validating and doing nothing else), harsan in one pass, with one job,
#          with two. A ratio is taken within a round, where the machine is the same for all, and the
#          median of the rounds is shown. With valgrind, instructions per input byte too: these do
#          not depend on what else the machine does.
# growth   Time and memory of harsan for inputs from 1 MB up: both are to be flat per byte.
# hostile  Instructions per input byte for texts made to cost, at one size and at four times that.
#
#   MB=50 ROUNDS=5   speed: size of each input and number of rounds; growth: MB is the largest
#   CC               the compiler for the two helpers
# Figures go to BUILD-DIR/bench-*.json as well. What is not installed is left out, and said to be.
set -eu
LC_ALL=C
export LC_ALL
build=$1
what=$2
tests=$(dirname "$0")
rounds=${ROUNDS:-5}
raw=$build/bench.raw
input=$build/bench.har

for helper in bench_gen bench_run; do
    "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -O2 "$tests/$helper.c" -o "$build/$helper"
done
trap 'rm -f "$input" "$input.gz" "$raw" "$build/bench.callgrind"' EXIT
trap 'exit 2' HUP INT TERM
: > "$raw"

has() { command -v "$1" > /dev/null 2>&1; }

missing=
for tool in json_verify jq valgrind; do
    has $tool || missing="$missing $tool"
done
[ -z "$missing" ] || echo "not measured, because it is not installed:$missing"

bytes_of() { wc -c < "$1" | tr -d ' '; }

cost() { # COMMAND...: milliseconds and KiB, with the input on standard input
    "$build/bench_run" "$input" "$@" || { echo "$*: failed" >&2; exit 1; }
}

# Instructions that harsan needs for $input, start-up included; 0 without valgrind.
instructions() {
    if has valgrind; then
        valgrind --tool=none --log-file=/dev/null true 2> /dev/null || { echo 0; return; }
        valgrind --tool=callgrind --callgrind-out-file="$build/bench.callgrind" \
            "$build/harsan" clean -q --no-report -j1 -f "$1" -o /dev/null 2> /dev/null
        sed -n 's/^summary: //p; s/^totals: //p' "$build/bench.callgrind" | tail -1
    else
        echo 0
    fi
}

# ---------------------------------------------------------------- speed

measure() { # KIND ROUND TOOL COMMAND...
    row="$1 $2 $3"
    shift 3
    case $missing in
    *" $1"*) return 0 ;;
    esac
    echo "$row $(cost "$@") $(bytes_of "$input")" >> "$raw"
}

measure_kind() { # KIND FILE
    harsan="$build/harsan clean -q --no-report -f -o /dev/null"
    round=1
    while [ $round -le "$rounds" ]; do
        measure "$1" $round cat cat
        measure "$1" $round json_verify json_verify -q
        measure "$1" $round one-pass $harsan -j1 --one-pass "$2"
        measure "$1" $round harsan-j1 $harsan -j1 "$2"
        measure "$1" $round harsan-j2 $harsan -j2 "$2"
        measure "$1" $round jq jq -c .
        round=$((round + 1))
    done
}

# Instructions per byte: of the difference between two sizes, so that start-up does not count.
measure_instructions() { # KIND
    has valgrind || return 0
    "$build/bench_gen" "$1" 500 > "$input"
    few=$(instructions "$input") at=$(bytes_of "$input")
    "$build/bench_gen" "$1" 2500 > "$input"
    echo "$1 0 instructions $(instructions "$input") $few $(($(bytes_of "$input") - at))" >> "$raw"
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
    awk -v json="$build/bench-speed.json" -v mb="$mb" -v rounds="$rounds" -f "$tests/bench.awk" "$raw"
    echo "$mb MB each, medians of $rounds rounds; also in $build/bench-speed.json"
    printf '{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}' > "$input"
    round=1
    while [ $round -le 21 ]; do
        cost "$build/harsan" clean -q --no-report -f "$input" -o /dev/null
        round=$((round + 1))
    done | sort -n | awk 'NR == 11 { printf "from start to exit on a HAR without entries: %.1f ms\n", $1 }'
}

# ---------------------------------------------------------------- growth

growth() {
    largest=${MB:-2000}
    printf '%8s %10s %10s %10s %10s\n' MB jobs seconds ns/byte MiB
    for jobs in 1 2; do
        for mb in 1 10 100 500 1000 2000 5000 10000; do
            [ $mb -le "$largest" ] || continue
            "$build/bench_gen" web "${mb}000" > "$input"
            round=1
            while [ $round -le "$rounds" ]; do
                cost "$build/harsan" clean -q --no-report -f -j$jobs "$input" -o /dev/null
                round=$((round + 1))
            done | sort -n | awk -v n="$rounds" -v mb=$mb -v jobs=$jobs -v bytes="$(bytes_of "$input")" '
                $2 > peak { peak = $2 }
                NR == int((n + 1) / 2) { ms = $1 }
                END { print mb, jobs, ms / 1000, ms * 1e6 / bytes, peak / 1024 }' >> "$raw"
            tail -1 "$raw" | awk '{ printf "%8d %10d %10.2f %10.2f %10.1f\n", $1, $2, $3, $4, $5 }'
        done
    done
    # The smallest is all start-up; from 10 MB on a byte costs what a byte costs.
    awk -v json="$build/bench-growth.json" '
        $1 >= 10 && $2 == 1 { if (least == 0 || $4 < least) least = $4; if ($4 > most) most = $4 }
        $5 > peak { peak = $5 }
        { rows = rows (NR > 1 ? "," : "") sprintf("\n    {\"megabytes\": %d, \"jobs\": %d, " \
              "\"seconds\": %.3f, \"peak_mib\": %.1f}", $1, $2, $3, $5) }
        END {
            printf "most and least per byte with one job, 10 MB and up: %.2f; peak %.1f MiB\n", most / least, peak
            printf "{\n  \"schema\": \"harsan-bench-growth\", \"schema_version\": 1,\n  \"rows\": [%s\n  ]\n}\n", rows > json
        }' "$raw"
    echo "also in $build/bench-growth.json"
}

# ---------------------------------------------------------------- hostile texts

hostile() {
    has valgrind || { echo "needs valgrind: work is counted in instructions"; exit 1; }
    printf '%-24s %14s %14s %8s\n' "text" "instr/byte" "four times" growth
    while IFS='	' read -r name unit; do
        "$build/bench_gen" "$unit" 100 > "$input"
        small=$(instructions "$input") a=$(bytes_of "$input")
        "$build/bench_gen" "$unit" 400 > "$input"
        middle=$(instructions "$input") b=$(bytes_of "$input")
        "$build/bench_gen" "$unit" 1600 > "$input"
        echo "$name	$small $a $middle $b $(instructions "$input") $(bytes_of "$input")" >> "$raw"
        tail -1 "$raw" | awk -F'	' '{
            split($2, v, " ")
            few = (v[3] - v[1]) / (v[4] - v[2]); many = (v[5] - v[3]) / (v[6] - v[4])
            printf "%-24s %14.1f %14.1f %8.2f%s\n", $1, few, many, many / few, \
                (many / few > 1.25 ? "  NOT LINEAR" : "") }'
    done < "$tests/bench_hostile.tsv" | tee "$build/bench-hostile.txt"
    ! grep -q 'NOT LINEAR' "$build/bench-hostile.txt"
}

case $what in
speed | growth | hostile) "$what" ;;
*) echo "usage: bench.sh BUILD-DIR speed|growth|hostile" >&2; exit 2 ;;
esac
