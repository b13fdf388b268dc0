# The file is replaced by a whole new one: mode, links and compression stay as they were.
printf '{"log":{"entries":[]}}' > whole
cp whole a.har
chmod 600 a.har
ln -s a.har b.har
gzip -nc whole > zipped.har
cp whole plain.gz
harsan clean -q --in-place --no-report b.har zipped.har plain.gz
echo "exit $?"
cmp whole a.har
gzip -dc < zipped.har | cmp whole -
cmp whole plain.gz
ls -l a.har b.har | cut -c 1-10
printf '{"log":{"entries":[}' > broken.har
cp broken.har before
harsan clean -q --in-place --no-report broken.har 2> /dev/null
echo "exit $?"
cmp before broken.har
ls -A
