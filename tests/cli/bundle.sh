# One ZIP with output, report and manifest; the digests in it are those of its members.
cat > capture.har << 'END'
{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-03-01T10:00:00Z","request":
{"method":"GET","url":"https://shop.example/login","headers":[{"name":"Cookie",
"value":"sid=abcdef0123456789abcdef"}]},"response":{"status":200,"content":{"size":5,
"mimeType":"text/plain","text":"hello"}}}]}}
END
printf '%032d' 7 > key
harsan clean capture.har --key-file key --bundle ticket.zip
ls -A
harsan clean -q capture.har --key-file key -o clean.har --report clean.json

# what unzip and Python say, where they are there
if command -v unzip > /dev/null; then
    unzip -tqq ticket.zip || echo "unzip: exit $?"
    unzip -p ticket.zip capture.sanitized.har | cmp - clean.har
    unzip -p ticket.zip report.json | cmp - clean.json
    unzip -p ticket.zip capture.sanitized.har > member.har
    unzip -p ticket.zip report.json > member.json
    harsan verify -q capture.har member.har --report member.json || echo "verify: exit $?"
    rm member.*
fi
cat > check.py << 'END'
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
m = json.loads(z.read("manifest.json"))
assert [x["name"] for x in m["members"]] + ["manifest.json"] == z.namelist(), z.namelist()
for x in m["members"]:
    data = z.read(x["name"])
    assert len(data) == x["bytes"] and hashlib.sha256(data).hexdigest() == x["sha256"], x["name"]
assert m["schema"] == "harsan-bundle" and m["tool"]["name"] == "harsan" and m["rules"]["version"]
assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in z.infolist())

END
python() {
    if command -v python3 > /dev/null; then python3 "$@"; fi
}
python check.py ticket.zip

# equal input, equal key: equal bytes, wherever they go
harsan clean -q capture.har --key-file key --bundle again.zip
cmp ticket.zip again.zip
harsan clean -q --key-file key --bundle - < capture.har | cmp ticket.zip -
harsan -q --key-file key --bundle /dev/fd/3 < capture.har 3>&1 > /dev/null | cmp ticket.zip -
harsan clean -q capture.har --key-file key --one-pass --bundle - | cmp ticket.zip -
harsan clean -q capture.har --key-file key -j 3 --bundle - | cmp ticket.zip -
harsan clean -q capture.har --key-file key --verify --bundle verified.zip
python check.py verified.zip

# with other results beside it
harsan clean capture.har --key-file key --bundle three.zip -o three.har --report three.json
cmp three.har clean.har
cmp three.json clean.json
cmp three.zip ticket.zip
harsan clean -q capture.har --key-file key --bundle gz.zip -o three.har.gz
gzip -dc three.har.gz | cmp - clean.har
python check.py gz.zip
harsan clean -q capture.har --key-file key --bundle bare.zip --no-report
python check.py bare.zip

# what exists stays, unless --force; a run that fails leaves nothing
echo old > ticket.zip
harsan clean -q capture.har --bundle ticket.zip
echo "exit $?"
cat ticket.zip
harsan clean -q --force capture.har --key-file key --bundle ticket.zip
cmp ticket.zip again.zip
head -c 100 capture.har > broken.har
harsan clean -q broken.har --bundle broken.zip
echo "exit $?"
harsan clean -q capture.har --bundle no/where.zip
echo "exit $?"
rm -f three.* gz.zip verified.zip bare.zip again.zip
ls -A
