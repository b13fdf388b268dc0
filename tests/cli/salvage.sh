# A broken capture: complete entries are kept, what is lost is said and reported. Off by default.
entry='{"request":{"headers":[{"name":"Cookie","value":"sid=5kh2zx49w7vhzk"}]}}'
printf '{"log":{"version":"1.2","entries":[%s,\n%s,\n{"request":{"url":"https:' "$entry" "$entry" > cut.har
printf '{"log":{"entries":[%s,{"a" 1},%s]}}' "$entry" "$entry" > middle.har
printf '{"log":{"entries":[%s]}} and more' "$entry" > tail.har
printf '{"log":{"entries":[%s]}}\n' "$entry" > whole.har
gzip -nc cut.har | head -c 120 > torn.har.gz
printf '0123456789abcdef0123456789abcdef' > key

harsan clean cut.har
echo "exit $?"
for name in cut middle tail whole; do
    harsan clean --salvage --verify --key-file key $name.har -o $name.sanitized.har \
        --report $name.report.json
    echo "exit $?"
    cat $name.sanitized.har
    echo
    grep '"why"' $name.report.json
    harsan verify -q --salvage $name.har $name.sanitized.har --report $name.report.json
    echo "verified $?"
done
# neither the way in nor the number of passes makes a difference
cat cut.har | harsan -q --salvage --key-file key | cmp - cut.sanitized.har
cat cut.har | harsan -q --salvage --one-pass --key-file key | cmp - cut.sanitized.har
harsan -q --salvage --key-file key < torn.har.gz
echo " exit $?"
# nothing to keep is an error as ever
printf 'x' | harsan -q --salvage
echo "exit $?"
ls
