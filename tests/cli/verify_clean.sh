# clean --verify proves the output before it takes its name; it needs a file for that.
printf '{"log":{"entries":[{"password":"%s"}]}}\n' abc123def456 > in.har
harsan clean -q --verify in.har
echo "exit $?"
harsan clean -q --verify -o piped.har < in.har
echo "exit $?"
cat in.har | harsan clean -q --verify --gzip -o piped.har.gz
echo "exit $?"
harsan clean -q --verify --in-place --no-report in.har
echo "exit $?"
harsan clean -q --verify < in.har
echo "exit $?"
harsan clean -q --verify in.har -o /dev/stdout
echo "exit $?"
harsan clean -q --verify --one-pass in.har
echo "exit $?"
ls -A
