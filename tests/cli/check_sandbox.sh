# A confined check does what one that is not does, whatever it reads and writes.
t=4f7b5e1c9a8d2e6f0b3c
make_tree() {
    rm -rf "$1" && mkdir -p "$1/deep/er" "$1/away" out
    printf '{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"%s"}]}}]}}\n' $t > "$1/a.har"
    printf '{"rules":["own.json"],"baseline":"base.json"}' > "$1/deep/.harsan.json"
    printf '{"rules":[]}' > "$1/deep/own.json"
    sed "s/sid/session_id/" "$1/a.har" > "$1/deep/b.har"
    (cd "$1/deep" && harsan check -q --write-baseline base.json --no-config b.har)
    sed "s/$t/9d8c7b6a5f4e3d2c1b0a/" "$1/deep/b.har" > "$1/deep/er/c.json"
    gzip -c "$1/a.har" > "$1/deep/er/d.har.gz"
    printf '{"log":{"entries":[]}}\n' > "$1/away/e.har"
    ln -s ../away/e.har "$1/deep/link.har"
}
# prints what a run came to: exit code, files, and what is in them
outcome() {
    make_tree tree
    printf '%s\n' tree/a.har tree/deep/er/d.har.gz > list
    harsan check --config "$@" < tree/a.har > printed 2>&1
    echo "exit $?"
    cat printed out/* new.json 2> /dev/null | sed 's/"key": "[0-9a-f]*"/"key"/; s/"fingerprint": "[0-9a-f]*"/"fingerprint"/
        s/[0-9a-f]\{32\}/(32 digits)/g; s/redacted-[a-z2-7]*/*/g'
    ls -A tree tree/deep tree/deep/er out
    grep -rlc $t tree
    rm -rf out new.json
}
both() {
    outcome "$@" > confined.txt
    outcome "$@" --no-sandbox > free.txt
    cmp confined.txt free.txt && head -n 1 confined.txt
}
printf '{}' > none.json
echo "# directories, lists, standard input"
both none.json tree
both none.json -j 4 tree tree/a.har
both none.json --files-from list
both none.json -
echo "# formats, baselines"
both none.json -q --format sarif=out/x.sarif --format json=out/x.json --format text -j 2 tree
both none.json --write-baseline new.json tree
both none.json --fix tree
both none.json --fix -j 3 --format junit=out/x.xml tree/deep tree/a.har
echo "# configurations found upwards"
make_tree tree
harsan check tree > a.txt 2> a.err
echo "exit $?"
harsan check --no-sandbox tree > b.txt 2> b.err
cmp a.txt b.txt && cmp a.err b.err
echo "# as confined as clean is"
rights() {
    grep -E '^(NoNewPrivs|Seccomp):' "$1" 2> /dev/null
}
# prints what a process is left with while it waits for its input, once that is not $1, or after a while
state() {
    was=$1
    shift
    rm -f pipe && mkfifo pipe
    harsan "$@" - < pipe > /dev/null 2>&1 &
    pid=$!
    exec 3> pipe
    for wait in 1 2 3 4 5 6 7 8 9 10; do
        now=$(rights /proc/$pid/status)
        [ "$now" != "$was" ] && break
        sleep 0.1
    done
    echo '{"log":{"entries":[]}}' >&3
    exec 3>&-
    wait $pid
    echo "$now"
}
free=$(rights /proc/self/status)
[ "$(state "$free" check)" = "$(state "$free" clean)" ] && echo same
[ "$(state none check --no-sandbox)" = "$free" ] && echo free
echo "# rules"
for word in list "show cookie-session" test; do
    # shellcheck disable=SC2086 # words
    harsan rules $word > a.txt 2>&1
    echo "exit $?"
    # shellcheck disable=SC2086
    harsan rules $word --no-sandbox > b.txt 2>&1
    cmp a.txt b.txt
done
