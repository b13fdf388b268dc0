# .harsan.json is found upwards from each file; a mistake in it ends the run.
t=4f7b5e1c9a8d2e6f0b3c
mkdir -p repo/sub/deep other
har() {
    printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}],"headers":[{"name":"X-Badge","value":"B-1234567"}]},' $t
    printf '"response":{"content":{"text":"{\\"mail\\":\\"osei@maltbarrow-post.net\\",\\"firstName\\":\\"Osei\\",\\"ip\\":\\"81.2.69.160\\"}"}}}]}}\n'
}
for file in repo/a.har repo/sub/deep/b.har repo/sub/skip.har other/c.har; do
    har > $file
done
check() {
    harsan check -q "$@" 2>&1 | sed "s|$PWD|.|"
}
echo "- a file to begin with changes nothing"
harsan check --init -o repo/.harsan.json
check repo other > with
rm repo/.harsan.json
check repo other | cmp - with
cat > repo/.harsan.json << 'END'
// kept, added, left out
{
    "packs": ["pii", "network"], /* names and addresses */
    "keep": ["cookie:sid"],
    "redact": ["header:X-Badge"],
    "exclude": ["skip.*"]
}
END
echo "- for the files below it"
check repo other
echo "- named files too, and with the options of the command line"
check repo/sub/skip.har repo/sub/deep/b.har --redact-host '*.maltbarrow-post.net'
echo "- the nearest one counts, alone"
printf '{"min_category": "credential"}' > repo/sub/.harsan.json
check repo
echo "- by category and confidence"
for level in credential personal other; do
    echo "$level: $(harsan check -q --no-config --min-category $level repo/a.har | wc -l)"
done
for level in high medium low; do
    echo "$level: $(harsan check -q --no-config --with pii --min-confidence $level repo/a.har | wc -l)"
done
harsan check --no-config --min-confidence high repo/a.har
echo "- rules and baseline beside it"
cat > repo/sub/rules.json << 'END'
{ "$schema": "x", "rules": [ { "id": "badge", "what": "Badge", "category": "id", "confidence": "high",
  "names": ["badge"], "hit": ["badge={8 digits}"], "miss": ["bag={8 digits}"] } ] }
END
printf '{"rules": ["rules.json"], "no_default_rules": true, "baseline": "base.json"}' > repo/sub/.harsan.json
(cd repo/sub/deep && harsan check -q --write-baseline ../base.json b.har)
(cd repo/sub/deep && harsan check -q b.har ../skip.har)
echo "exit $?"
check repo/sub --config repo/.harsan.json
check repo/sub --no-config | wc -l
harsan rules list --no-default-rules --rules repo/sub/rules.json
sed 's/"high"/"sure"/' repo/sub/rules.json > x.json
harsan rules list --rules x.json
echo "exit $?"
echo "- every key of the schema is known"
for key in $(sed -n '/"properties"/,$s/^    "\([$a-z_]*\)": .*/\1/p' "$(dirname "$0")/../../rules/config.schema.json"); do
    printf '{"%s": null}' "$key" > config.json
    harsan check -q --config config.json repo 2>&1 > /dev/null | grep "unknown key"
    printf '%s ' "$key"
done
echo
echo "- mistakes"
try() {
    printf '%b' "$1" > repo/sub/.harsan.json
    check repo
    harsan check -q repo > /dev/null 2>&1
    echo "exit $?"
}
try '{\n  "exclude": [],\n  "frobnicate": 1\n}'
try '{"exclude": "x"}'
try '{"keep": ["sid"]}'
try '{"packs": ["pii", "all"]}'
try '{"min_category": "password"}'
try '{"min_confidence": 1}'
try '{"rules": ["missing.json"]}'
try '{"baseline": "missing.json"}'
try '{"exclude": [] "keep": []}'
try '{"exclude": [], "exclude": []}'
try '[1]'
try '{"keep": ["cookie:\\x"]}'
try '{} {}'
try '/* '
# back in a directory that was left, its configuration is the same: nothing of its baseline is stale
mkdir -p back/a/b back/c
(
    cd back || exit
    printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"5kh2zx49w7vhzk"}]}}]}}' > a/x.har
    cp a/x.har a/b/y.har
    cp a/x.har c/z.har
    sed s/5kh2zx49w7vhzk/7xw4qq9zr5tb2m/ a/x.har > a/w.har
    (cd a && harsan check -q --write-baseline base.json x.har w.har)
    printf '{"baseline":"base.json"}' > a/.harsan.json
    printf '%s\n' a/x.har c/z.har a/b/y.har a/w.har | harsan check --files-from -
)
echo "exit $?"
