# Every mistake on the command line: exit code 2 and one line.
try() {
    harsan "$@"
    echo "$* -> $?"
}
try frobnicate
: > frobnicate.har
try frobnicate.har
try clean --frobnicate
try clean -z
try clean -o
try clean --gzip=1 a
try clean --jwt=half a
try clean --with pii,everything a
try clean --with '' a
try clean --window 3Q a
try clean --window 99999999999999999999 a
try clean ''
try clean a - b
try clean a b -o c
try clean a b --report c.json
try clean a --report c
try clean a --report c.pdf
try clean --in-place
try clean --in-place a -o b
try clean --in-place a --out-dir b
try clean a -o b --out-dir c
try clean a --report b.json --no-report
try clean --out-dir . -
try rules
try rules list more
try rules test a b
try rules frobnicate
try help frobnicate
try clean -j
try clean -j 0 a
try clean -j 65 a
try clean --jobs=2x a
try clean --jobs=-1 a
try rules -j2
