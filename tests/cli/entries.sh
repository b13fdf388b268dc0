# Only what is wanted; numbers count from 0, as in the places of the report. All is sanitized before.
entry() { # TIME URL TEXT
    printf '{"startedDateTime":"%s","request":{"method":"GET","url":"%s"},"response":{"status":200,' "$1" "$2"
    printf '"content":{"size":9,"mimeType":"text/plain","text":"%s"}}}' "$3"
}
{
    printf '{"log":{"version":"1.2","entries":[\n  '
    entry 2026-03-01T10:00:00.000+01:00 https://shop.example/ zero
    printf ',\n  '
    entry 2026-03-01T09:00:01.000Z https://cdn.shop.example:8443/a one
    printf ',\n  '
    entry 2026-03-01T09:00:02.000Z https://SHOP.example/b 'see Zq7pWn3Kx8Rt5Vb2'
    printf ',\n  '
    entry 2026-03-01T05:00:03.000-0400 'https://other.test/c?access_token=Zq7pWn3Kx8Rt5Vb2' three
    printf '\n]}}\n'
} > capture.har
printf '%032d' 7 > key
kept() {
    harsan clean -q --key-file key capture.har -o - "$@" > out
    grep -o '"text":"[a-z]*\( redacted-[a-z2-7]*\)*' out | cut -d '"' -f 4 | tr '\n' ','
    echo " $*"
}
kept --entries 0
kept --entries 1-2
kept --entries 2-
kept --entries 3,0
kept --entries 0 --entries 2-2
kept --entries 9
cat out
kept --host shop.example
kept --host '*.shop.example'
kept --host '*shop.example' --host other.*
kept --host '*shop.example' --entries 1-
kept --since 2026-03-01T09:00:01Z
kept --until 2026-03-01T11:00:01.5+02:00
kept --since 2026-03-01T09:00:01Z --until 2026-03-01T09:00:02Z
# hosts are looked at before they become stand-ins; an entry dropped has still taught its token
kept --entries 2 --redact-host shop.example --host shop.example
# the report says so
harsan clean capture.har -o out.har --entries 1-2 --report out.json
grep left_out out.json
grep -c '"entries": 4' out.json
# untouched but for what went
harsan clean -q --no-default-rules capture.har -o all.har --entries 0-3 && cmp capture.har all.har
harsan clean -q --no-default-rules --verify capture.har -o one.har --entries 3
sed -e '2,4d' capture.har | cmp - one.har
# as a filter, compressed, in place
harsan -q --key-file key --entries 1 < capture.har | grep -c shop.example
harsan clean -q --key-file key --entries 1 capture.har -o one.har.gz && gzip -dc one.har.gz | wc -l | tr -d ' '
cp capture.har place.har
harsan clean -q --in-place --no-report --entries 1 place.har && wc -l < place.har | tr -d ' '
printf '[1]' > no.json
harsan clean --entries 1 no.json -o no.out && cat no.out
