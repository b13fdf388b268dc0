#!/bin/sh
# Runs the tests of the command: each case is NAME.sh beside this file, run by sh in an empty
# directory with `harsan` on the PATH. What it prints and its exit code must equal NAME.out,
# NAME.err and NAME.exit (missing: empty, empty, 0).
#
#   tests/cli/run.sh [NAME...]           all cases, or those named
#   UPDATE=1 tests/cli/run.sh [NAME...]  take what comes out as what is expected
#   HARSAN=path                          the command to test, default build/harsan
set -u
LC_ALL=C
TZ=UTC
export LC_ALL TZ
umask 022

cases=$(cd "$(dirname "$0")" && pwd) || exit 2
harsan=${HARSAN:-$cases/../../build/harsan}
if [ ! -x "$harsan" ]; then
    echo "$harsan: not there; build it, or name it with HARSAN=" >&2
    exit 2
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/bin" || exit 2
ln -s "$(cd "$(dirname "$harsan")" && pwd)/$(basename "$harsan")" "$work/bin/harsan" || exit 2
PATH=$work/bin:$PATH
export PATH

# same WHAT WANT GOT: shows the difference and fails; a missing WANT stands for an empty file.
same() {
    want=$2
    [ -f "$want" ] || want=/dev/null
    diff -u "$want" "$3" > "$work/diff" && return 0
    echo "$1 differs:"
    sed 's/^/    /' "$work/diff"
    return 1
}

# keep WANT GOT: an expectation is a file only when there is something to expect.
keep() {
    if [ -s "$2" ]; then
        cp "$2" "$1"
    else
        rm -f "$1"
    fi
}

run_case() {
    rm -rf "$work/dir" && mkdir "$work/dir" || exit 2
    (cd "$work/dir" && exec sh "$cases/$1.sh") > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    : > "$work/exit"
    [ $code -eq 0 ] || echo $code > "$work/exit"
    if [ -n "${UPDATE:-}" ]; then
        for kind in out err exit; do
            keep "$cases/$1.$kind" "$work/$kind"
        done
        return 0
    fi
    bad=0
    for kind in out err exit; do
        same "$1.$kind" "$cases/$1.$kind" "$work/$kind" || bad=1
    done
    return $bad
}

if [ $# -eq 0 ]; then
    for file in "$cases"/*.sh; do
        name=$(basename "$file" .sh)
        [ "$name" = run ] || set -- "$@" "$name"
    done
fi

passed=0
failed=0
for name in "$@"; do
    if [ -f "$cases/$name.sh" ] && run_case "$name"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $name"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
