# Configurations and baselines are JSON with comments: what is spelled with escapes, and what is not JSON.
printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"4f7b5e1c9a8d2e6f0b3c"}]}}]}}\n' > a.har
try() { # CONFIGURATION
    printf '%s' "$1" > c.json
    harsan check -q --config c.json a.har > told 2>&1
    code=$?
    sed "s|$PWD|.|" told
    echo "exit $code"
}
echo "- escapes are characters"
try '{"\u006beep": ["cook\u0069e:s\u0069d"]}'
try '{"keep": ["cookie:\u00e4\u20ac\ud83d\ude00\t\"\/\b\f\n\r\\", "cookie:sid"]}'
try '{"keep": ["cookie:\u0053ud"]}'
try '{"exclude": ["\u0061.har"]}'
try '{"exclude": ["/c.json", "\u0062.*"]}'
echo "- half a character, none, no hexadecimal digits"
try '{"keep": ["\ud83d"]}'
try '{"keep": ["\ud83d\u0041"]}'
try '{"keep": ["\ude00"]}'
try '{"keep": ["\u0000"]}'
try '{"keep": ["\u12g4"]}'
try '{"keep": ["\q"]}'
echo "- what is no JSON"
try '{packs: []}'
try '{"packs" []}'
try '{"packs": }'
try '{"packs": [], }'
try '{"packs": [] "keep": []}'
try '{"packs": []'
try '{"packs": [], "packs": []}'
try '{"packs": nil}'
try '{"packs": "a'
try '[] []'
try ''
echo "- sixteen deep, and one more"
try '{"$schema": [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}'
try '{"$schema": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}'
echo "- baselines"
base() {
    printf '%s' "$1" > b.json
    harsan check -q --no-config --baseline b.json a.har
    echo "exit $?"
}
harsan check -q --no-config --write-baseline right.json a.har
sed 's/"fingerprint": "/&\\u0030/' right.json > b.json
harsan check -q --no-config --baseline b.json a.har 2>&1 | sed 's/[0-9a-f]\{32\}/*/g'
base "$(sed 's/"accepted": \[/&1, /' right.json)"
base "$(sed 's/"fingerprint": "[0-9a-f]*"/"note": "x"/' right.json)"
base "$(sed 's/"accepted": .*/"accepted": {}/; /^ *{/d; /^ *\]/d' right.json | head -n 50)"
base '{}'
base '[]'
