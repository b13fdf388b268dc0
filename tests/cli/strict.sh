# The strict pack has every cookie, query value and value of a request body, but those that the caller
# keeps by name; names that are harmless by a rule of our own it has as well.
cat > a.har <<'EOF'
{"log":{"entries":[
{"request":{"url":"https://www.example.com/a?lang=de&from=home",
"headers":[{"name":"Cookie","value":"theme=dark; tone=x1"},{"name":"X-Plain","value":"abc"}],
"cookies":[{"name":"theme","value":"dark"},{"name":"tone","value":"x1"}],
"queryString":[{"name":"lang","value":"de"},{"name":"from","value":"home"}],
"postData":{"mimeType":"application/json","text":"{\"lang\":\"de\",\"tone\":\"loud\",\"n\":12345,\"m\":4321,\"deep\":[{\"lang\":\"fr\",\"b\":\"c\"}]}"}},
"response":{"content":{"text":"{\"tone\":\"loud\",\"n\":12345}"}}},
{"request":{"postData":{"text":"lang=de&tone=loud","params":[{"name":"lang","value":"de"},{"name":"tone","value":"loud"}]}}},
{"request":{"postData":{"text":"{\"lang\":\"de\"}\n{\"tone\":\"loud\"}"}}},
{"request":{"postData":{"text":"--x\r\nContent-Disposition: form-data; name=lang\r\n\r\nde\r\n--x\r\nContent-Disposition: form-data; name=tone\r\n\r\nloud\r\n--x--\r\n"}}}
]}}
EOF
changes() {
    harsan -q --with strict "$@" < a.har > b.har
    echo "exit $?"
    sed 's/redacted-[a-z2-7]*/*/g' b.har | diff a.har - | grep '^>'
    harsan -q --with strict "$@" < b.har | cmp - b.har
    harsan clean -q -f --no-report --verify --with strict "$@" a.har -o b.har
    echo "verified $?"
}
echo "# all"
changes
echo "# but what is kept"
changes --keep any:lang --keep cookie:theme --keep key:n
echo "# by a rule file too"
cat > keep.json <<'EOF'
{ "rules": [ { "id": "shop-keep", "what": "Language", "category": "other", "match": "exact",
  "action": "keep", "names": ["lang"], "hit": ["lang={12 alnum}"], "miss": ["long={12 alnum}"] } ] }
EOF
changes --rules keep.json
