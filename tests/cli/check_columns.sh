# Lines and columns of one-line files, of CR LF, behind a byte order mark, in gzip.
t=4f7b5e1c9a8d2e6f0b3c
show() {
    harsan check -q --format json "$1" |
        sed -n 's/.*\("line": [0-9]*, "column": [0-9]*\).*\("column_utf16": [0-9]*\).*\("offset": [0-9]*\).*/\1, \2, \3/p'
}
printf '{"log":{"entries":[{"x":"ö😀","request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}' $t > line.har
printf '{"log":{"entries":[{"x":"ö😀",\r\n"request":{"cookies":[{"name":"sid",\r\n  "value":"%s"}]}}]}}' $t > crlf.har
{ printf '\357\273\277'; cat line.har; } > bom.har
{ printf '\357\273\277\r\n'; cat crlf.har; } > both.har
gzip -c both.har > packed.har.gz
for file in line.har crlf.har bom.har both.har packed.har.gz; do
    echo "$file: $(show $file)"
done
# a line of 3 MB
{
    printf '{"log":{"comment":"'
    head -c 3000000 /dev/zero | tr '\0' x | sed 's/x/ö/g'
    printf '","entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}' $t
} > long.har
echo "long.har: $(show long.har)"
harsan check -q - < long.har
