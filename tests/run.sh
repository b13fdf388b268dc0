#!/bin/sh
# Runs everything: run.sh BUILD-DIR TEST... ; ends with `N passed, N failed`.
set -u
build=$1
shift
passed=0
failed=0

count() { # NAME OUTPUT-FILE STATUS: adds what a cmocka binary or a runner counted
    ok=$(sed -n 's/.*\[  PASSED  \] \([0-9][0-9]*\) test.*/\1/p; s/^\([0-9][0-9]*\) passed, .*/\1/p' "$2" | tail -1)
    bad=$(sed -n 's/.*\[  FAILED  \] .* \([0-9][0-9]*\) test(s).*/\1/p; s/.* passed, \([0-9][0-9]*\) failed$/\1/p' "$2" | tail -1)
    [ "$3" = 0 ] || [ "${bad:-0}" != 0 ] || bad=1
    passed=$((passed + ${ok:-0}))
    failed=$((failed + ${bad:-0}))
    if [ "$3" = 0 ]; then
        echo "ok      $1 (${ok:-0})"
    else
        echo "FAILED  $1"
        cat "$2"
    fi
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
for test in "$@"; do
    "$test" >"$out" 2>&1
    count "$(basename "$test")" "$out" $?
done
for folder in fuzz/corpus/*; do
    target=$(basename "$folder")
    "$build/fuzz/replay_$target" "$folder" >"$out" 2>&1
    count "replay_$target" "$out" $?
done
HARSAN=$build/harsan sh tests/cli/run.sh >"$out" 2>&1
count "command" "$out" $?
for kind in drive kill wipe; do
    "$build/faults/$kind" "$build/harsan" "$build/faults/shim.so" >"$out" 2>&1
    count "faults: $kind" "$out" $?
done
sh tests/hardened.sh "$build" >"$out" 2>&1
count "hardened" "$out" $?
sh tests/install.sh "$build" >"$out" 2>&1
count "install" "$out" $?
sh tests/layers.sh >"$out" 2>&1
count "layers" "$out" $?
HARSAN=$build/harsan sh tests/reports.sh >"$out" 2>&1
count "reports" "$out" $?
HARSAN=$build/harsan sh tests/check.sh >"$out" 2>&1
count "check" "$out" $?
HARSAN=$build/harsan sh tests/ci.sh >"$out" 2>&1
count "hooks" "$out" $?
HARSAN=$build/harsan sh tests/readme.sh >"$out" 2>&1
count "readme" "$out" $?
"$build/harsan" rules test >"$out" 2>&1
status=$?
[ $status = 0 ] && echo "1 passed, 0 failed" >>"$out"
count "rules" "$out" $status
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
