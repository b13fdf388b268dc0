# --fix cleans what has findings, where it lies; the next check is green.
t=4f7b5e1c9a8d2e6f0b3c
mkdir dir
printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}\n' $t > dir/a.har
gzip -c dir/a.har > dir/b.har.gz
printf '{"log":{"entries":[]}}\n' > dir/c.har
chmod 640 dir/a.har
touch -t 202001010000 dir/c.har
touch -t 202101010000 mark
harsan check --fix dir
echo "exit $?"
ls -A dir
ls -l dir/a.har | cut -c 1-10
find dir -newer mark -name 'c.har'
gzip -t dir/b.har.gz && gzip -dc dir/b.har.gz | grep -c $t
grep -c 'redacted-' dir/a.har
harsan check --fix dir
echo "exit $?"
echo "- with the rules of the check; accepted files stay"
printf '{"log":{"entries":[{"request":{"headers":[{"name":"X-Badge","value":"B-1234567"}]}}]}}\n' > dir/a.har
cp dir/a.har before
harsan check -q --redact header:X-Badge --write-baseline base.json dir
harsan check --redact header:X-Badge --baseline base.json --fix dir
cmp dir/a.har before
harsan check -q --redact header:X-Badge --fix dir
cmp -s dir/a.har before || echo changed
harsan check --redact header:X-Badge dir
echo "exit $?"
echo "- a broken one stays as it is"
printf '{"log":' > dir/d.har
harsan check --fix dir
echo "exit $?"
cat dir/d.har
