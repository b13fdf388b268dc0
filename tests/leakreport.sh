#!/bin/sh
# Plants secrets, cleans with a report in each form and into bundles, and looks for the secrets in the
# reports, and in every member of the bundles and its name: leakreport.sh HARSAN
#
# The generator (gen.py) is not part of this repository; without it there is nothing to do. A report is
# read as it is and with its escapes undone (HTML entities, JSON and percent escapes, base64). Prints
# figures and names of families, never a value. Exits with 1 when anything planted is found.
#   SEEDS="1 2 3"     what to plant, default 1 to 100
#   LEAKBENCH=folder  where gen.py lies
#   ARGS="..."        more options for `harsan clean`
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
harsan=$1
bench=${LEAKBENCH:-$root/../shared/leakbench}
seeds=${SEEDS:-$(seq 1 100)}
if [ ! -f "$bench/gen.py" ]; then
    echo "leakreport: no generator in $bench: nothing measured"
    exit 0
fi
if ! command -v python3 > /dev/null 2>&1; then
    echo "leakreport: needs python3: nothing measured"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

cat > "$work/look.py" << 'END'
import base64, collections, html, json, re, sys, urllib.parse, zipfile

def readings(text):
    seen = {text}
    yield text
    for undo in (html.unescape, urllib.parse.unquote, urllib.parse.unquote_plus,
                 lambda t: re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), t).replace("\\", "")):
        other = undo(text)
        if other not in seen:
            seen.add(other)
            yield other
    for run in re.findall(r"[A-Za-z0-9+/_-]{16,}", text):
        try:
            yield base64.b64decode(run.replace("-", "+").replace("_", "/") + "=" * (-len(run) % 4)).decode("latin-1")
        except ValueError:
            pass

work, total, found = sys.argv[1], 0, collections.Counter()
truth = json.load(open(f"{work}/truth.json"))
cleaned = open(f"{work}/out.har", encoding="utf-8", errors="replace").read()

def look(where, text, is_har=False):
    global total
    whole = "\n".join(readings(text))
    for secret in truth["secrets"]:
        for core in secret["cores"]:
            total += 1
            # a word that stands in the clean file was let stand by the rules, or stands for itself elsewhere
            if core in whole and not ((is_har or len(core) < 8) and core in cleaned):
                found[f"{where} {secret['family']}"] += 1

for form in ("json", "html", "md", "txt"):
    look(form, open(f"{work}/r.{form}", encoding="utf-8").read())
for bundle in ("whole", "trimmed"):
    with zipfile.ZipFile(f"{work}/{bundle}.zip") as z:
        assert z.testzip() is None and len(z.namelist()) == 6, z.namelist()
        look(f"names in {bundle} bundle", "\n".join(z.namelist()) + z.comment.decode("latin-1"))
        for name in z.namelist():
            is_har = name.endswith(".har")
            text = z.read(name).decode("utf-8", "replace")
            assert text != "" and not (is_har and bundle == "whole" and text != cleaned), name
            look(f"{name} in {bundle} bundle", text, is_har)
print(json.dumps([total, found]))
END

: > "$work/all"
for seed in $seeds; do
    python3 -W ignore "$bench/gen.py" --seed "$seed" "$work/in.har" "$work/truth.json" > "$work/log" 2>&1
    # shellcheck disable=SC2086 # a list of options
    "$harsan" clean -q -f ${ARGS:-} "$work/in.har" -o "$work/out.har" --report "$work/r.json" \
        --report "$work/r.html" --report "$work/r.md" --report "$work/r.txt" --bundle "$work/whole.zip"
    # shellcheck disable=SC2086
    "$harsan" clean -q -f ${ARGS:-} "$work/in.har" --bundle "$work/trimmed.zip" --entries 10-150 \
        --drop-bodies=json,html --fit 10M
    awk -f "$root/tests/html.awk" "$work/r.html"
    python3 "$work/look.py" "$work" >> "$work/all"
done
python3 - "$work/all" << 'END'
import collections, json, sys
total, found, seeds = 0, collections.Counter(), 0
for line in open(sys.argv[1]):
    n, here = json.loads(line)
    total, seeds = total + n, seeds + 1
    found.update(here)
print(f"{seeds} seeds, 4 forms, 2 bundles, {total} looked for: {sum(found.values())} found")
for family, n in sorted(found.items()):
    print(f"  {family}: {n}")
sys.exit(1 if found else 0)
END
