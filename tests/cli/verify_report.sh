# With the report: digests, and not one byte changed that it does not list.
secret=$(printf 'swordfish' | sha256sum | cut -c 1-24)
printf '{"log":{"entries":[{"password":"%s","note":"plain words"}]}}\n' "$secret" > in.har
harsan clean -q in.har -o out.har --report run.json
harsan verify in.har out.har --report run.json
echo "exit $?"
sed 's/plain/plane/' out.har > bad.har
harsan verify -q in.har bad.har
echo "exit $?"
harsan verify -q in.har bad.har --report run.json
echo "exit $?"
sed 's/"offset": [0-9]*/"offset": 3/' run.json > other.json
harsan verify -q in.har out.har --report other.json
echo "exit $?"
sed 's/"changed": 1/"changed": 2/' run.json > other.json
harsan verify -q in.har out.har --report other.json
echo "exit $?"
for bad in '{}' '[' '{"schema": "harsan-report", "schema_version": 1}'; do
    printf '%s' "$bad" > other.json
    harsan verify in.har out.har --report other.json
    echo "exit $?"
done
harsan verify in.har out.har --report run.json --with pii
echo "exit $?"
harsan verify in.har
echo "exit $?"
harsan verify - - < in.har
echo "exit $?"
harsan verify in.har missing.har
echo "exit $?"
echo "- what is not known there is passed over, however long"
{ printf '{"note": "'; yes 'a word' | head -n 20000 | tr '\n' ' '; printf '",'; sed "1s/^{//" run.json; } > long.json
harsan verify -q in.har out.har --report long.json
echo "exit $?"
