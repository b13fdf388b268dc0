#!/bin/sh
# `make install`, as somebody who packages or uses the library has it: install.sh BUILD-DIR. Ends with
# `N passed, N failed`.
#
# Into a folder of its own: the command runs from there; a program compiles, links against each of the
# two libraries and runs by what harsan.pc says; `make uninstall` leaves no file.
#   MAKE, CC, CFLAGS, LDFLAGS, LIBS   those of the build
set -u
LC_ALL=C
export LC_ALL
build=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
. "$(dirname "$0")/tally.sh"
to=$work/to

made() { # TARGET
    "${MAKE:-make}" -s "$1" B="$build" PREFIX="$to" DESTDIR= > "$work/log" 2>&1
}

pc() { # VARIABLE, as pkg-config reads it
    sed -n "s|^$1: *||p" "$to/lib/pkgconfig/harsan.pc" | sed "s|\${prefix}|$(sed -n 's/^prefix=//p' "$to/lib/pkgconfig/harsan.pc")|g"
}

program() { # LIBRARIES: compiled as POSIX C, linked, run
    # the words are flags
    "${CC:-cc}" -std=c11 ${CFLAGS-} $(pc Cflags) "$work/a.c" ${LDFLAGS-} $1 -o "$work/a" > "$work/log" 2>&1 &&
        LD_LIBRARY_PATH=$to/lib "$work/a" > "$work/told" 2>> "$work/log" &&
        "$to/bin/harsan" --version | grep -qF "$(cat "$work/told")"
}

cat > "$work/a.c" << 'END'
#include <harsan.h>
#include <stdio.h>

int main(void)
{
    harsan_rules *rules = NULL;
    harsan_error err = {0};
    if (harsan_rules_default(&rules, 0, &err) != HARSAN_OK) {
        return 1;
    }
    harsan_rules_free(rules);
    puts(HARSAN_VERSION);
    return 0;
}
END

made install
judge "make install" $? "$work/log"
"$to/bin/harsan" rules list > "$work/log" 2>&1
judge "the command runs" $? "$work/log"
[ "$(sed -n 's/^prefix=//p' "$to/lib/pkgconfig/harsan.pc")" = "$to" ]
judge "harsan.pc names the place" $?
private=$(for name in $(pc Requires.private); do echo "-l$name"; done | sed 's/-llib/-l/; s/-lzlib/-lz/')
program "$to/lib/libharsan.a ${LIBS:-$private -pthread}"
judge "a program with the archive" $? "$work/log"
program "$(pc Libs)"
judge "a program with the shared library" $? "$work/log"
ls "$to/share/harsan" | grep -q 'schema\.json$'
judge "schemas" $?
made uninstall && find "$to" ! -type d > "$work/log" && [ ! -s "$work/log" ]
judge "make uninstall leaves no file" $? "$work/log"
tally
