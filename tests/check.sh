#!/bin/sh
# `harsan check` on the samples: in every format the findings that tests/check.txt lists, and those
# that cleaning reports; in their sanitized forms nothing. Ends with `N passed, N failed`.
#   HARSAN=path          the command, default build/harsan
#   SARIF_SCHEMA=path    the published JSON Schema of SARIF 2.1.0: validates against it, with python3
#                        and its package jsonschema
#   UPDATE=1             writes tests/check.txt anew
set -u
LC_ALL=C
export LC_ALL
harsan=${HARSAN:-build/harsan}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
. "$(dirname "$0")/tally.sh"
printf '%032d' 7 > "$work/key"

# Each format back to "PATH LINE COLUMN RULE PLACE".
from_text() {
    sed -n 's/^\([^:]*\):\([0-9]*\):\([0-9]*\): \([a-z0-9-]*\): .*, at \([^,]*\).*/\1 \2 \3 \4 \5/p'
}
from_json() { # COLUMN-KEY
    sed -n -e 's/^ *{"path": "\([^"]*\)".*/path \1/p' \
        -e 's/^ *{"rule": "\([^"]*\)".*"place": "\([^"]*\)".*"line": \([0-9]*\), .*"'"$1"'": \([0-9]*\).*/\3 \4 \1 \2/p' |
        awk '$1 == "path" { path = $2; next } { print path, $0 }'
}
from_sarif() {
    sed -n 's/.*"ruleId": "\([^"]*\)".*"uri": "\([^"]*\)".*"startLine": \([0-9]*\), "startColumn": \([0-9]*\).*"fullyQualifiedName": "\([^"]*\)".*/\2 \3 \4 \1 \5/p'
}
from_github() {
    sed -n 's/^::[a-z]* file=\([^,]*\),line=\([0-9]*\),endLine=[0-9]*,col=\([0-9]*\),.*,title=harsan \([a-z0-9-]*\)::.*, at \([^,]*\).*/\1 \2 \3 \4 \5/p'
}
from_junit() {
    sed -n 's/.*<testcase classname="\([^"]*\)" name="\([0-9]*\):\([0-9]*\) \([a-z0-9-]*\) \([^"]*\)".*/\1 \2 \3 \4 \5/p'
}

set --
for sample in samples/*.har samples/*.json; do
    case $sample in *.clean.* | *.report.json) ;; *) set -- "$@" "$sample" ;; esac
done
for format in text json sarif github junit; do
    "$harsan" check -q --no-config --key-file "$work/key" --format $format "$@" > "$work/$format"
    [ $? = 1 ] || judge "exit code of $format" 1
done
from_text < "$work/text" > "$work/list"
[ -z "${UPDATE:-}" ] || cp "$work/list" tests/check.txt

diff tests/check.txt "$work/list" > "$work/diff"
judge text $? "$work/diff"
from_json column < "$work/json" | diff tests/check.txt - > "$work/diff"
judge json $? "$work/diff"
from_junit < "$work/junit" | diff tests/check.txt - > "$work/diff"
judge junit $? "$work/diff"
from_json column_utf16 < "$work/json" > "$work/list16"
from_sarif < "$work/sarif" | diff "$work/list16" - > "$work/diff"
judge sarif $? "$work/diff"
from_github < "$work/github" | diff "$work/list16" - > "$work/diff"
judge github $? "$work/diff"

# What cleaning changes is what checking finds: rule, place, layers and offset.
for sample; do
    name=${sample%.*}
    "$harsan" check -q --no-config --format json "$sample" |
        sed -n 's/.*{"rule": \("[^"]*"\).*\("place": "[^"]*", "layers": "[^"]*"\).*\("offset": [0-9]*\).*/\1 \2 \3/p' > "$work/found"
    sed -n 's/.*{"rule": \("[^"]*"\).*\("place": "[^"]*", "layers": "[^"]*"\).*\("offset": [0-9]*\).*/\1 \2 \3/p' \
        "$name.report.json" | diff - "$work/found" > "$work/diff"
    judge "$sample against its report" $? "$work/diff"
done
"$harsan" check --no-config samples/*.clean.* > "$work/diff" 2>&1
judge "sanitized forms" $? "$work/diff"

# SARIF: valid JSON (which harsan itself tells), and what section 3 of the standard requires.
"$harsan" -q --no-default-rules < "$work/sarif" > /dev/null 2> "$work/diff"
judge "SARIF is JSON" $? "$work/diff"
awk '
    /"ruleId":/ {
        results++
        if (!match($0, /"ruleIndex": [0-9]+/)) bad = "no ruleIndex"
        index_of[substr($0, RSTART + 13, RLENGTH - 13) + 0] = $2
        if ($0 !~ /"message": \{"text": ".+"\}, "locations": \[\{"physicalLocation"/) bad = "a result"
        if ($0 !~ /"level": "(error|warning|note)"/) bad = "a level"
        if ($0 !~ /"startLine": [1-9]/ || $0 !~ /"startColumn": [1-9]/) bad = "a region"
        if ($0 !~ /"primaryLocationLineHash": "[0-9a-f]+:[0-9]+"/) bad = "a fingerprint"
    }
    /\{"id":/ {
        split($0, part, "\"")
        rule[rules++] = "\"" part[4] "\","
        if ($0 !~ /"shortDescription": \{"text": "/ || $0 !~ /"help": \{"text": "/) bad = "a rule"
    }
    /"version": "2.1.0"/ { version = 1 }
    /"driver": \{"name": "harsan"/ { driver = 1 }
    /"columnKind": "utf16CodeUnits"/ { kind = 1 }
    END {
        for (i in index_of) if (index_of[i] != rule[i]) bad = "ruleIndex " i
        if (results == 0 || rules == 0 || !version || !driver || !kind) bad = "the frame"
        if (bad != "") { print "not as it has to be: " bad; exit 1 }
    }' "$work/sarif" > "$work/diff"
judge "SARIF has what it needs" $? "$work/diff"
if [ -n "${SARIF_SCHEMA:-}" ]; then
    python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
        "$work/sarif" "$SARIF_SCHEMA" > "$work/diff" 2>&1
    judge "SARIF against its schema" $? "$work/diff"
fi
tally
