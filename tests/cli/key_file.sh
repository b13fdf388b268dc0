# 32 bytes, 64 hexadecimal digits, or 16 bytes of text; no part of a key is shown.
printf '{"log":{"entries":[]}}' > a.har
printf '%032d' 7 > raw
printf '%064d\n' 7 > hex
printf 'a text of many words\r\n' > text
printf 'fifteen letters\n' > short
: > empty
head -c 32 /dev/zero > zeros # anyone could try out what a stand-in was
for key in raw hex text short empty zeros missing; do
    harsan -q --key-file "$key" < a.har
    echo " exit $?"
done
printf '%032d' 7 | harsan clean -q --key-file - a.har -o -
echo " exit $?"
