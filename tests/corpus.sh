#!/bin/sh
# Cleans every file of a corpus of real HARs: corpus.sh HARSAN
#
# The corpus (MANIFEST.csv and files/) is not part of this repository; without it there is nothing to
# do. Of a valid file: cleaned without error, the same structure, a second run changes nothing. Of a
# broken one: exit code 3, a message with a position, no output. Prints for each file how many places
# were changed by which rule, never a value. Ends with `N passed, N failed`.
#   CORPUS=folder  where MANIFEST.csv lies
#   ARGS="..."     more options for `harsan clean`
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
harsan=$1
corpus=${CORPUS:-$root/../shared/corpus}
if [ ! -f "$corpus/MANIFEST.csv" ]; then
    echo "corpus: no MANIFEST.csv in $corpus: nothing tested"
    exit 0
fi
if ! command -v python3 > /dev/null 2>&1; then
    echo "corpus: needs python3: nothing tested"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

cat > "$work/corpus.py" << 'END'
import collections, csv, gzip, json, os, re, subprocess, sys

harsan, corpus, work, options = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
STAND_IN = re.compile("redacted-|@redacted[.]invalid")

class Number(str):
    pass

def load(path):
    data = open(path, "rb").read()
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "surrogateescape")
    return json.loads(text.lstrip("\ufeff"), object_pairs_hook=lambda pairs: ("object", pairs), strict=False,
                      parse_int=Number, parse_float=Number, parse_constant=Number)

def differences(a, b):
    """Places where the structure differs. A key that is a secret may have become a stand-in."""
    todo, found = [(a, b)], 0
    while todo:
        a, b = todo.pop()
        if type(a) is not type(b):
            found += 1
        elif isinstance(a, tuple):
            found += len(a[1]) != len(b[1])
            for (key_a, x), (key_b, y) in zip(a[1], b[1]):
                found += key_a != key_b and not STAND_IN.search(key_b)
                todo.append((x, y))
        elif isinstance(a, list):
            found += len(a) != len(b)
            todo += zip(a, b)
        elif not isinstance(a, str):
            found += a is not b
    return found

def run(*words):
    done = subprocess.run([harsan, "clean", *options, *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stderr.decode("utf-8", "replace")

def files_left(*paths):
    return any(os.path.exists(p) for p in paths)

def second_of(report):
    return report.replace(".json", ".second.json")

def judge_valid(path, out, report, again):
    """(what is wrong or None, rules, findings of the second run's report)"""
    code, _ = run("-q", path, "-o", out, "--report", report)
    if code != 0:
        return f"exit code {code}", {}
    rules = json.load(open(report))["counts"]["rule"]
    try:
        wrong = differences(load(path), load(out))
    except ValueError:
        return "the output is not valid JSON", rules
    if wrong:
        return f"the structure differs at {wrong} places", rules
    code, _ = run("-q", out, "-o", again, "--report", second_of(report))
    if code != 0:
        return f"second run: exit code {code}", rules
    second = json.load(open(second_of(report)))["counts"]["rule"]
    if open(out, "rb").read() != open(again, "rb").read() or second:
        return "a second run changes it: " + ", ".join(second), rules
    return None, rules

def judge_broken(path, out, report):
    code, message = run("-q", path, "-o", out, "--report", report)
    if code != 3:
        return f"broken input, but exit code {code}"
    if files_left(out, report):
        return "broken input, but a file was left"
    return None if re.search(r"line \d+.*byte \d+|byte \d+.*line \d+", message) else "no position in the message"

passed = failed = changed = 0
total = collections.Counter()
for row in csv.DictReader(open(f"{corpus}/MANIFEST.csv", newline="")):
    path = f"{corpus}/files/{row['file']}"
    out, report, again = (f"{work}/{n}" for n in ("out.har", "report.json", "again.har"))
    for old in (out, report, again, second_of(report)):
        if os.path.exists(old):
            os.remove(old)
    rules = {}
    if row["valid_json"] == "y":
        wrong, rules = judge_valid(path, out, report, again)
        note = ", ".join(f"{r} {n}" for r, n in sorted(rules.items(), key=lambda x: -x[1]))
    else:
        wrong, note = judge_broken(path, out, report), "broken: refused"
    total.update(rules)
    passed, failed = passed + (wrong is None), failed + (wrong is not None)
    short = "__".join(row["file"].split("__")[::3]) if row["file"].count("__") >= 3 else row["file"]
    print(f"{'ok    ' if wrong is None else 'FAILED'} {short[:60]:60} {sum(rules.values()):6} {wrong or note}")
print("\nrule" + " " * 32 + "places  (all files)")
for rule, n in total.most_common():
    print(f"{rule:34} {n:8}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
END
# shellcheck disable=SC2086 # a list of options
python3 "$work/corpus.py" "$harsan" "$corpus" "$work" ${ARGS:-}
