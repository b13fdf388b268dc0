# A string longer than the window is inspected in segments: what stands in it is found and told with
# its offset, the output is proven with and without its report, and a change in it is caught.
filler() { # LINES
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "line %d of a long log, with words in it;\\n", i }'
}
secret=$(printf 'swordfish' | sha256sum | cut -c 1-24)
{
    printf '{"log":{"entries":[{"response":{"content":{"text":"'
    filler 6000
    printf 'login password=%s and then\\n' "$secret"
    filler 6000
    printf 'mail to ann@maltbarrow-post.net;\\n'
    filler 6000
    printf '"}}}]}}\n'
} > in.har
harsan clean --verify --window 128K in.har -o out.har --report out.report.json
echo "exit $?"
grep -c "$secret" out.har
harsan clean -q --window 128K --no-report out.har -o again.har && cmp out.har again.har && echo 'the same again'
harsan verify --window 128K in.har out.har
harsan verify --window 128K in.har out.har --report out.report.json
sed 's/line 5999 of/line 5998 of/' out.har > changed.har
harsan verify --window 128K in.har changed.har --report out.report.json
echo "exit $?"
sed "s/line 11 of/line $secret of/" out.har > restored.har
harsan verify --window 128K in.har restored.har
echo "exit $?"

# The same text in base64; and bytes that cannot be looked into, replaced and listed.
filler 9000 | sed 's/\\n/~/g; s/line 5000 of/token='"$secret"' of/' | base64 | tr -d '\n' > coded
{ printf '{"text":"data:text/plain;base64,'; cat coded; printf '"}\n'; } > coded.har
harsan clean --verify --window 128K coded.har -o coded.out.har
sed 's/.*base64,//; s/".*//' coded.out.har | base64 -d | grep -c "$secret"
seq 1 200000 | gzip -nc | base64 | tr -d '\n' > packed
{ printf '{"text":"'; cat packed; printf '"}\n'; } > packed.har
harsan clean --verify --window 128K packed.har -o packed.out.har
wc -c < packed.out.har
