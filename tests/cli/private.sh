# What lies in memory is nobody else's: no core file, no look into it for others of the same user, and no
# way to give a key that would show in a list of processes.
export TMPDIR=/tmp
chmod 755 . .. 2> /dev/null
# root may look everywhere: then as somebody else
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=65534 --regid=65534 --clear-groups"
else
    as="env"
fi
# shellcheck disable=SC2086 # words
if [ "$(uname)" != Linux ] || [ ! -r /proc/$$/limits ] || ! $as harsan help > /dev/null 2>&1; then
    printf 'no core\nnot told\n# keys\nexit 2\nexit 2\nexit 0\n'
    echo "harsan: --key: no such option; see 'harsan help clean'" >&2
    echo "harsan: --key=0123456789abcdef0123456789abcdef: no such option; see 'harsan help clean'" >&2
    exit 0
fi
mkfifo pipe
chmod 666 pipe
ulimit -c 1024 2> /dev/null
# shellcheck disable=SC2086
$as harsan -q < pipe > /dev/null 2>&1 &
pid=$!
exec 3> pipe
printf '{"log":' >&3
# until it is set up
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q 'Max core file size *0 *0 ' /proc/$pid/limits && break
    sleep 0.1
done
grep -q 'Max core file size *0 *0 ' /proc/$pid/limits && echo "no core"
# shellcheck disable=SC2086
$as cat /proc/$pid/environ /proc/$pid/auxv > told 2> /dev/null || echo "not told"
[ -s told ] && echo "told all the same"
exec 3>&-
wait $pid
echo "# keys"
harsan --key 0123456789abcdef0123456789abcdef < /dev/null
echo "exit $?"
harsan --key=0123456789abcdef0123456789abcdef < /dev/null
echo "exit $?"
# whatever the environment holds, the key is another each time
printf '{"password":"hunter2hunter2"}' > a.json
export KEY=0123456789abcdef0123456789abcdef HARSAN_KEY=0123456789abcdef0123456789abcdef
export HARSAN_KEY_FILE=a.json
harsan -q < a.json > one.json
harsan -q < a.json > two.json
! cmp -s one.json two.json
echo "exit $?"
