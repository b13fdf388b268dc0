# The table of `make bench` from its measurements, and the same as JSON; with bench_median.awk.
#
# A line of input: kind round tool milliseconds KiB processor-milliseconds bytes; for the tool
# "instructions" those of a large and of a small input, and the bytes between the two. Fails when
# harsan takes more than `memory` MiB.

$3 == "instructions" { per_byte[$1] = ($4 - $5) / $6; next }

{
    if (!($1 in bytes)) kind[++kinds] = $1
    bytes[$1] = $7
    if (!($3 in known)) { known[$3]; tool[++tools] = $3 }
    ms[$1, $3, $2] = $4 > 0 ? $4 : 0.01
    if ($5 > kib[$1, $3]) kib[$1, $3] = $5
}

# The median over the rounds of json_verify's time by the tool's; "" without json_verify.
function ratio_of(k, t,    r, quotient) {
    if (!((k, "json_verify", 1) in ms)) return ""
    for (r = 1; r <= rounds; r++) quotient[r] = ms[k, "json_verify", r] / ms[k, t, r]
    return sprintf("%.2f", median(quotient, rounds))
}

function speed_of(k, t,    r, time) {
    for (r = 1; r <= rounds; r++) time[r] = ms[k, t, r]
    return bytes[k] / 1000 / median(time, rounds)
}

END {
    printf "%-8s %-12s %8s %14s %10s %12s\n", "input", "tool", "MB/s", "x json_verify", "peak MiB", "instr/byte"
    printf "{\n  \"schema\": \"harsan-bench\", \"schema_version\": 2,\n" > json
    printf "  \"megabytes\": %d, \"rounds\": %d, \"results\": [", mb, rounds > json
    for (k = 1; k <= kinds; k++)
        for (t = 1; t <= tools; t++) {
            if (!((kind[k], tool[t], 1) in ms)) continue
            ratio = ratio_of(kind[k], tool[t])
            speed = speed_of(kind[k], tool[t])
            work = tool[t] == "harsan-j1" && kind[k] in per_byte ? sprintf("%.1f", per_byte[kind[k]]) : ""
            peak = kib[kind[k], tool[t]] / 1024
            too_much = tool[t] ~ /^(harsan|one-pass)/ && peak > memory
            bad += too_much
            printf "%-8s %-12s %8.0f %14s %10.1f %12s%s\n", kind[k], tool[t], speed, ratio, peak, work, \
                (too_much ? "  TOO MUCH MEMORY" : "")
            printf "%s\n    {\"input\": \"%s\", \"tool\": \"%s\", \"mb_per_s\": %.1f, ", \
                (lines++ ? "," : ""), kind[k], tool[t], speed > json
            printf "\"ratio_to_json_verify\": %s, \"peak_mib\": %.1f, \"instructions_per_byte\": %s}", \
                (ratio == "" ? "null" : ratio), peak, (work == "" ? "null" : work) > json
        }
    print "\n  ]\n}" > json
    exit bad > 0
}
