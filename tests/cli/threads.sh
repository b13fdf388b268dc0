# Any number of threads: the same bytes, the same report, the same errors.
awk 'BEGIN {
    printf "{\"log\":{\"entries\":[{\"comment\":\"see k4hx7w2m9q%d now\"}", 7
    for (i = 0; i < 7000; i++) {
        printf ",\n{\"request\":{\"headers\":[{\"name\":\"Cookie\",\"value\":\"sid=k4hx7w2m9q%d\"},", i % 40
        printf "{\"name\":\"Accept\",\"value\":\"text/html\"}],\"url\":\"https://shop.example/%d/k4hx7w2m9q%d\"}}", i, i % 50
    }
    print "]}}"
}' > a.har
printf '%032d' 7 > key
gzip -c a.har > b.har.gz

try() { # NAME OPTION...: by one thread and by several
    name=$1
    shift
    for n in 1 2 8; do
        harsan -q -j$n --key-file key -o $name.$n --report $name.$n.json "$@" a.har
        echo "$name -j$n: $?"
        sed -e 's/"\(started\|finished\|seconds\|name\)":[^,}]*//g' $name.$n.json > $name.$n.txt
    done
    cmp $name.1 $name.2 && cmp $name.1 $name.8
    cmp $name.1.txt $name.2.txt && cmp $name.1.txt $name.8.txt
}
try twice
try once --one-pass
try packed --gzip
try proven --verify
cmp twice.1 once.1 > /dev/null || echo "a second pass was made"

# as a filter, and from a pipe
for n in 1 2 8; do
    cat a.har | harsan -q -j$n --key-file key | cmp - twice.1
    cat b.har.gz | harsan -q --jobs $n --key-file key | cmp - twice.1
    harsan -q --jobs=$n --key-file key < b.har.gz | cmp - twice.1
done

# several inputs, one of them broken far behind its beginning: one message, and nothing written
head -c 900000 a.har > cut.har
gzip -c a.har | head -c 20000 > late.har.gz
mkdir out
for n in 1 2 8; do
    harsan -q -j$n --key-file key --out-dir out --force a.har cut.har late.har.gz b.har.gz
    echo "-j$n: $?"
    cmp twice.1 out/a.sanitized.har
    ls out
    rm -r out && mkdir out
    harsan -q -j$n --key-file key --one-pass < cut.har > part.$n
    echo "-j$n: $?"
done
cmp part.1 part.2 && cmp part.1 part.8
harsan -q -j2 a.har -o - > /dev/full
echo "full: $?"
