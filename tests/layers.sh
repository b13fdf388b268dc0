#!/bin/sh
# The layers, by what each file includes: layers.sh
#
# The command stands on include/harsan.h alone and the library knows nothing of the command. In the
# library a family includes itself, its own line below, and lines above. A header that says it is
# private to a family is included there only.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0
failed=0

# Families of the library, from the bottom up. harsan.h counts as the bottom, harsan.c as the top.
order='
base vec slashes
json peel scan valid
rule learn seen asked standin
memo place
stops
inspect spot cut guard field settle verdict
desk segment emit result
batch repeat
flight
stream
view salvage selftest verify api
'

# The includes of files in src/, a line each: FILE HEADER
includes() {
    grep -H '^#include "' "$@" | sed 's|^src/||; s|:#include "| |; s|".*||'
}

# NAME: what stands on the standard input breaks the rule of that name.
verdict() {
    bad=$(cat)
    if [ -z "$bad" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$1" "$bad"
    fi
}

all=$(includes src/*.[ch])
verdict "the command includes its own headers and harsan.h" <<EOF
$(echo "$all" | grep '^cli' | grep -v ' cli[a-z_]*\.h$' | grep -v ' harsan\.h$')
EOF
verdict "the library includes no header of the command" <<EOF
$(echo "$all" | grep -v '^cli' | grep ' cli[a-z_]*\.h$')
EOF
verdict "families include nothing above them" <<EOF
$({
    echo "$order"
    echo "$all" | grep -v '^cli'
} | awk '
    $1 !~ /\./ { line++; for (i = 1; i <= NF; i++) rank[$i] = line; next }
    {
        from = $1; to = $2
        sub(/^harsan\.c/, "api", from); sub(/^harsan\.h/, "base", to)
        sub(/[_.].*/, "", from); sub(/[_.].*/, "", to)
        if (!(from in rank) || !(to in rank) || rank[to] > rank[from]) print
    }')
EOF
verdict "the environment says where temporary files go and what a terminal can, and nothing else" <<EOF
$(grep -H 'getenv' src/*.[ch] | grep -v -e 'getenv("TMPDIR")' -e 'getenv("TERM")' -e 'getenv("NO_COLOR")')
EOF
for header in src/*.h; do
    grep -q '^ \* Private to' "$header" || continue
    name=$(basename "$header")
    case $name in
    cli_*) family=$(echo "$name" | sed 's/^\(cli_[a-z]*\).*/\1/') ;;
    *) family=${name%%[_.]*} ;;
    esac
    verdict "$name is private to $family" <<EOF
$(echo "$all" | grep " $name\$" | grep -v "^${family}[_.]")
EOF
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
