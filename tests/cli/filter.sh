# Bytes in, bytes out, with and without the name of the command; nothing else is made.
printf '\357\273\277{ "log" : {"version":"1.2", "entries":[ ] , "n":1.0e-3 } }\r\n' > in.har
harsan -q < in.har | cmp in.har -
harsan clean -q < in.har | cmp in.har -
harsan -q - < in.har | cmp in.har -
cat in.har | harsan -q | cmp in.har -
cat in.har | harsan -q --one-pass | cmp in.har -
gzip -c in.har | harsan -q | cmp in.har -
harsan -q --gzip < in.har | gzip -dc | cmp in.har -
harsan clean -q in.har -o - | cmp in.har -
# from where the shell has left off
printf 'first line\n{"log":{"entries":[]}}' > two
{ read -r line; harsan -q; } < two
echo
ls -A
