# Killed in the middle: the temporary files go, the results do not come.
mkfifo pipe
printf '%s\n' 'echo $$ > pid; exec harsan clean -q - -o out.har --report r.json < pipe' > start
for signal in HUP INT TERM; do
    # what whoever started this ignores, as in the background, the command ignores too
    deliver=$signal
    sh -c "kill -$signal \$\$" 2> /dev/null && deliver=TERM
    (
        exec 3> pipe
        printf '{"log":' >&3
        tries=0
        while [ "$(ls -A | grep -c '^\.harsan-')" -lt 2 ] && [ $tries -lt 50 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        ls -l .harsan-* | cut -c 1-10
        kill -$deliver "$(cat pid)"
    ) &
    { sh start; } 2> /dev/null
    [ $? -gt 128 ] && echo "died of $signal"
    wait
    ls -A
done
