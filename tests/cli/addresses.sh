# Pack network: addresses go, also with a port; versions and drawings that look like some stay.
cat > a.har <<'END'
{"log":{"creator":{"name":"Recorder","version":"2.4.0.1"},"entries":[{"request":
{"url":"https://shop.test/lib.js?ver=1.5.1.1&cv=2.4.0.2&from=81.5.1.1","queryString":[
{"name":"ver","value":"1.5.1.1"},{"name":"from","value":"81.5.1.1"}]},"response":{"headers":[
{"name":"X-Upstream-Name","value":"81.2.69.144:80, 81.2.69.145:8443"}],"content":{"text":
"<!-- library, version 1.5.1.1 --> flash='10.1.85.3'; peer='81.5.1.2' <path d='M8.5-3c1 0 7.3-4.5 8.9-8.7 9.4.7.6 1.3 1z'/>"
}}}]}}
END
harsan clean -q --verify --no-report --with network a.har -o b.har
sed 's/198\.1[89]\.[0-9.]*/*/g' b.har
