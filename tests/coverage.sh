#!/bin/sh
# What the tests ran of src/: coverage.sh BUILD-DIR, after the tests of a build with --coverage.
# One line a file, worst first, then the sums; BUILD-DIR/uncovered.txt lists the lines never run.
set -eu
LC_ALL=C
export LC_ALL
build=$1
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
    }' "$work/all" | sort -n | sed 's/^999//'
for file in "$work"/*.c.gcov; do
    grep -q 'Source:src/' "$file" || continue
    sed -n "s|^ *#####: *\([0-9]*\):|$(basename "$file" .gcov):\1: |p" "$file"
done > "$build/uncovered.txt"
echo "$(wc -l < "$build/uncovered.txt") lines never run: $build/uncovered.txt"
