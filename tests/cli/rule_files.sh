# Positions are those in the user's own file, wherever it stands in the command line.
printf '{"log":{"entries":[]}}' > a.har
printf '{ "rules": [] }' > empty.json
printf '{\n  "rules": [],\n  "frobnicate": 1\n}\n' > wrong.json
harsan rules init > first.json && harsan rules init -o second.json && cmp first.json second.json
harsan rules init -o second.json
echo "exit $?"
harsan clean -q a.har -o - --rules missing.json
echo "exit $?"
harsan clean -q a.har -o - --rules empty.json --rules second.json
echo " exit $?"
harsan clean -q a.har -o - --no-default-rules
echo " exit $?"
harsan rules show no-such-rule
echo "exit $?"
printf '\357\273\277 \r\n' > blank.json
: > nothing.json
for file in blank.json nothing.json; do
    harsan clean -q a.har -o - --rules second.json --rules $file
    echo "exit $?"
    harsan rules test $file
    echo "exit $?"
done
sed -n 's|^ *// \({ "id": .*"off".*\)|{ "rules": [ \1 ] }|p' first.json > off.json
harsan rules list --rules off.json | grep -c phone-number
harsan rules list | grep -c phone-number
for order in 'wrong.json' 'empty.json wrong.json' 'second.json wrong.json'; do
    set --
    for file in $order; do
        set -- "$@" --rules "$file"
    done
    harsan rules list "$@" 2> err
    echo "exit $?"
    sed 's/^\(harsan: wrong.json: line 3, column\).*/\1/' err
done
