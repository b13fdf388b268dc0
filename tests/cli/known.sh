# Values one per line, from files and descriptors; they are never echoed.
printf '{"log":{"entries":[]}}' > a.har
printf 'long enough\n\nwindows line\r\nno line end' > good
printf 'long enough\nabc\n' > short
for list in good short missing; do
    harsan -q --known "$list" < a.har
    echo " exit $?"
done
harsan -q --known /dev/fd/3 < a.har 3< good
echo " exit $?"
# and gone from output, report and messages
printf '{"log":{"entries":[],"comment":"say hunter2 to enter"}}' > b.har
printf 'hunter2\n' > word
harsan clean --known word b.har -o b.sanitized.har --report b.json --report b.html --report b.md \
    --report b.txt > messages 2>&1
echo "exit $?"
grep -l hunter2 messages b.sanitized.har b.json b.html b.md b.txt
grep -c '"findings": \[\]' b.json
