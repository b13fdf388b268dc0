# Hostile text in a capture reaches none of the forms as anything but text.
b64() { printf '%s' "$1" | base64 | tr -d '=\n' | tr '/+' '_-'; }
exp=1799999999
jwt=$(b64 '{"alg":"HS256"}').$(b64 "{\"iss\":\"https://id.test/<b>\",\"aud\":[\"shop\",\"x\"],\"sub\":\"u-1\",\"exp\":$exp}")
jwt=$jwt.$(printf 'sign' | sha256sum | cut -c 1-43)
old=$(b64 '{"alg":"none"}').$(b64 '{"iss":"old.test","exp":1500000000}').$(printf 'old' | sha256sum | cut -c 1-43)
cat > in.har << END
{"log":{"version":"1.2","creator":{"name":"Rec\"><script>alert(1)</script>","version":"\`1\`|2"},
"pages":[{"id":"p","title":"\u202etitle\u0000 <img src=x onerror=alert(1)> & 'so' \ud800","startedDateTime":"<never>"}],
"entries":[
{"pageref":"p","startedDateTime":"2026-01-05T10:00:00.5+01:00","time":5,"request":{"method":"GE|T","url":"https://a.test/\`|<i>?q=</pre><script>","headers":[{"name":"Authorization","value":"Bearer $jwt"}]},
 "response":{"status":500,"statusText":"\u001b[31mred\u0007 | \`x\` </td>","content":{"mimeType":"text/\"html"}}},
{"pageref":"p","startedDateTime":"yesterday","time":"long","request":{"method":"GET","url":"javascript:alert(1)","headers":[{"name":"Authorization","value":"Bearer $old"}]},
 "response":{"status":0,"_error":"@everyone [link](http://evil.test) ![](x) #1"}},
{"startedDateTime":"2026-01-05T10:00:02Z","time":7,"request":{"method":"GET","url":"https://a.test/ok","cookies":[{"name":"sid_0123456789abcdef0123","value":"$(printf a | sha256sum | cut -c 1-32)"}]},"response":{"status":404}}
]}}
END
tr -d '\n' < in.har > one.har
harsan clean -q one.har -o out.har --report r.html --report r.md --report r.txt --report r.json
echo "exit $?"
here=$(dirname "$0")
awk -f "$here/../html.awk" r.html && echo "well made"
grep -c '<script' r.html
grep -o '&lt;script&gt;' r.html | sort | uniq -c | sed 's/^ *//'
LC_ALL=C grep -l "$(printf '[\001-\010\013-\037\177]')" r.*
LC_ALL=C grep -l "$(printf '\342\200\256')" r.html r.md r.txt
grep -o 'sid_[^<` ]*' r.html r.md r.txt | sort -u
grep -o 'issued by .*' r.md
grep -v '^#\|^|\|^$\|^-\|^[A-Z1-9*]' r.md
sed '/^TICKET/,$d' r.txt | awk 'length($0) > 80 + gsub(/[\200-\277]/, "&")' # no line over 80 columns
sed -n '/^WHAT WENT/,/^WHAT WAS REP/p' r.txt
harsan -q --no-default-rules < r.json | cmp - r.json && echo "JSON"
harsan verify -q one.har out.har --report r.json
echo "verified $?"
harsan verify -q one.har out.har --report r.html
echo "exit $?"
