# Every format of the same findings, byte by byte; the key makes fingerprints the same in every run.
printf '%s' '0123456789abcdef0123456789abcdef' > key
t=4f7b5e1c9a8d2e6f0b3c
printf '{"log":{"version":"1.2","entries":[{"request":{"url":"https://shop.test/","headers":[\n' > in.har
printf '{"name":"X-Größe","value":"😀"},{"comment":"😀 ö","name":"Authorization","value":"Bearer %s"}]},\n' $t >> in.har
printf '"response":{"content":{"text":"{\\"mail\\":\\"osei@maltbarrow-post.net\\", \\"n\\": [\\"%s\\"]}"}}}]}}\n' $t >> in.har
printf '{"log":{"entries":[]}}' > clean.har
printf '{"log":{"entries":[' > broken.har
for format in text json sarif github junit; do
    echo "--- $format"
    harsan check -q --key-file key --format $format in.har clean.har broken.har 2> err
    echo "exit $?"
done
cat err
echo "--- several at once, into files"
harsan check -q --key-file key --format text --format json=out.json --format sarif=out.sarif in.har
harsan check -q --key-file key --format json in.har | cmp - out.json
harsan check -q --key-file key --format json=out.json in.har
echo "exit $?"
harsan check -q -f --key-file key --format json=out.json in.har
echo "exit $?"
echo "--- without a key, SARIF knows a finding by its place only"
harsan check -q --format sarif in.har > 1.sarif
harsan check -q --format sarif in.har > 2.sarif
cmp 1.sarif 2.sarif
grep -o '"partialFingerprints.*' 1.sarif
grep -c $t in.har out.json out.sarif 1.sarif
