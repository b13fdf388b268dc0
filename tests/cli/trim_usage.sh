# Every mistake with what is to be left out or bundled: exit code 2 and one line.
try() {
    harsan "$@"
    echo "$* -> $?"
}
printf '{"log":{"entries":[]}}' > a
cp a b
try clean --entries 5-3 a
try clean --entries 1,,2 a
try clean --entries=-4 a
try clean --entries '' a
try clean --host '' a
try clean --since yesterday a
try clean --until 2026-02 a
try clean --since 2026-03-02 --until 2026-03-01T23:59Z a -o c
try clean --drop-bodies=pictures a
try clean --drop-bodies= a
try clean --fit 0 a
try clean --fit -1 a
try clean --fit 25X a
try clean --fit 99999999999999G a
try clean --bundle
try clean --bundle t.zip a b
try clean --bundle t.zip --in-place a
try clean --bundle t.zip --out-dir . a
try clean --bundle a a
try clean --bundle c -o c a
try clean --bundle c.json --report c.json a
try clean --bundle - -o - a
try clean --bundle - --report - a
try clean --bundle b a
try verify --bundle t.zip a b
ls -A
