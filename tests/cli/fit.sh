# As small as asked for, or nothing: first media, then fonts, scripts, styles, then what is longest.
# Failed requests, short bodies and all that is no body stay.
awk 'BEGIN {
    srand(1)
    split("text/html image/png application/json font/woff2 text/javascript text/css", mime, " ")
    printf "{\"log\":{\"version\":\"1.2\",\"entries\":[\n"
    for (i = 0; i < 48; i++) {
        text = ""
        length_of = i % 8 == 7 ? 2000 : 6000 + i * 400
        while (length(text) < length_of) {
            seed = (seed * 1103515245 + 12345) % 2147483648
            text = text sprintf("%d ", seed % 100003)
        }
        status = i % 12 == 5 ? 503 : i % 12 == 10 ? 0 : 200
        printf "%s{\"request\":{\"method\":\"GET\",\"url\":\"https://a.test/%d\"},\"response\":{\"status\":%d,", i ? ",\n" : "", i, status
        printf "\"content\":{\"size\":%d,\"mimeType\":\"%s\",\"text\":\"%s\"}}}", length(text), mime[i % 6 + 1], text
    }
    printf "\n]}}\n"
}' > capture.har
size() {
    wc -c < "$1" | tr -d ' '
}
# try LIMIT-IN-BYTES OUTPUT-FILE ARGUMENT...: within the limit, and not by much
try() {
    limit=$1 file=$2
    shift 2
    harsan clean -q --force --report fit.json capture.har "$@" || echo "exit $?"
    n=$(size "$file")
    [ "$n" -le "$limit" ] || echo "$file: $n bytes, more than $limit"
    [ "$n" -ge $((limit * 7 / 10)) ] || echo "$file: $n bytes, much less than $limit"
    case $file in # how well things compress is a matter of zlib's version
    *.har) sed -n 's/.*"left_out": {\(.*\), "list.*/\1/p' fit.json ;;
    esac
}
try 600000 fit.har -o fit.har --fit 600kB
try 500000 fit.har -o fit.har --fit 500000
try 307200 fit.har -o fit.har --fit 300KiB
try 200000 fit.har.gz -o fit.har.gz --fit 200K
try 200000 fit.zip --bundle fit.zip --fit 200000
try 150000 fit.zip --bundle fit.zip -o fit.har --fit 150000
try 280000 fit.har -o fit.har --fit 280K
# failed requests and short bodies are there
for i in 5 10 17 22 29 34 41 46 7 15 23; do
    line=$((i + 2))
    [ "$(sed -n "${line}p" capture.har)" = "$(sed -n "${line}p" fit.har)" ] || echo "entry $i changed"
done
# once more changes nothing
harsan clean -q fit.har -o again.har --fit 280K && cmp fit.har again.har
# large enough is not touched
harsan clean -q capture.har -o same.har --fit 10M && cmp capture.har same.har
# too small is an error, and there is nothing
harsan clean -q capture.har -o none.har --report none.json --fit 20000
echo "exit $?"
harsan clean -q capture.har --bundle none.zip --fit 20K 2> none.err
echo "exit $?"
sed 's/takes [0-9]*/takes more/' none.err >&2
rm none.err
harsan clean -q --fit 20K < capture.har | wc -c | tr -d ' '
printf '{"log":{"entries":[]}}' > tiny.har
harsan clean -q tiny.har -o none.har --fit 21
echo "exit $?"
harsan clean -q tiny.har -o - --fit 22
echo
ls -A
