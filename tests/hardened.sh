#!/bin/sh
# What was built is hardened, by readelf and nm: hardened.sh BUILD-DIR. Ends with `N passed, N failed`.
#
# Whether the compiler was asked is the Makefile's matter; here is looked at what came of it. The
# user's CFLAGS are respected: FORTIFY needs optimisation. Sanitizers bring checks of their own in
# its place. Whether the command as a whole is marked for control-flow enforcement is for the C
# library to say, whose start code is part of it: each of our objects has to be.
set -u
LC_ALL=C
export LC_ALL
build=$1
command=$build/harsan
library=$(ls "$build"/libharsan.so.*)
. "$(dirname "$0")/tally.sh"

none() { # the standard input is empty
    ! grep -q .
}

if ! command -v readelf > /dev/null || ! readelf -h "$command" > /dev/null 2>&1; then
    echo "hardened: no readelf, or no ELF: nothing tested"
    tally
    exit 0
fi
if readelf -sW "$command" | grep -Eq ' __(asan|tsan|msan|gcov)_init'; then
    echo "hardened: a build of sanitizers or gcov: nothing tested"
    tally
    exit 0
fi

readelf -hW "$command" | grep -q 'Type: *DYN' && readelf -dW "$command" | grep -q 'FLAGS_1.* PIE'
judge "the command is position-independent" $?
for file in "$command" "$library"; do
    name=$(basename "$file")
    readelf -lW "$file" > "$build/segments"
    readelf -dW "$file" > "$build/dynamic"
    readelf --dyn-syms -W "$file" > "$build/symbols"
    grep -q GNU_RELRO "$build/segments"
    judge "$name: tables are read-only after the start (RELRO)" $?
    grep -Eq 'BIND_NOW|FLAGS_1.* NOW' "$build/dynamic"
    judge "$name: ... all of them (BIND_NOW)" $?
    grep 'GNU_STACK' "$build/segments" | grep -q ' RW  '
    judge "$name: the stack is not executable" $?
    grep -E '^ *LOAD.* (RWE|WE) ' "$build/segments" | none
    judge "$name: no memory is both writable and executable" $?
    grep -E 'TEXTREL|RPATH|RUNPATH' "$build/dynamic" | none
    judge "$name: code is not relocated, libraries are looked for where the system has them" $?
    grep -q ' __stack_chk_fail' "$build/symbols"
    judge "$name: stacks are guarded" $?
    case ${CFLAGS--O3} in
    *-O[123s]*)
        # where a size is not known the plain call stays
        grep -q ' __v*snprintf_chk' "$build/symbols" && grep -q ' __mem[a-z]*_chk' "$build/symbols"
        judge "$name: FORTIFY" $?
        ;;
    esac
done
# What the library shows is its interface.
readelf --dyn-syms -W "$library" | awk '$5 == "GLOBAL" && $7 != "UND" { print $8 }' |
    grep -v '^harsan_' | none
judge "the library shows nothing but harsan_*" $?

# It opens no file, makes no thread, reads no environment, says nothing: it has not the calls for it.
nm -u "$build/libharsan.a" 2> /dev/null | awk '$1 == "U" { print $2 }' | sort -u |
    grep -E '^(_*(open|openat|fopen|creat|read|write|pread|pwrite|socket|connect|send|recv|fork|vfork|exec[a-z]*|system|popen|getenv|secure_getenv|pthread_create|thrd_create|signal|sigaction|exit|f?puts|f?write|v?f?printf)(64|_chk)?|stdin|stdout|stderr|environ)$' | none
judge "the library leaves files, threads, the environment and the terminal alone" $?

# On x86-64 jumps have to land where jumps may (IBT), and returns where calls were (SHSTK); on
# AArch64 BTI and PAC.
case $(readelf -hW "$command" | sed -n 's/.*Machine: *//p') in
*X86-64*) marks='IBT, SHSTK' ;;
AArch64) marks='BTI, PAC' ;;
*) marks= ;;
esac
if [ -n "$marks" ]; then
    bare=0
    for object in "$build"/*.o; do
        readelf -nW "$object" | grep -q "$marks" || { bare=1; echo "$object: not marked $marks"; }
    done
    judge "every object: $marks" $bare
fi
rm -f "$build/segments" "$build/dynamic" "$build/symbols"
tally
