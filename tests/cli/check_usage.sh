# Contradictions are refused before anything is read.
printf '{"log":{"entries":[]}}' > a.har
try() {
    harsan check "$@"
    echo "exit $?"
}
try
try - -
try - --files-from - < /dev/null
try --fix - < /dev/null
try --fix --write-baseline b.json a.har
try --expires 2030-01-01 a.har
try --config c.json --no-config a.har
try --format yaml a.har
try --format text= a.har
try --format text --format json a.har
try --format text=x --format json=x a.har
try --min-category password a.har
try --min-confidence 7 a.har
try --today tomorrow a.har
try -j 0 a.har
try -o x a.har
try --format json=a.har a.har
cat a.har
