# A value stands without a name in the script of entry 0; the cookie of entry 1 gives it away.
token=$(printf 'k7%.0s' 1 2 3 4 5 6 7 8)q
cat > in.har << END
{"log":{"version":"1.2","entries":[
{"response":{"content":{"mimeType":"text/javascript","text":"start('$token');"}}},
{"request":{"headers":[{"name":"Cookie","value":"sid=$token"}]}}]}}
END
left() { grep -c "$token" "$1"; }
echo 'thirty-two bytes of a key, or more' > key

# wherever it comes from and goes to, the second pass alone is seen
harsan clean in.har --key-file key -o file.har --report file.json 2>&1 | grep 'places changed'
echo "$(left file.har) left"
cat in.har | harsan -q --key-file key --report /dev/fd/3 > pipe.har 3> pipe.json
echo "exit $?, $(left pipe.har) left"
harsan clean -q in.har --key-file key --gzip -o - | gzip -dc > packed.har
harsan clean -q in.har --key-file key -o /dev/null --report null.json
cmp file.har pipe.har
cmp file.har packed.har
cmp file.json pipe.json
cmp file.json null.json
sed -n '/"passes"/p; /"verdict"/p' file.json
sed -n 's/.*"learned", .*"place": "\([^"]*\)".*"learned_from": "\(.*\)".*/\1 by \2/p' file.json
grep -c '"learned_from"' file.json
harsan verify -q in.har file.har --report file.json
echo "exit $?"
harsan clean -q --verify in.har -o proven.har --report proven.json
echo "exit $?"
cat in.har | harsan clean -q --verify -o proven.har --force
echo "exit $?, $(left proven.har) left"

# one pass: the value stays where it stood before it was known
harsan clean -q --one-pass in.har --key-file key -o one.har --report one.json
echo "exit $?"
cat in.har | harsan -q --one-pass --key-file key | cmp one.har -
grep -n "$token" one.har
grep passes one.json
ls -A
