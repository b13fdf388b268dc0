#!/bin/sh
# What the tests ran of src/: coverage.sh BUILD-DIR, after the tests of a build with --coverage.
#
# One line a file, worst first, then the sums, then what never ran with its reason, as
# tests/uncovered.txt has it. Fails when less than 95% of the lines or 85% of the branches ran, when
# lines never ran that have no reason there, and when there is a reason for lines that do run.
# BUILD-DIR/uncovered.txt lists every line that never ran.
#   UPDATE=1   writes the counts in tests/uncovered.txt anew; what has no reason yet gets `?`, which fails
set -eu
LC_ALL=C
export LC_ALL
build=$1
reasons=tests/uncovered.txt
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && for note in "$root/$build"/*.gcno; do
    case $(basename "$note" .gcno) in
    rules_builtin) continue ;;
    esac
    (cd "$root" && "${GCOV:-gcov}" -b -c -o "$build" "$note" 2> /dev/null) > "$work/one"
    cat "$work/one"
    mv "$root"/*.gcov "$work" 2> /dev/null || :
done) > "$work/all"
awk '
    /^File / { file = $2; gsub("\047", "", file) }
    file !~ /^src\/.*\.c$/ { next }
    /^Lines executed/ { split($2, v, /[:%]/); lines[file] = $NF; hit[file] = v[2] * $NF / 100 }
    /^Taken at least/ { split($4, v, /[:%]/); branches[file] = $NF; taken[file] = v[2] * $NF / 100 }
    END {
        for (f in lines) {
            printf "%6.2f%% of %5d lines, %6.2f%% of %5d branches  %s\n", 100 * hit[f] / lines[f],
                lines[f], branches[f] ? 100 * taken[f] / branches[f] : 100, branches[f], f
            l += lines[f]; h += hit[f]; b += branches[f]; t += taken[f]
        }
        printf "999 %6.2f%% of %d lines, %.2f%% of %d branches in all\n", 100 * h / l, l, 100 * t / b, b
    }' "$work/all" | sort -n | sed 's/^999//' > "$work/sums"
cat "$work/sums"
for file in "$work"/*.c.gcov; do
    grep -q 'Source:src/' "$file" || continue
    sed -n "s|^ *#####: *\([0-9]*\):|$(basename "$file" .gcov):\1: |p" "$file"
done > "$build/uncovered.txt"

# What a pattern gives the reason of, whatever function it stands in, is set apart; of the rest FILE
# FUNCTION LINES of each function with lines that never ran.
sed -n 's/^~ \([^ ]*\) /\1 /p' "$reasons" > "$work/patterns"
awk '
    NR == FNR { why[++n] = $1; sub(/^[^ ]+ /, ""); pattern[n] = $0; next }
    {
        text = $0
        sub(/^[^:]*:[0-9]*: */, "", text)
        for (i = 1; i <= n; i++) if (text ~ pattern[i]) { print why[i] > told; next }
        print > rest
    }' told="$work/told" rest="$work/rest" "$work/patterns" "$build/uncovered.txt"
touch "$work/told" "$work/rest"
for file in $(cut -d: -f1 "$work/rest" | sort -u); do
    awk -v file="$file" -v list="$work/rest" '
        BEGIN { while ((getline l < list) > 0) { split(l, p, ":"); if (p[1] == file) bare[p[2]] = 1 } }
        /^[a-zA-Z_].*\(/ && !/;[ ]*$/ && !/^#/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        (FNR in bare) { n[name]++ }
        END { for (f in n) print file, f, n[f] }' "src/$file"
done | sort > "$work/bare"

if [ -n "${UPDATE:-}" ]; then
    {
        grep '^[#~]' "$reasons"
        awk 'NR == FNR { if ($0 !~ /^([#~]|$)/) why[$1 " " $2] = $4; next }
            { print $0, ($1 " " $2) in why ? why[$1 " " $2] : "?" }' "$reasons" "$work/bare"
    } > "$work/new"
    cp "$work/new" "$reasons"
fi

# With a star: whether these lines run depends on the moment, or on what is drawn.
awk '
    FNR == 1 { part++ }
    part == 1 && /^#   [a-z]/ { known[$2] = 1; next }
    part == 1 && /^([#~]|$)/ { next }
    part == 1 { k = $1 " " $2; room[k] = $3; why[k] = $4; next }
    { n[$1 " " $2] = $3 }
    END {
        for (k in n) {
            if (!(k in room)) { print k ": " n[k] " lines never run, and no reason why"; bad = 1 }
            else if (n[k] > room[k]) { print k ": " n[k] " lines never run, " room[k] " have a reason"; bad = 1 }
        }
        for (k in room) {
            if (!(why[k] in known)) { print k ": " why[k] " is no reason"; bad = 1 }
            else if (why[k] !~ /\*$/ && n[k] + 0 < room[k]) {
                print k ": a reason for " room[k] " lines, of which " n[k] + 0 " never run"; bad = 1
            }
        }
        exit bad
    }' "$reasons" "$work/bare" > "$work/wrong" && wrong=0 || wrong=1
echo
echo "Never run, by reason ($reasons):"
awk '
    FNR == 1 { part++ }
    part == 1 && /^#   [a-z]/ { r = $2; sub(/^#   [^ ]+ +/, ""); text[r] = $0; next }
    part == 1 && /^([#~]|$)/ { next }
    part == 1 { why[$1 " " $2] = $4; next }
    part == 2 { lines[why[$1 " " $2]] += $3; next }
    { lines[$1]++ }
    END { for (r in lines) printf "%5d lines: %s: %s\n", lines[r], r, text[r] }' \
    "$reasons" "$work/bare" "$work/told" | sort -rn
sort "$work/wrong"
enough=$(awk '/in all$/ { print ($1 + 0 >= 95 && $5 + 0 >= 85) ? 0 : 1 }' "$work/sums")
[ "$enough" = 0 ] || echo "not enough: 95% of the lines and 85% of the branches"
echo "$(wc -l < "$build/uncovered.txt") lines never run: $build/uncovered.txt"
[ $wrong = 0 ] && [ "$enough" = 0 ]
