# The input is never the output, by whatever name, without --force or --in-place.
printf '{"log":{"entries":[]}}' > capture.har
ln capture.har hard
ln -s capture.har soft
for out in capture.har ./capture.har hard soft; do
    harsan clean -q capture.har -o "$out"
    echo "exit $?"
done
harsan clean -q -o hard < capture.har
echo "exit $?"
harsan -q < capture.har >> capture.har
echo "exit $?"
harsan clean -q capture.har -o new.json --report new.json
echo "exit $?"
harsan clean -q capture.har -o new.json --report ./new.json --force
echo "exit $?"
harsan clean -q capture.har -o - --report -
echo "exit $?"
cat capture.har
echo
ls -A
