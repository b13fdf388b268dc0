# Thousands of everything: reports stay small, and what is cut is counted.
awk 'BEGIN {
    printf "{\"log\":{\"version\":\"1.2\",\"entries\":["
    for (i = 0; i < 6000; i++) {
        printf "%s{\"startedDateTime\":\"2026-01-05T10:%02d:%02dZ\",\"time\":%d,", i ? "," : "", i / 60 % 60, i % 60, i
        printf "\"request\":{\"method\":\"GET\",\"url\":\"https://h%d.test/%d\",\"headers\":[{\"name\":\"Cookie\",", i % 400, i
        printf "\"value\":\"sid=%08dqwkzxv%08d\"}]},\"response\":{\"status\":%d,\"content\":{\"text\":\"iVBORw0KGgoAAAANSUhEUgAAAAUA\",", i * 7919, i * 104729, i % 2 ? 404 : 500
        printf "\"encoding\":\"base64\"}}}\n"
    }
    printf "]}}\n"
}' > in.har
harsan clean -q in.har -o out.har --report r.html --report r.md --report r.txt
for form in html md txt; do
    [ "$(wc -c < r.$form)" -lt 400000 ] || echo "r.$form is large"
    grep -io 'and [a-z ]*[0-9,]* more[^.<|]\{0,24\}' r.$form
done
awk -f "$(dirname "$0")/../html.awk" r.html
grep -c '<rect class="bar"' r.html
