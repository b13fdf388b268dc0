# On stderr, unless -q; a JSON text that is no HAR is a warning.
printf '{"log":{"version":"1.2","entries":[]}}' > capture.har
printf '{"a":1}' > other.json
harsan clean capture.har
harsan clean --out-dir . --no-report --force capture.har other.json
harsan < other.json
echo
harsan -q < other.json
echo
