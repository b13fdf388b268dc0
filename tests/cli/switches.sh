# Quick rules: a name is kept or redacted, a host redacted, without a rule file.
cat > a.har <<'END'
{"log":{"entries":[{"request":{"url":"https://db1.corp.example/a?page=x7&lang=en","headers":[
{"name":"X-Plain","value":"abc"},{"name":"ETag","value":"W/1-blue"},{"name":"X-Badge","value":"q9z8y7x6w5v4"}],
"cookies":[{"name":"lang","value":"en"},{"name":"zebra","value":"h3k4j5h6k7j8h9k0"}]},
"response":{"content":{"text":"{\"age\":4242,\"vip\":true,\"nick\":\"moss\",\"note\":\"see db2.EU.Corp.Example. or corp.example or db3.corp.example.net\"}"}}}]}}
END
# prints what differs from a.har, stand-ins as *
changes() {
    harsan -q "$@" < a.har > b.har
    echo "exit $?"
    sed 's/redacted-[a-z2-7]*/*/g' b.har | diff a.har - | grep '^>'
    harsan -q "$@" < b.har | cmp - b.har
}
echo "# built-in"
changes
echo "# keep"
changes --keep cookie:zebra
echo "# redact"
changes --keep cookie:zebra --redact cookie:lang --redact header:etag --redact key:age \
    --redact key:vip --redact key:nick --redact param:page --redact any:x-plain
echo "# host"
changes --keep cookie:zebra --redact-host '*.corp.example'
echo "# whole host"
changes --keep cookie:zebra --redact-host DB1.corp.example
echo "# verified, beside a rule file, which may begin with a byte order mark"
printf '\357\273\277{ "rules": [] }' > none.json
harsan clean -q --verify --rules none.json --redact key:nick --redact-host '*.corp.example' a.har --report a.report.json \
    -o a.sanitized.har
echo "exit $?"
harsan verify -q a.har a.sanitized.har --report a.report.json --rules none.json --redact key:nick \
    --redact-host '*.corp.example'
echo "exit $?"
echo "# names of any kind"
printf '{"log":{"entries":[],"a\\"{b\\\\c":"moss"}}' |
    harsan -q --redact 'key:a"{b\c' | sed 's/redacted-[a-z2-7]*/*/g'
echo
echo "# mistakes"
try() {
    harsan -q "$@" < a.har
    echo "$* -> $?"
}
try --keep zebra
try --keep header:
try --redact body:zebra
try --keep cookie:ok --redact param:12
try --redact-host '*'
try --redact-host 'db*.corp.example'
try --redact-host '*.io'
try --redact-host '*.corp..example'
try --redact-host 'corp.example:8080'
printf '{\n  "rules": [],\n  "frobnicate": 1\n}\n' > wrong.json
harsan -q --keep cookie:a --keep cookie:b --rules none.json --rules wrong.json < a.har 2>&1 |
    sed 's/column.*//'
