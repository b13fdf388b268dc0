#!/bin/sh
# Runs what README.md shows: readme.sh [README]. Ends with `N passed, N failed`.
#
# A fenced block is meant for this runner by an HTML comment on the line before it:
#   <!-- test -->           sh: run in the scratch directory; must exit with 0
#   <!-- output -->         text: what the block before it printed; stand-ins may differ
#   <!-- file: NAME -->     any: written to NAME in the scratch directory; NAME.c is compiled against
#                           the library and linked as NAME
#   <!-- no test: WHY -->   sh: not run, because it installs something or needs a network
# A ```sh block without a mark is a failure. Blocks run in order in one scratch directory, with
# harsan on the PATH and a recorded session as capture.har. Of `make demo` all but the build is run.
#   HARSAN=path   the command, default build/harsan; libharsan.a is taken from beside it
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
readme=$(cd "$(dirname "${1:-$root/README.md}")" && pwd)/$(basename "${1:-README.md}")
harsan=${HARSAN:-$root/build/harsan}
build=$(cd "$(dirname "$harsan")" && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/bin" "$work/blocks" "$work/dir" || exit 2
ln -s "$build/$(basename "$harsan")" "$work/bin/harsan" || exit 2
cp "$root/samples/shop-chromium.har" "$work/dir/capture.har" && cp -R "$root/samples" "$work/dir/samples" || exit 2
PATH=$work/bin:$PATH
LC_ALL=C
export PATH LC_ALL
. "$(dirname "$0")/tally.sh"

# One file per block, NUMBER.KIND[.NAME], KIND being test, output, file, skip or bare.
awk -v dir="$work/blocks" '
    inside && /^```/  { inside = 0; close(out); mark = ""; next }
    inside            { print > out; next }
    /^<!-- test -->$/      { mark = "test"; next }
    /^<!-- output -->$/    { mark = "output"; next }
    /^<!-- no test: .+-->$/ { mark = "skip"; next }
    /^<!-- file: [^ \/]+ -->$/ { mark = "file." $3; next }
    /^```/ {
        inside = 1
        if (mark == "") mark = /^```sh$/ ? "bare." NR : "other"
        out = sprintf("%s/%03d.%s", dir, ++n, mark)
        printf "" > out
        next
    }
    { mark = "" }' "$readme"

# Stand-ins depend on the key.
without_standins() {
    sed 's/redacted-[a-z2-7]\{13\}/redacted-*/g; s/[a-z2-7]\{13\}@redacted/*@redacted/g' "$1"
}

compile() { # SOURCE
    # shellcheck disable=SC2086 # flags are lists
    "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} -I "$root/include" "$1" \
        "$build/libharsan.a" ${LDFLAGS:-} ${LIBS:--lyajl -lpcre2-8 -lz -lsodium} -o "${1%.c}" \
        > "$work/log" 2>&1
}

cd "$work/dir" || exit 2
for block in "$work"/blocks/*; do
    [ -f "$block" ] || continue
    kind=$(basename "$block" | cut -d . -f 2)
    name=$(basename "$block" | cut -d . -f 3-)
    first=$(sed -n 1p "$block")
    case $kind in
    test)
        sh -eu "$block" > "$work/out" 2> "$work/err" < /dev/null
        status=$?
        cat "$work/out" "$work/err" > "$work/log"
        judge "the block that begins with: $first" $status "$work/log"
        ;;
    output)
        without_standins "$block" > "$work/want"
        without_standins "$work/out" > "$work/got"
        diff -u "$work/want" "$work/got" > "$work/log"
        judge "the output that begins with: $first" $? "$work/log"
        ;;
    file)
        cp "$block" "$name"
        case $name in
        *.c)
            compile "$name"
            judge "$name" $? "$work/log"
            ;;
        esac
        ;;
    bare)
        : > "$work/log"
        judge "line $name: a block that is neither marked to be run nor exempt" 1 "$work/log"
        ;;
    esac
done
(cd "$root" && sh samples/demo.sh "$build/$(basename "$harsan")") > "$work/log" 2>&1
judge "what make demo shows" $? "$work/log"
tally && [ "$passed" -gt 0 ]
