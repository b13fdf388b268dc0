# Members one after another are one text; equal input gives equal output; .gz asks for gzip.
printf '{"log":' > a
printf '{"entries":[]}}' > b
cat a b > whole
{ gzip -nc a; gzip -nc b; } > two.gz
harsan -q < two.gz | cmp whole -
harsan clean -q whole -o one.gz && gzip -dc one.gz | cmp whole -
harsan clean -q whole --gzip -o two && cmp one.gz two
# cut short, damaged, followed by something else
head -c 20 two.gz | harsan -q
echo "exit $?"
gzip -nc whole | tr '\000' '\377' | harsan -q
echo "exit $?"
{ gzip -nc whole; echo more; } > more.gz
harsan clean -q more.gz
echo "exit $?"
ls -A
