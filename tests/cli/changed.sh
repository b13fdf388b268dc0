# A file that grows between the passes. The command has opened it and waits for a reader of out.
printf '{"log":{"entries":[]}}' > a.har
mkfifo out
harsan clean -q a.har -o out &
sleep 1
printf ' ' >> a.har
cat out
wait $!
echo "exit $?"
