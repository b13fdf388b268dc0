# More than the memory of the spool: a nameless file, in TMPDIR if that is a directory.
mkdir tmp
awk 'BEGIN {
    printf "{\"log\":{\"entries\":["
    for (i = 0; i < 200000; i++)
        printf "%s\n{\"comment\":\"nothing to be seen in line %d, please go on\"}", i ? "," : "", i
    print "]}}"
}' > big.har
for dir in tmp missing; do
    cat big.har | TMPDIR=$dir harsan -q > out.har
    echo "exit $?"
    cmp big.har out.har
    ls -A tmp
done
