# Names of files come from strangers: none breaks out of a format.
body='{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"4f7b5e1c9a8d2e6f0b3c"}]}}]}}'
nl='
'
for name in '::error::x.har' 'a,b:c%d.har' "line${nl}end.har" '<a>&"'"'"'.har' "$(printf '\303\050\033[1m.har')"; do
    printf '%s' "$body" > "$name"
done
printf '%s' '0123456789abcdef0123456789abcdef' > key
for format in text json sarif github junit; do
    echo "--- $format"
    harsan check -q -j 1 --key-file key --format $format . | grep -vE '^ *("schema|"tool|"version)|help'
done
