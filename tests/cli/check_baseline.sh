# A baseline accepts what it lists, in any spelling of the file, and nothing else.
t=4f7b5e1c9a8d2e6f0b3c
u=9d8c7b6a5f4e3d2c1b0a
entry='{"request":{"url":"https://shop.test/a/b","cookies":[{"name":"sid","value":"%s"}]}}'
{
    printf '{"log":{"entries":['
    # shellcheck disable=SC2059 # the entry is the format
    printf "$entry" $t
    printf ',{"response":{"content":{"text":"{\\"mail\\":\\"osei@maltbarrow-post.net\\",\\"path\\":\\"a/b\\"}"}}}]}}'
} > in.har
harsan check in.har
harsan check --write-baseline base.json in.har
echo "exit $?"
sed 's/"key": "[0-9a-f]*"/"key": "(64 digits)"/; s/"fingerprint": "[0-9a-f]*"/"fingerprint": "(32 digits)"/' base.json
grep -c -e $t -e maltbarrow base.json
harsan check --baseline base.json in.har
echo "exit $?"
echo "- reformatted, spelled otherwise, compressed, moved down, another name: still the same"
{
    printf '{\n  "log": {\n    "entries": [\n      {"comment": "new"},\n'
    printf '{ "request" : { "cookies" : [ { "value" : "\\u0034%s", "name" : "sid" } ],\n' "${t#4}"
    printf '  "url" : "https:\\/\\/shop.test\\/a\\/b" } },\n'
    printf '{"response":{"content":{"text":"{\\n \\"mail\\" : \\"os\\\\u0065i@maltbarrow-post.net\\"}"}}}\n] } }\n'
} | gzip -c > other.har.gz
harsan check --baseline base.json other.har.gz
echo "exit $?"
echo "- another value, another rule, another place: found"
sed "s/$t/$u/" in.har > new.har
harsan check --baseline base.json new.har
sed 's/cookies/headers/' in.har > moved.har
harsan check -q --baseline base.json moved.har
echo "- until a day"
harsan check -q --write-baseline base.json --expires 2030-06-30 in.har
grep -c expires base.json
harsan check -q --write-baseline soon.json --expires 2030-06-30 in.har
for day in 2030-06-30 2030-07-01; do
    harsan check --baseline soon.json --today $day in.har
    echo "exit $?"
done
echo "- written again: what is gone goes, dates and notes stay"
sed 's/"expires"/"note": "test account", "expires"/' soon.json > x && mv x soon.json
harsan check -q --write-baseline soon.json new.har
sed 's/.*"rule"/"rule"/; s/"key.*/"key"/' soon.json
echo "- not over other files, not from half of them"
harsan check --write-baseline in.har in.har
echo "exit $?"
printf '{"log":' > broken.har
harsan check --write-baseline third.json in.har broken.har
echo "exit $?"
ls third.json 2> /dev/null
echo "- with a key file the key is not in it"
printf '%032d' 7 > key
head -c 32 /dev/zero | tr '\0' x > wrong
harsan check -q --key-file key --write-baseline keyed.json in.har
cat keyed.json
harsan check -q --key-file key --baseline keyed.json in.har
echo "exit $?"
harsan check -q --baseline keyed.json in.har
echo "exit $?"
harsan check -q --key-file wrong --baseline keyed.json in.har
echo "exit $?"
echo "- mistakes"
bad() {
    printf '{"schema": "harsan-baseline", "schema_version": 1,\n "key_check": "0",\n%s}' "$1" > bad.json
    harsan check -q --baseline bad.json in.har
    echo "exit $?"
}
printf '{"schema": "harsan-report", "schema_version": 1}' > bad.json
harsan check -q --baseline bad.json in.har
sed 's/key_check.*,/key": "00",/' keyed.json > bad.json
harsan check -q --baseline bad.json in.har
sed 's/"rule"/"role"/' soon.json > bad.json
harsan check -q --baseline bad.json in.har
sed 's/2030-06-30/2030-06-31/' base.json > bad.json
sed 's/"fingerprint": "../"fingerprint": "/' soon.json > bad2.json
harsan check -q --baseline bad.json in.har
harsan check -q --baseline bad2.json in.har
echo "- what nothing has any more is told, of files that were looked at or are gone"
record='{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}'
mkdir all
for name in a b c; do
    # shellcheck disable=SC2059 # the record is the format
    printf "$record" "$name$t" > all/$name.har
done
harsan check -q --write-baseline base.json all
echo '{"log":{"entries":[]}}' > all/a.har
mv all/b.har all/d.har
harsan check --baseline base.json all
echo "exit $?"
harsan check --baseline base.json all/c.har
harsan check --baseline base.json all/c.har all/a.har
rm all/c.har
harsan check --baseline base.json all
harsan check -q --baseline base.json all
harsan check -q --baseline base.json --format json all | sed -n '/"stale"/,$p'
harsan check -q --baseline base.json --min-category personal --format json all/d.har | grep stale
(cd all && harsan check --baseline ../base.json .)
harsan check --baseline base.json --no-default-rules all
