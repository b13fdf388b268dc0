#!/bin/sh
# The jobs and hooks that README.md shows, and .pre-commit-hooks.yaml: ci.sh [README]. Ends with
# `N passed, N failed`.
#
# Takes the blocks marked <!-- file: NAME --> out of the README; of each the line that runs `harsan
# check` is run in a git repository, with a clean HAR and with one that is not, and those that fetch
# harsan fetch it from here, where this is a repository. YAML is parsed where python3 has a parser.
#   HARSAN=path   the command, default build/harsan
set -u
LC_ALL=C
export LC_ALL
root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
readme=${1:-$root/README.md}
harsan=${HARSAN:-$root/build/harsan}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/bin" "$work/repo" "$work/files" || exit 2
ln -s "$(cd "$(dirname "$harsan")" && pwd)/$(basename "$harsan")" "$work/bin/harsan" || exit 2
export PATH="$work/bin:$PATH" HOME="$work" GIT_CONFIG_NOSYSTEM=1
. "$(dirname "$0")/tally.sh"

awk -v dir="$work/files" '
    inside && /^```/ { inside = 0; close(out); next }
    inside { print > out; next }
    /^<!-- file: [^ \/]+ -->$/ { name = $3; next }
    /^```/ { if (name != "") { out = dir "/" name; printf "" > out; inside = 1 } name = "" }' "$readme"
cp "$root/.pre-commit-hooks.yaml" "$work/files/hooks.yml"

# Commands, one a line.
commands() { # FILE
    case $1 in
    *hooks.yml) sed -n 's/^  entry: \(harsan .*\)/\1 a.har/p' "$1" ;;
    *.yml) sed -n 's/^ *\(- \)*\(run: \)*\(git ls-files.*harsan .*\)/\3/p' "$1" ;;
    *.mk) sed -n 's/^	\(.*harsan .*\)/\1/p' "$1" ;;
    *) sed -n '/harsan /p' "$1" ;;
    esac
}

make_repo() { # VALUE
    rm -rf "$work/repo" && mkdir "$work/repo" && cd "$work/repo" || exit 2
    git init -q . 2> /dev/null
    printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}\n' "$1" > a.har
    echo 'int main(void) { return 0; }' > main.c
    git add .
}

run_line() { # WANTED-STATUS VALUE COMMAND
    make_repo "$2"
    sh -c "$3" > "$work/log" 2>&1
    got=$?
    echo "exit code $got, not $1: $3" >> "$work/log"
    [ $got = "$1" ]
}

check_yaml() { # FILE
    if python3 -c 'import yaml' 2> /dev/null; then
        python3 -c 'import sys, yaml; assert yaml.safe_load(open(sys.argv[1]))' "$1" > "$work/log" 2>&1
    else
        grep -n '	' "$1" > "$work/log" && return 1
        grep -q '^[a-z-].*:' "$1"
    fi
}

fetch_sources() { # FILE
    git config --global safe.directory '*' # of this run alone: HOME is not the user's
    rm -rf "$work/src"
    sed -n "s|^ *\(- \)*\(git .*/tmp/harsan.*\)|\2|p" "$1" | sed "s|/tmp/harsan|$work/src|g" > "$work/fetch"
    [ -s "$work/fetch" ] && HARSAN=$root HARSAN_REVISION=HEAD sh -e "$work/fetch" > "$work/log" 2>&1 &&
        [ -f "$work/src/Makefile" ]
}

if ! command -v git > /dev/null; then
    echo "ci: needs git: nothing tested"
    tally
    exit 0
fi
for file in "$work"/files/*.yml; do
    check_yaml "$file"
    judge "$(basename "$file") is YAML" $? "$work/log"
done
for name in github.yml gitlab.yml; do
    [ -e "$root/.git" ] && [ -f "$work/files/$name" ] || continue
    fetch_sources "$work/files/$name"
    judge "$name fetches harsan" $? "$work/log"
done
for name in hooks.yml github.yml gitlab.yml check-hars.mk pre-commit; do
    [ -f "$work/files/$name" ] || continue
    commands "$work/files/$name" > "$work/commands"
    [ -s "$work/commands" ] || judge "$name runs harsan" 1
    while IFS= read -r line; do
        run_line 0 '' "$line" < /dev/null
        judge "$name, clean" $? "$work/log"
        run_line 1 4f7b5e1c9a8d2e6f0b3c "$line" < /dev/null
        judge "$name, not clean" $? "$work/log"
    done < "$work/commands"
done
tally
