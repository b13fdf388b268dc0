# Rows of `make bench-hostile`, judged, and the same as JSON where `json` names a file.
#
# A line of input: name, how it was fed, bound; instructions and bytes of three sizes, each four times
# the one before; peak in KiB; for "chunks" (one byte at a time) the instructions in large chunks; for
# "large" milliseconds of processor, of the last size and of one four times that.
#
# What a byte costs is taken from the difference of two sizes, so that start-up does not count; for
# chunks it is what splitting adds. Fails when a byte costs more than its bound, or at four times the
# size a quarter more (and eight instructions: buffers that fill up for the first time are as much), or
# memory is more than promised. What is large becomes larger than the window between two sizes, and is
# read in segments from there on: it may cost two and a half times as much, but four times of it must
# not take eight times as long.

BEGIN {
    FS = "\t"
    if (json == "") json = "/dev/null"
    printf "{\n  \"schema\": \"harsan-bench-hostile\", \"schema_version\": 1,\n  \"rows\": [" > json
}

{
    few = ($6 - $4) / ($7 - $5)
    many = ($8 - $6) / ($9 - $7)
    if ($2 == "chunks") {
        few -= ($12 - $11) / ($7 - $5)
        many -= ($13 - $12) / ($9 - $7)
    }
    growth = many / few
    peak = $10 / 1024
    slower = $2 == "large" && $12 > 8 * $11
    wrong = ((growth > ($2 == "large" ? 2.5 : 1.25) && many - few > 8) || slower ? "  NOT LINEAR" : "") (few > $3 || many > $3 ? "  TOO MUCH WORK" : "") \
        (peak > memory ? "  TOO MUCH MEMORY" : "")
    bad += wrong != ""
    printf "%-26s %-7s %12.1f %12.1f %8.2f %8d %8.1f%s\n", $1, $2, few, many, growth, $3, peak, wrong
    printf "%s\n    {\"text\": \"%s\", \"fed\": \"%s\", \"instructions_per_byte\": %.1f, " \
        "\"at_four_times\": %.1f, \"bound\": %d, \"peak_mib\": %.1f}", (NR > 1 ? "," : ""), $1, $2, few, \
        many, $3, peak > json
}

END {
    print "\n  ]\n}" > json
    exit (bad > 0)
}
