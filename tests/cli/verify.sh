# An output that is right is proven; each kind of tampering is named with its place.
secret=$(printf 'swordfish' | sha256sum | cut -c 1-24)
printf '{"log":{"entries":[{"request":{"url":"https://example.com/"},\n "password":"%s", "note":"plain words", "size":1.50},\n {"n":1}]}}\n' \
    "$secret" > in.har
harsan clean -q --no-report in.har -o out.har
try() { # LABEL SED-SCRIPT
    sed "$2" out.har > bad.har
    echo "$1"
    harsan verify in.har bad.har
    echo " exit $?"
}
harsan verify in.har out.har
echo "exit $?"
harsan verify -q in.har out.har
harsan verify in.har - < out.har
cat in.har | harsan verify -q - out.har
gzip -c out.har > out.har.gz
harsan verify -q in.har out.har.gz
echo "exit $?"
try 'white space' 's/, "size"/,  "size"/'
try 'a key' 's/"note"/"nota"/'
try 'a number' 's/1\.50/1.5/'
try 'an entry less' 's/^ {"n":1}//; s/1.50},/1.50}/'
try 'restored' "s/plain words/is $secret/"
try 'in base64' "s/plain words/$(printf 'it is %s so' "$secret" | base64)/"
try 'cut short' 's/]}}$//'
harsan verify in.har in.har | sed 's/: [a-z-]*, byte/: ..., byte/'
