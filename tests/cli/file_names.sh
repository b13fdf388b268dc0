# A name may steer a terminal or look like an option; in messages it does neither.
name=$(printf 'esc\033[31m\177.har')
harsan clean "$name"
echo "exit $?"
printf '{"log":{"entries":[]}}' > -o.har
harsan clean -q -- -o.har
echo "exit $?"
harsan clean .
echo "exit $?"
ls -A
