#!/bin/sh
# Seeds from the samples, of those that bring coverage the least: each entry of each clean sample,
# without its bodies, as a HAR of its own behind the bytes that steer a target.
#
#   fuzz/seeds.sh HARSAN FUZZER TARGET FOLDER    adds to FOLDER what TARGET's FUZZER takes from them
#
# Nothing but stand-ins is left in them where secrets were; fuzz/corpus/TARGET is taken as well. The
# few dozen that reach most, of these and of what fuzzing found, stand there as seed-*.
set -eu
[ $# -eq 4 ] || { echo "usage: fuzz/seeds.sh HARSAN FUZZER TARGET FOLDER" >&2; exit 2; }
harsan=$1 fuzzer=$2 target=$3 folder=$4
longest=4000

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir -p "$folder" "$work/seeds"

case $target in
clean | check) steer='\000\000\000\000\000\000\000' ;;
report) steer='\000\000' ;;
json | view | salvage) steer='\000\000\000\000' ;;
*) steer='' ;; # what these read is no HAR
esac
if [ -n "$steer" ]; then
    for sample in samples/*.clean.har; do
        entry=0
        while "$harsan" -q --entries $entry --drop-bodies < "$sample" > "$work/one" 2> /dev/null &&
            grep -q '"request"' "$work/one"; do
            if [ "$(wc -c < "$work/one")" -lt $longest ]; then
                # shellcheck disable=SC2059
                { printf "$steer"; cat "$work/one"; } > "$work/seeds/${sample##*/}.$entry"
            fi
            entry=$((entry + 1))
        done
    done
fi
"$fuzzer" -merge=1 "$folder" "fuzz/corpus/$target" "$work/seeds" > "$work/log" 2>&1 ||
    { tail "$work/log" >&2; exit 1; }
all=$(find "$work/seeds" "fuzz/corpus/$target" -type f | wc -l)
echo "$target: $(find "$folder" -type f | wc -l) inputs of $all"
