# A report counts a thousand names of a kind, and what has another as "other".
rules() { # COUNT
    awk -v n="$1" 'BEGIN {
        printf "{\"rules\":["
        for (i = 0; i < n; i++) {
            printf "%s\n{\"id\":\"r%d\",\"what\":\"w\",\"category\":\"id\",\"anchor\":[\"mark%dx_\"],", i ? "," : "", i, i
            printf "\"pattern\":\"mark%dx_([a-z0-9]{8})\",\"hit\":[\"mark%dx_{8 alnum}\"],\"miss\":[\"x\"]}", i, i
        }
        print "]}" }'
}
texts() { # COUNT
    awk -v n="$1" 'BEGIN { printf "["; for (i = 0; i < n; i++) printf "%s\"mark%dx_a1b2c3d%d\"\n", i ? "," : "", i, i % 10; print "]" }'
}
rules 1001 > many.json
for n in 1000 1001; do
    texts $n > in.json
    harsan clean -q -f --no-default-rules --rules many.json in.json -o out.json --report r.json
    echo "exit $?"
    sed -n 's/.*"\(other\)": \([0-9]*\).*/\1 \2/p' r.json
    grep -c '{"rule": "r' r.json
    grep -c mark out.json
done
