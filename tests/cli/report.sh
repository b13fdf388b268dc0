# Digests are those of the files as they lie on disk; reports are equal wherever they go.
printf '{"log":{"version":"1.2","entries":[]}}\n' > capture.har
gzip -nc capture.har > packed.har.gz
harsan clean -q capture.har --report one.json --report two.json --report /dev/fd/3 \
    -o clean.har 3> three.json
cmp one.json two.json
cmp one.json three.json
sed 's/"rules": {"version": "[0-9a-f]*"}/"rules": {"version": "..."}/' one.json
harsan clean -q packed.har.gz -o packed.sanitized.har.gz --report packed.report.json
for file in packed.har.gz packed.sanitized.har.gz; do
    digest=$(sha256sum < "$file" | cut -d ' ' -f 1)
    size=$(wc -c < "$file" | tr -d ' ')
    grep -c "\"bytes\": $size, \"sha256\": \"$digest\", \"gzip\": true, \"json_bytes\": 39}" \
        packed.report.json
done
harsan clean -q capture.har --no-report --one-pass
harsan -q --one-pass --report /dev/fd/3 < capture.har 3>&1 > /dev/null | grep passes
ls -A
