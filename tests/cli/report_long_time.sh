# A time that no request takes gives no axis without end, and does not hide the others.
for time in 1e101 1e999 2678400001 1200 -1; do
    printf '{"log":{"version":"1.2","entries":[%s,%s]}}\n' \
        '{"startedDateTime":"2026-01-05T10:00:00Z","time":900,"request":{"method":"GET","url":"https://a.test/"}}' \
        '{"startedDateTime":"2026-01-05T10:00:01Z","time":'$time',"request":{"method":"GET","url":"https://a.test/"}}' \
        > in.har
    timeout 20 harsan clean -q -f in.har -o out.har --report r.html
    echo "$time: exit $?, $(grep -c 'class="grid"' r.html) lines"
done
