# Exit code 3, a position, none of the content, and no file but the input.
check() {
    printf "$1" > capture.har
    harsan clean -q capture.har 2> err
    echo "exit $?"
    grep -c '^harsan: capture.har: line [0-9]*, column [0-9]* (byte [0-9]*)' err
    grep 'private' err
    harsan -q < capture.har 2> /dev/null > err
    echo "exit $?"
    rm err
    ls -A
}
check ''
check '{"log":{"entries":[{"comment":"private words"},'
check '{"log":{"entries":[]}} private words'
check '{"log":{"comment":"private\nwords"}}'
