# A body that is left out is a marker; size and type stay, and so does everything else.
cat > capture.har << 'END'
{"log":{"version":"1.2","entries":[
{"request":{"method":"POST","url":"https://a.test/","bodySize":40,"postData":{"mimeType":"application/json","text":"{\"a\": \"some body that is long enough\"}"}},
 "response":{"status":200,"content":{"size":31,"mimeType":"text/css; charset=utf-8","text":"p { color: red; margin: 0 auto }"}}},
{"response":{"content":{"encoding":"base64","text":"aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8=","size":35,"mimeType":"image/png"},"status":500}},
{"_resourceType":"script","response":{"status":200,"content":{"size":44,"mimeType":"","text":"function hello() { return 'hello, hello' }"}}},
{"response":{"status":200,"content":{"size":5,"mimeType":"text/css","text":"short"}}}
]}}
END
harsan clean -q capture.har -o all.har --drop-bodies
diff capture.har all.har
harsan clean -q all.har -o again.har --drop-bodies=all && cmp all.har again.har
harsan clean capture.har -o some.har --drop-bodies=style --drop-bodies=json,image --report some.json
diff all.har some.har
sed -n '/left_out/,/\]}/p' some.json
# --drop-bodies takes no word of its own: this one is a file
harsan clean -q --drop-bodies capture.har --no-report && cmp all.har capture.sanitized.har
harsan clean -q --drop-bodies --entries 3 capture.har -o - | wc -c | tr -d ' '
