# Of one file 25,000 findings are listed, but a baseline takes them all.
awk 'BEGIN { printf "["; for (i = 0; i < 25050; i++) printf "%s\"u%dx@maltbarrow-post.net\"\n", i ? "," : "", i; print "]" }' > a.json
harsan check a.json | tail -n 1 | sed 's/:[0-9]*:[0-9]*: email-address.*/: .../'
harsan check --write-baseline base.json a.json
echo "exit $?"
harsan check --baseline base.json a.json
echo "exit $?"
