#!/bin/sh
# What har-validator says of a HAR, it says of what harsan makes of it: har_validator.sh HARSAN MODULES
#
# Every sample is cleaned, with entries and bodies left out as well, and judged before and after. The
# validator is no part of this repository; MODULES is a folder node_modules that holds it (npm install
# har-validator). Ends with `N passed, N failed`; without node or the validator nothing is done.
set -u
harsan=$1
modules=$2
samples=$(dirname "$0")/../samples
if ! command -v node > /dev/null 2>&1 || [ ! -d "$modules/har-validator" ]; then
    echo "har_validator: needs node and har-validator in VALIDATOR=node_modules: nothing checked"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
. "$(dirname "$0")/tally.sh"

verdict() { # FILE: "valid", or what is wrong and where, without values
    NODE_PATH=$modules node -e '
        const fs = require("fs");
        const { har } = require("har-validator");
        har(JSON.parse(fs.readFileSync(process.argv[1], "utf8").replace(/^\uFEFF/, "")))
            .then(() => console.log("valid"))
            .catch((e) => console.log((e.errors || [e]).map((x) => x.dataPath + " " + x.keyword).join("; ")));' "$1"
}

for har in "$samples"/*.har; do
    case $har in
    *.clean.har) continue ;;
    esac
    "$harsan" clean -q -f --no-report "$har" -o "$work/whole.har" 2> /dev/null || continue # broken on purpose
    "$harsan" clean -q -f --no-report --drop-bodies "$har" -o "$work/bare.har" || exit 1
    before=$(verdict "$har")
    for made in whole bare; do
        if [ "$(verdict "$work/$made.har")" = "$before" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAILED: $har, $made: not as before, which was: $before"
        fi
    done
done
tally
