# A filter says nothing of an input that is not whole, unless it was told to write at once.
printf '{"log":{"entries":[{"comment":"here"},' > cut.har
awk 'BEGIN {
    print "["
    for (i = 0; i < 400000; i++)
        print "{\"comment\":\"number " i "\"},"
}' > big.har
for file in cut.har big.har; do
    harsan -q < $file | wc -c | tr -d ' '
    cat $file | harsan -q | wc -c | tr -d ' '
    harsan clean -q $file -o /dev/stdout | wc -c | tr -d ' '
    harsan -q --report /dev/fd/3 < $file 3>&1 > /dev/null | wc -c | tr -d ' '
done
[ "$(harsan -q --one-pass < big.har | wc -c)" -gt 1000000 ] && echo "written at once"
