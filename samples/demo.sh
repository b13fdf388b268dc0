#!/bin/sh
# Cleans a sample and shows what became of it: demo.sh HARSAN
#
# The sample is a session recorded in a shop that was made up for it: nothing in it is anybody's.
# Results go to the folder demo beside the command.
set -eu
harsan=$1
in=samples/shop-chromium.har
dir=$(dirname "$harsan")/demo
out=$dir/shop-chromium.sanitized.har
report=$dir/shop-chromium.report
mkdir -p "$dir"

echo "\$ harsan clean $in -o $out --report $report.html --report $report.txt --report $report.json"
echo
"$harsan" clean -f "$in" -o "$out" --report "$report.html" --report "$report.txt" --report "$report.json" 2>&1

# White space and structure stay, so line n of the output is line n of the input.
echo
echo "Some of the lines that changed (- before, + after):"
awk -v width=108 '
    function show(mark, line) {
        sub(/^ +/, "", line)
        print "  " mark " " (length(line) > width ? substr(line, 1, width - 3) "..." : line)
    }
    BEGIN {
        n = split("shop_session=[^;]*; Path|Bearer |url.*api_key=|resetUrl|Tel[.] [(]|" \
                  "access_token.*bearer", telling, "|")
    }
    NR == FNR { before[FNR] = $0; next }
    before[FNR] != $0 {
        for (i = 1; i <= n; i++)
            if (!(i in shown) && before[FNR] ~ telling[i]) {
                shown[i] = 1
                show("-", before[FNR])
                show("+", $0)
                print ""
                break
            }
    }' "$in" "$out"

echo "The head of the report:"
head -n 24 "$report.txt" | sed 's/^/  /'
echo "  ..."
echo
echo "\$ harsan verify $in $out --report $report.json"
"$harsan" verify "$in" "$out" --report "$report.json" 2>&1
echo
echo "before   $in"
echo "after    $out"
echo "report   $report.html, .txt, .json"
