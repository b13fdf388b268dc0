#!/bin/sh
# Memcheck over the command, on every sample and in every kind of work, and over some unit tests:
# valgrind.sh BUILD-DIR. Ends with `N passed, N failed`.
#
# What must hold: no byte is read that nobody wrote, none beyond what is held, nothing is left. The
# command is not confined, for valgrind opens files of its own; PCRE2 interprets (faults/plain.c).
set -u
LC_ALL=C
export LC_ALL
build=$(cd "$1" && pwd) || exit 2
root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
cd "$root" || exit 2
. tests/tally.sh
if ! command -v valgrind > /dev/null; then
    echo "valgrind: not there: nothing tested"
    tally
    exit 0
fi

memcheck() { # WANTED-CODE COMMAND...
    want=$1
    shift
    LD_PRELOAD=$build/faults/plain.so valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        --child-silent-after-fork=yes "$@" > "$work/out" 2> "$work/err"
    code=$?
    [ $code = "$want" ]
    judge "$*: exit code $code" $? "$work/err"
}

run() { # WANTED-CODE ARGUMENT...
    code=$1
    shift
    memcheck "$code" "$build/harsan" "$@" --no-sandbox
}

printf '%032d' 7 > "$work/key"
for sample in samples/*.har samples/*.json; do
    case $sample in *.clean.* | *.report.json) continue ;; esac
    run 0 clean -q -f -j2 --with pii,network --verify "$sample" -o "$work/out.har" \
        --report "$work/r.json" --report "$work/r.html" --report "$work/r.md" --report "$work/r.txt"
    run 0 verify -q --with pii,network "$sample" "$work/out.har" --report "$work/r.json"
done
sample=samples/har-1.1.har
gzip -nc $sample > "$work/a.har.gz"
head -c 5000 $sample > "$work/cut.har"
printf ']' | cat $sample - > "$work/broken.har"
run 1 check -j2 --format "sarif=$work/x.sarif" --format "junit=$work/x.xml" --format json samples
run 0 check -q --write-baseline "$work/base.json" --key-file "$work/key" $sample
run 0 check --baseline "$work/base.json" --key-file "$work/key" $sample
run 0 clean -q "$work/a.har.gz" --bundle "$work/b.zip" --fit 1M
run 0 clean -q "$work/a.har.gz" -o "$work/part.har" --entries 1- --drop-bodies=image
run 0 clean -q --salvage "$work/cut.har" -o "$work/saved.har"
run 0 clean -q --in-place "$work/a.har.gz"
run 3 clean -q "$work/broken.har" -o "$work/never.har"
run 0 rules test
run 0 rules list
for test in json peel scan valid view zip; do
    memcheck 0 "$build/test_$test"
done
tally
