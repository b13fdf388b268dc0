#!/bin/sh
# Plants secrets and look-alikes, cleans, and counts what can still be read: leakbench.sh HARSAN
#
# Generator and judge (gen.py, score.py) are not part of this repository; without them there is
# nothing to do. Prints figures and names of families, never a value. Exits with 1 when a mean is
# beyond the limits below.
#   SEEDS="1 2 3"     what to plant, default 1 to 10
#   LEAKBENCH=folder  where gen.py and score.py lie
#   ARGS="..."        more options for `harsan clean`
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
harsan=$1
bench=${LEAKBENCH:-$root/../shared/leakbench}
seeds=${SEEDS:-1 2 3 4 5 6 7 8 9 10}
if [ ! -f "$bench/gen.py" ] || [ ! -f "$bench/score.py" ]; then
    echo "leakbench: no generator in $bench: nothing measured"
    exit 0
fi
if ! command -v python3 > /dev/null 2>&1; then
    echo "leakbench: needs python3: nothing measured"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# `check` finds what cleaning replaces, each in its place, and nothing in what came out: its recall
# is that of cleaning, and look-alikes raise nothing.
spots() {
    sed -n 's/.*{"rule": \("[^"]*"\).*\("place": "[^"]*"\).*\("offset": [0-9]*\).*/\1 \2 \3/p' "$1"
}
check() { # SEED
    "$harsan" check -q --no-config --format json "$work/in.har" > "$work/found.json" || true
    spots "$work/report.json" > "$work/replaced"
    spots "$work/found.json" > "$work/found"
    found=$((found + $(wc -l < "$work/found")))
    cmp -s "$work/replaced" "$work/found" || checked="$checked $1"
    "$harsan" check -q --no-config "$work/out.har" > /dev/null || checked="$checked $1"
}
found=0
checked=

for seed in $seeds; do
    python3 -W ignore "$bench/gen.py" --seed "$seed" "$work/in.har" "$work/truth.json" > "$work/log" 2>&1
    # shellcheck disable=SC2086 # a list of options
    "$harsan" clean -q -f --report "$work/report.json" ${ARGS:-} "$work/in.har" -o "$work/out.har"
    check "$seed"
    python3 "$bench/score.py" "$work/in.har" "$work/out.har" "$work/truth.json" --json \
        > "$work/score.$seed.json"
done

cat > "$work/mean.py" << 'END'
import collections, json, sys

LEAK_MAX = LOST_MAX = 0.005  # family means

def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0

def percent(value):
    return f"{100 * value:.2f}%"

scores = {seed: json.load(open(f"{sys.argv[1]}/score.{seed}.json")) for seed in sys.argv[2:]}
broken = [seed for seed, s in scores.items() if not s.get("same_structure")]
if broken:
    sys.exit(f"leakbench: no valid JSON or not the same structure, seeds {' '.join(broken)}")

def families(kind):
    total = collections.defaultdict(lambda: [0, 0])
    for s in scores.values():
        for family, (n, bad) in s[kind].items():
            total[family][0] += n
            total[family][1] += bad
    return total

print(f"{'seed':>8} {'secrets':>8} {'leaked':>7} {'mean':>7} {'look-alikes':>12} {'lost':>5} {'mean':>7} "
      f"{'collateral':>11} {'numbers':>8} {'consistent':>11} {'distinct':>9}")
for seed, s in scores.items():
    print(f"{seed:>8} {s['secrets']:>8} {s['leaked']:>7} {percent(s['leak_macro']):>7} {s['decoys']:>12} "
          f"{s['lost']:>5} {percent(s['overreach_macro']):>7} {s['collateral_strings']:>11} "
          f"{s['changed_numbers']:>8} {percent(s['pseudonym_consistent']):>11} "
          f"{percent(s['pseudonym_distinct']):>9}")

leak = mean(s["leak_macro"] for s in scores.values())
lost = mean(s["overreach_macro"] for s in scores.values())
collateral = sum(s["collateral_strings"] for s in scores.values())
consistent = mean(s["pseudonym_consistent"] for s in scores.values())
distinct = mean(s["pseudonym_distinct"] for s in scores.values())
outside = all(s["outside_strings_identical"] for s in scores.values())
raw = all(s["untouched_strings_raw_identical"] for s in scores.values())
for title, kind in (("families that leak", "by_family"), ("look-alikes lost", "decoy_by_family")):
    bad = {f: c for f, c in families(kind).items() if c[1]}
    print(f"{title}: " + (", ".join(f"{f} {b}/{n}" for f, (n, b) in sorted(bad.items())) or "none"))
print(f"mean over families and {len(scores)} seeds: leaked {percent(leak)}, look-alikes lost {percent(lost)}, "
      f"collateral strings {collateral}")
print(f"stand-ins: consistent {percent(consistent)}, distinct {percent(distinct)}; bytes outside strings "
      f"{'identical' if outside else 'CHANGED'}; other strings {'identical' if raw else 'CHANGED'}")
good = leak <= LEAK_MAX and lost <= LOST_MAX and collateral == 0 and outside and raw and consistent == distinct == 1
print("within the limits" if good else "BEYOND THE LIMITS")
sys.exit(0 if good else 1)
END
if [ -n "$checked" ]; then
    echo "leakbench: check and clean differ, seeds$checked"
    exit 1
fi
echo "check: $found findings, those that clean replaces; none in what it wrote"
# shellcheck disable=SC2086 # a list of seeds
python3 "$work/mean.py" "$work" $seeds
