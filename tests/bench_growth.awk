# The table of `make bench-growth` from its measurements, and the same as JSON; with bench_median.awk.
#
# A line of input: kind megabytes round jobs milliseconds KiB processor-milliseconds bytes.
#
# What a byte costs is the time for a size less that for 1 MB of the same round, by the bytes that it
# has more: start-up, and what it takes to fill the buffers for the first time, are in both. The time
# is that of the processor with one job, which stands still while another process has it; the clock's
# is shown. The median over the rounds of each size from 10 MB to 2 GB is to be within a tenth of the
# median over the sizes.

{
    size = $1 " " $2
    if (!(size in bytes)) order[++sizes] = size
    bytes[size] = $8
    at = size SUBSEP $4 SUBSEP $3
    runs[at]++
    wall[at] += $5
    cpu[at] += $7
    if ($3 > last[size]) last[size] = $3
    if ($6 > kib[size, $4]) kib[size, $4] = $6
    if ($6 > kib_most) kib_most = $6
}

# Nanoseconds a byte of one size beyond the first megabyte, median over its rounds.
function per_byte(time, size, jobs,    r, list, first) {
    for (r = 1; r <= last[size]; r++) {
        first = "web 1" SUBSEP jobs SUBSEP r
        list[r] = time[size, jobs, r] / runs[size, jobs, r] - time[first] / runs[first]
        list[r] *= 1e6 / (bytes[size] - bytes["web 1"])
    }
    return median(list, last[size])
}

function seconds(size, jobs,    r, list) {
    for (r = 1; r <= last[size]; r++) list[r] = wall[size, jobs, r] / runs[size, jobs, r]
    return median(list, last[size]) / 1000
}

function put_row(s, jobs,    size, name, ns) {
    size = order[s]
    split(size, name, " ")
    ns = bytes[size] > bytes["web 1"] ? per_byte(cpu, size, jobs) : 0
    if (name[1] == "web" && name[2] >= 10 && name[2] <= 2000 && jobs == 1) {
        judged[++n_judged] = ns
        sorted[n_judged] = ns
    }
    printf "%-6s %8d %6d %10.3f %12s %12s %8.1f\n", name[1], name[2], jobs, seconds(size, jobs), \
        (ns ? sprintf("%.3f", per_byte(wall, size, jobs)) : ""), (ns ? sprintf("%.3f", ns) : ""), \
        kib[size, jobs] / 1024
    printf "%s\n    {\"input\": \"%s\", \"megabytes\": %d, \"jobs\": %d, \"seconds\": %.3f, " \
        "\"cpu_ns_per_byte\": %s, \"peak_mib\": %.1f}", (lines++ ? "," : ""), name[1], name[2], jobs, \
        seconds(size, jobs), (ns ? sprintf("%.3f", ns) : "null"), kib[size, jobs] / 1024 > json
}

END {
    printf "%-6s %8s %6s %10s %12s %12s %8s\n", "input", "MB", "jobs", "seconds", "ns/byte", "of processor", "MiB"
    printf "{\n  \"schema\": \"harsan-bench-growth\", \"schema_version\": 2,\n  \"rows\": [" > json
    for (jobs = 1; jobs <= 2; jobs++)
        for (s = 1; s <= sizes; s++) put_row(s, jobs)
    print "\n  ]\n}" > json

    line = median(sorted, n_judged)
    for (s = 1; s <= n_judged; s++) {
        off = (judged[s] > line ? judged[s] - line : line - judged[s]) / line
        if (off > most) most = off
    }
    if (n_judged > 1)
        printf "a byte costs %.3f ns of processor with one job; the size that is furthest off: %.1f%% (10%% allowed): %s\n", \
            line, 100 * most, (most > 0.1 ? "NOT LINEAR" : "linear")
    printf "peak memory %.1f MiB (%d allowed): %s\n", kib_most / 1024, memory, \
        (kib_most / 1024 > memory ? "TOO MUCH" : "flat")
    print "also in " json
    exit (most > 0.1 || kib_most / 1024 > memory)
}
