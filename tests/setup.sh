#!/bin/sh
# Installs what building and testing need, when it is missing: setup.sh [TOOL...]. A tool is a command
# that only some checks need, in a package of that name: it is installed where that can be done.
set -eu

missing() {
    command -v "${CC:-cc}" >/dev/null 2>&1 || return 0
    printf '%s\n' '#include <yajl/yajl_parse.h>' '#define PCRE2_CODE_UNIT_WIDTH 8' \
        '#include <pcre2.h>' '#include <zlib.h>' '#include <sodium.h>' '#include <stdarg.h>' \
        '#include <stddef.h>' '#include <stdint.h>' '#include <setjmp.h>' '#include <cmocka.h>' \
        'int main(void) { return 0; }' |
        "${CC:-cc}" -xc - -o /dev/null -lyajl -lpcre2-8 -lz -lsodium -lcmocka 2>/dev/null &&
        return 1
    return 0
}

install() { # PACKAGE...
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

apt=$(command -v apt-get) || apt=
if missing; then
    [ -z "$apt" ] || install gcc libc6-dev libyajl-dev libpcre2-dev zlib1g-dev libsodium-dev libcmocka-dev
    if missing; then
        cat >&2 <<'END'
harsan needs a C compiler and the development files of yajl, pcre2, zlib, libsodium and cmocka:
    Debian, Ubuntu   apt-get install gcc libyajl-dev libpcre2-dev zlib1g-dev libsodium-dev libcmocka-dev
    macOS            brew install yajl pcre2 zlib libsodium cmocka
    Fedora           dnf install gcc yajl-devel pcre2-devel zlib-devel libsodium-devel libcmocka-devel
    Alpine           apk add gcc musl-dev yajl-dev pcre2-dev zlib-dev libsodium-dev cmocka-dev
END
        exit 1
    fi
fi
for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || [ -z "$apt" ] || install "$tool" || true
done
