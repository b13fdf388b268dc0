#!/bin/sh
# Measures harsan against its yardsticks: bench.sh BUILD-DIR
#
# On three kinds of input (see bench_gen.c), in alternation: json_verify (yajl validating and doing
# nothing else), jq -c . (parse and print), cat, harsan in one pass, harsan as it comes. A ratio is
# taken within a round, where the machine is the same for all, and the median of the rounds is shown.
#   MB=50 ROUNDS=5   size of each input and number of rounds
#   CC               the compiler for the two helpers
# Figures go to BUILD-DIR/bench.json as well.
set -eu
LC_ALL=C
export LC_ALL
build=$1
tests=$(dirname "$0")
mb=${MB:-50}
rounds=${ROUNDS:-5}
raw=$build/bench.raw
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -O2"

# shellcheck disable=SC2086 # a list of flags
for helper in bench_gen bench_run; do
    "${CC:-cc}" $flags "$tests/$helper.c" -o "$build/$helper"
done

missing=
for tool in json_verify jq; do
    command -v $tool > /dev/null 2>&1 || missing="$missing $tool"
done
[ -z "$missing" ] || echo "not measured, because it is not installed:$missing"
case $missing in
*json_verify*) echo "without json_verify (Debian: yajl-tools) there are no ratios" ;;
esac

measure() { # MIX ROUND TOOL COMMAND...
    mix=$1 round=$2 tool=$3
    shift 3
    case $missing in
    *" $1"*) return 0 ;;
    esac
    if cost=$("$build/bench_run" "$build/bench-$mix.har" "$@"); then
        echo "$mix $round $tool $cost $(wc -c < "$build/bench-$mix.har")" >> "$raw"
    else
        echo "$*: failed on $build/bench-$mix.har" >&2
        exit 1
    fi
}

: > "$raw"
trap 'rm -f "$build"/bench-*.har' EXIT
trap 'exit 2' HUP INT TERM
for mix in web api tiny; do
    "$build/bench_gen" $mix "$mb" > "$build/bench-$mix.har"
    round=1
    while [ $round -le "$rounds" ]; do
        measure "$mix" "$round" cat cat
        measure "$mix" "$round" json_verify json_verify -q
        measure "$mix" "$round" harsan-one-pass "$build/harsan" clean -q --one-pass
        measure "$mix" "$round" harsan "$build/harsan" clean -q
        measure "$mix" "$round" jq jq -c .
        round=$((round + 1))
    done
    rm -f "$build/bench-$mix.har"
done

# Fields of a line: mix round tool milliseconds KiB bytes.
awk -v json="$build/bench.json" -v mb="$mb" -v rounds="$rounds" -v missing="$missing" '
    function median(list, n,    i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
                t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
            }
        return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    }
    {
        if (!($1 in bytes)) mix[++mixes] = $1
        bytes[$1] = $6
        if (!($3 in known)) { known[$3]; tool[++tools] = $3 }
        ms[$1, $3, $2] = $4 > 0 ? $4 : 0.01
        if ($5 > kib[$1, $3]) kib[$1, $3] = $5
    }
    END {
        printf "%-6s %-16s %8s %14s %12s\n", "input", "tool", "MB/s", "x json_verify", "peak MiB"
        printf "{\n  \"schema\": \"harsan-bench\", \"schema_version\": 1,\n" > json
        printf "  \"megabytes\": %d, \"rounds\": %d, \"results\": [", mb, rounds > json
        for (m = 1; m <= mixes; m++)
            for (t = 1; t <= tools; t++) {
                ratio = "-"
                for (r = 1; r <= rounds; r++) {
                    time[r] = ms[mix[m], tool[t], r]
                    if ((mix[m], "json_verify", r) in ms)
                        quotient[r] = ms[mix[m], "json_verify", r] / time[r]
                }
                if ((mix[m], "json_verify", 1) in ms)
                    ratio = sprintf("%.2f", median(quotient, rounds))
                speed = bytes[mix[m]] / 1000 / median(time, rounds)
                peak = kib[mix[m], tool[t]] / 1024
                printf "%-6s %-16s %8.0f %14s %12.1f\n", mix[m], tool[t], speed, ratio, peak
                printf "%s\n    {\"input\": \"%s\", \"tool\": \"%s\", \"mb_per_s\": %.1f, ",
                    (m + t > 2 ? "," : ""), mix[m], tool[t], speed > json
                printf "\"ratio_to_json_verify\": %s, \"peak_mib\": %.1f}",
                    (ratio == "-" ? "null" : ratio), peak > json
            }
        n = split(missing, absent, " ")
        printf "\n  ],\n  \"missing\": [" > json
        for (i = 1; i <= n; i++) printf "%s\"%s\"", (i > 1 ? ", " : ""), absent[i] > json
        print "]\n}" > json
    }' "$raw"
rm -f "$raw"
echo "$mb MB each, median of $rounds rounds; also in $build/bench.json"
