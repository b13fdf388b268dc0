#!/bin/sh
# The report of every sample, made with a fixed key, is as it stands in samples/*.report.json.
# UPDATE=1 writes those files anew. Ends with `N passed, N failed`.
set -u
harsan=${HARSAN:-build/harsan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c 32 /dev/zero >"$work/key"
passed=0
failed=0
for sample in samples/*.har samples/*.json; do
    case $sample in *.clean.* | *.report.json) continue ;; esac
    name=$(basename "$sample")
    golden=samples/${name%.*}.report.json
    if "$harsan" clean -q "$sample" -o "$work/out" --force --key-file "$work/key" \
        --report "$work/report.json" &&
        "$harsan" verify -q "$sample" "$work/out" --report "$work/report.json"; then
        [ -z "${UPDATE:-}" ] || cp "$work/report.json" "$golden"
        if diff -u "$golden" "$work/report.json"; then
            passed=$((passed + 1))
            continue
        fi
    fi
    echo "FAILED: $sample"
    failed=$((failed + 1))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
