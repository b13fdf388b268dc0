# Values that the user names are found, and what would be replaced whole counts as found.
printf '{"log":{"entries":[{"comment":"the blue lagoon at noon"},{"comment":"nothing"}]}}\n' > a.har
printf 'blue lagoon\n' > known
harsan check -q --no-config a.har
echo "exit $?"
harsan check -q --no-config --known known a.har
echo "exit $?"
printf 'abc\n' > short
harsan check -q --no-config --known short a.har
echo "exit $?"
# twelve layers of base64: two more than are looked through
text='{"password":"swordfish swordfish"}'
i=0
while [ $i -lt 12 ]; do
    text=$(printf '%s' "$text" | base64 | tr -d '\n')
    i=$((i + 1))
done
printf '{"log":{"entries":[{"response":{"content":{"text":"%s"}}}]}}\n' "$text" > deep.har
harsan check -q --no-config deep.har
echo "exit $?"
harsan check -q --no-config --format sarif deep.har | grep -c '"ruleId": "limit"'
