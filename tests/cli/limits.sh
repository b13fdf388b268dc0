# Past a limit of the whole file: exit code 5 and no output. Sizes of files that are read whole.
entry='{"log":{"entries":[{"comment":"user5@mail.test"}]}}'
printf '%s' "$entry" > a.har
{ head -c 1001 /dev/zero | tr '\0' '['; head -c 1001 /dev/zero | tr '\0' ']'; } > deep.json
{ printf '{"'; head -c 1500000 /dev/zero | tr '\0' 'k'; printf '":1}'; } > key.json
harsan clean -q deep.json -o out.json
echo "exit $?"
harsan clean -q key.json --window 1M -o out.json
echo "exit $?"
harsan clean -q key.json --window 2048K --no-report -o out.json && cmp key.json out.json
harsan clean -q --window 12 a.har -o - --key-file a.har > b.har
echo "exit $?"
harsan clean -q --window 5X a.har -o -
echo "exit $?"
# 64 values without six letters or digits in a row, and one more
i=0
while [ $i -lt 65 ]; do
    echo "a-$i-b-$i"
    i=$((i + 1))
done > known
harsan clean -q a.har -o - --known known
echo "exit $?"
sed 65d known > fewer
harsan clean -q a.har -o - --known fewer > b.har
echo "exit $?"
harsan verify -q a.har b.har --known fewer
echo "exit $?"
for size in 1048576 1048577; do
    head -c $size /dev/zero > large
    harsan clean -q a.har -o b.har -f --no-report --key-file large
    echo "exit $?"
done
for size in 16777216 16777217; do
    yes 'a known value' | head -c $size > large
    harsan clean -q a.har -o b.har -f --no-report --known large
    echo "exit $?"
done
for blanks in 4194292 4194293; do
    { printf '{"rules":[]}'; head -c $blanks /dev/zero | tr '\0' ' '; } > rules.json
    harsan clean -q a.har -o b.har -f --no-report --rules rules.json
    echo "exit $?"
done
harsan help nonsense
echo "exit $?"
harsan rules --help | head -1
harsan help > /dev/full
echo "exit $?"
# gzip that goes wrong behind its beginning: what comes out before is kept, the digest is the file's
{ i=0; printf '{"log":{"entries":['; while [ $i -lt 3000 ]; do echo "{\"time\":$i},"; i=$((i + 1)); done; } > many
gzip -nc many | { head -c 2000; head -c 3000 /dev/zero; } > torn.har.gz
harsan clean -q torn.har.gz -o out.gz
echo "exit $?"
harsan -q --salvage --report r.json < torn.har.gz > torn.out
echo "exit $?"
tail -c 3 torn.out
echo
sed -n 's/.*"input": {"bytes": \([0-9]*\).*/\1/p' r.json
rm torn.out
ls -A
