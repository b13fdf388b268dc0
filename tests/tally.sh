# What runners in shell share: they count what passed and what failed. To be sourced.
passed=0
failed=0

judge() { # NAME STATUS [FILE]: the beginning of the file says why
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        [ $# -lt 3 ] || sed 's/^/    /; 20q' "$3"
    fi
}

tally() { # the last of a runner
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}
