#!/bin/sh
# The reports of the samples, made with a fixed key, are as they stand in samples/: of every sample in
# JSON, of three in all forms. UPDATE=1 writes those files anew. Ends with `N passed, N failed`.
set -u
harsan=${HARSAN:-build/harsan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%032d' 7 > "$work/key"
. "$(dirname "$0")/tally.sh"

for sample in samples/*.har samples/*.json; do
    case $sample in *.clean.* | *.report.json) continue ;; esac
    name=$(basename "$sample")
    golden=samples/${name%.*}.report
    "$harsan" clean -q "$sample" -o "$work/out" --force --key-file "$work/key" \
        --report "$work/report.json" --report "$work/report.html" --report "$work/report.md" \
        --report "$work/report.txt" &&
        "$harsan" verify -q "$sample" "$work/out" --report "$work/report.json" &&
        awk -f tests/html.awk "$work/report.html"
    judge "$sample" $?
    case $name in
    trouble.har | nested.har | no-log.json) forms="json html md txt" ;;
    *) forms=json ;;
    esac
    for form in $forms; do
        [ -z "${UPDATE:-}" ] || cp "$work/report.$form" "$golden.$form"
        diff -u "$golden.$form" "$work/report.$form"
        judge "$golden.$form" $?
    done
done
tally
