# Exit code 4, and nothing is left behind. A reader that went away is not worth a message.
printf '{"log":{"entries":[]}}' > a.har
harsan clean missing.har
echo "exit $?"
harsan clean -q a.har -o missing/out.har
echo "exit $?"
harsan -q < a.har > /dev/full
echo "exit $?"
harsan clean -q a.har -o out.har --report /dev/full
echo "exit $?"
harsan -q < a.har >&-
echo "exit $?"
harsan -q <&-
echo "exit $?"
{
    sleep 1
    harsan -q < a.har
    echo "exit $?" > code
} | :
sleep 0.2
cat code
ls -A
