# A file alone: the clean copy and the report stand beside it, named after it.
har='{"log":{"version":"1.2","entries":[]}}'
mkdir sub
for name in capture.har sub/a.b.json plain .hidden; do
    printf '%s\n' "$har" > "$name"
    harsan clean -q "$name" || exit
done
gzip -c capture.har > packed.har.gz
harsan clean -q packed.har.gz
find . -type f | sort
cmp capture.har capture.sanitized.har
gzip -dc packed.sanitized.har.gz | cmp capture.har -
