#!/bin/sh
# The files of the library that see a size of base_scale.h, by whatever header: small.sh SRC. All of
# them are built small for the fuzz targets, or they would not agree on what they share.
set -u
cd "$1" || exit 1
seen=base_scale.h
while :; do
    pattern=$(echo "$seen" | tr '\n' '|')
    more=$({
        echo "$seen"
        grep -lE "^#include \"(${pattern%|})\"" ./*.h | sed 's|^\./||'
    } | sort -u)
    [ "$more" != "$seen" ] || break
    seen=$more
done
grep -lE "^#include \"(${pattern%|})\"" ./*.c | sed 's|^\./\(.*\)\.c$|\1|'
