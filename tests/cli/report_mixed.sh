# On an encrypted page what goes unencrypted to the machine itself is no mixed content; a host whose
# name only begins like that is another one.
entry() { # URL TYPE
    printf '{"startedDateTime":"2024-01-05T10:00:00Z","time":5,"_resourceType":"%s",' "$2"
    printf '"request":{"method":"GET","url":"%s","headers":[]},' "$1"
    printf '"response":{"status":200,"headers":[],"content":{"mimeType":"text/html"}}}'
}
{
    printf '{"log":{"entries":['
    entry https://shop.test/ document
    for host in localhost localhost:8080 127.0.0.1 '[::1]' '[::1]:80' localhost.shop.test 127.0.0.10; do
        printf ','
        entry "http://$host/pixel" image
    done
    printf ']}}'
} > a.har
harsan clean -q a.har -o - --report r.json > /dev/null
sed -n 's/.*"kind": "\([a-z-]*\)".*"url": "\([^"]*\)".*/\1 \2/p' r.json
