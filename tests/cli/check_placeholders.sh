# What stands for a secret is none: stand-ins, what other tools write, examples of manuals.
har() { # a value under names that are found whatever it is
    printf '{"log":{"entries":[{"request":{"url":"https://shop.test/?access_token=%s","headers":[' "$1"
    printf '{"name":"Authorization","value":"Bearer %s"},{"name":"X-Api-Key","value":"%s"}],' "$1" "$1"
    printf '"cookies":[{"name":"sessionid","value":"%s"}],"queryString":[{"name":"token","value":"%s"}],' "$1" "$1"
    printf '"postData":{"text":"{\\"password\\":\\"%s\\",\\"api_key\\":\\"%s\\"}"}}}]}}' "$1" "$1"
}
aws_id=AKIA$(printf IOSFODNN7)EXAMPLE
aws_key=wJalrXUtnFEMI/K7MDENG/$(printf bPxRfiCY)EXAMPLEKEY
while read -r value; do
    har "$value" > a.har
    found=$(harsan check -q a.har | wc -l)
    [ "$found" -eq 0 ] || echo "$value: $found"
done << END
redacted-abcdefghijklm
[REDACTED]
[redacted]
<redacted>
(redacted)
REDACTED
***REDACTED***
--removed--
[FILTERED]
<hidden>
xxxxx
XXXXXXXX
xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
sk-xxxxxxxxxxxxxxxxxxxx
****
********
<token>
<YOUR_TOKEN>
YOUR_API_KEY
\${TOKEN}
{{token}}
\$TOKEN
null
...
$aws_id
$aws_key
END
har 4f7b5e1c9a8d2e6f0b3c > a.har
echo "a real one: $(harsan check -q a.har | wc -l)"
pii() {
    printf '{"log":{"entries":[{"response":{"content":{"text":"{\\"%s\\":\\"%s\\",\\"note\\":\\"see %s there\\"}"}}}]}}' "$1" "$2" "$2"
}
while read -r name value; do
    pii "$name" "$value" > a.har
    found=$(harsan check -q a.har | wc -l)
    [ "$found" -eq 0 ] || echo "$name $value: $found"
done << END
email user@example.com
email jane.doe@mail.example.org
email admin@example.net
phone 555-0123
phone 212-555-0176
phone (415) 555-0198
phone +1 202-555-0143
phone +1 (303) 555-0111
card_number 4111 1111 1111 1111
card_number 5555555555554444
card_number 378282246310005
card_number 6011111111111117
card_number 3530111333300000
END
pii phone '212-555-2176' > a.har
echo "a real one: $(harsan check -q a.har | wc -l)"
