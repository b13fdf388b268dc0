# Beyond what is told of one file findings are counted; a baseline takes more, and all or none.
many() { # COUNT
    awk -v n="$1" 'BEGIN { printf "["; for (i = 0; i < n; i++) printf "%s\"u%dx@maltbarrow-post.net\"\n", i ? "," : "", i; print "]" }'
}
many 25000 > at.json
many 25001 > past.json
for file in at past; do
    echo "- $file the limit"
    harsan check -q --no-config $file.json > found
    echo "exit $?"
    wc -l < found
    tail -n 1 found | sed 's/:[0-9]*:[0-9]*: email-address.*/: .../'
    harsan check --no-config $file.json > /dev/null
    harsan check --no-config --format sarif $file.json > found
    grep -c '"ruleId"' found
done
many 200000 > at.json
many 200001 > past.json
for file in at past; do
    echo "- $file the limit of a baseline"
    harsan check -q --no-config --write-baseline $file.base $file.json
    echo "exit $?"
    [ -e $file.base ] && echo written
done
echo "- a hundred breaches are listed: each of these is two"
many 50 > a.json
many 51 > b.json
for file in a b; do
    harsan verify $file.json $file.json > told
    echo "exit $?"
    wc -l < told
    tail -n 1 told | sed 's/byte.*/.../'
done
echo "- files that are read whole"
for size in 1048576 1048577; do
    { printf '{}'; head -c $((size - 2)) /dev/zero | tr '\0' ' '; } > .harsan.json
    harsan check -q a.json > /dev/null 2> err
    echo "exit $?"
    sed 's| /.*/| |' err
done
rm .harsan.json
echo '{}' > none.json
for size in 67108864 67108865; do
    dd if=/dev/zero of=large bs=1 count=0 seek=$size 2> dd.err
    harsan check --no-config --baseline large none.json
    echo "exit $?"
    harsan check --no-config --files-from large none.json
    echo "exit $?"
    rm large
done
