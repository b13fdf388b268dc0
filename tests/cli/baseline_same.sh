# However often one value stands there, it is one entry, made at a cost that grows with the findings.
awk 'BEGIN {
    printf "["
    for (i = 0; i < 200000; i++) printf "%s{\"session_id\":\"k3j9zq0vx7bl2mn8\"}\n", i ? "," : ""
    print "]"
}' > a.json
(ulimit -t 15; harsan check -q -j1 --write-baseline base.json a.json)
echo "exit $?"
grep -c fingerprint base.json
harsan check -q --baseline base.json a.json
echo "exit $?"
