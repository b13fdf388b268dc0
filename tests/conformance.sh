#!/bin/sh
# A checkout of JSONTestSuite: conformance.sh HARSAN PATH. What must be accepted has to come out byte
# for byte under the empty rule set, what must be rejected has to be refused with a position; what is
# left to the parser may be either, and nothing else.
set -u
harsan=$1
suite=$2/test_parsing
[ -d "$suite" ] || suite=$2
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
. "$(dirname "$0")/tally.sh"
for file in "$suite"/[yni]_*.json; do
    [ -f "$file" ] || { echo "$2: no JSONTestSuite there" >&2; exit 2; }
    "$harsan" -q --no-default-rules < "$file" > "$out/out" 2> "$out/err"
    code=$?
    verdict=wrong
    [ $code -eq 0 ] && cmp -s "$file" "$out/out" && verdict=same
    { [ $code -eq 3 ] || [ $code -eq 5 ]; } && grep -q 'line [0-9].*column [0-9]' "$out/err" &&
        [ ! -s "$out/out" ] && verdict=refused
    case $(basename "$file")/$verdict in
    y_*/same | n_*/refused | i_*/same | i_*/refused) passed=$((passed + 1)) ;;
    *)
        failed=$((failed + 1))
        echo "$(basename "$file"): exit code $code, $verdict"
        ;;
    esac
done
tally
